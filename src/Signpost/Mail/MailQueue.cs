using System.Globalization;
using System.Threading.Channels;
using Signpost.Addressing;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Web.Languages;

namespace Signpost.Mail;

/// <summary>A mail to write.</summary>
/// <param name="Kind">The name of its texts: <c>mail.{Kind}.subject</c> and <c>mail.{Kind}.text</c>.</param>
/// <param name="PersonId">The person whose mail it is; null: it belongs to nobody who has an account.</param>
/// <param name="Language">The language of the recipient, as in <c>pt</c>.</param>
/// <param name="Life">After this time the mail is of no use, and is not sent any more.</param>
internal sealed record MailDraft(string Kind, string To, long? PersonId, string Language, TimeSpan Life)
{
    /// <summary>The values of placeholders. Each is cut to 64 characters on one line, because people choose them.</summary>
    public IReadOnlyList<(string Placeholder, string Value)> Names { get; init; } = [];

    /// <summary>The address that the recipient opens; null: there is none.</summary>
    public string? Url { get; init; }
}

/// <summary>Mails that wait in the database. Each is added in the transaction of the change that it tells.</summary>
internal sealed class MailQueue(
    SignpostSettings settings,
    PublicAddress address,
    OwnLanguages languages,
    Database database,
    TimeProvider clock
)
{
    /// <summary>The reason why mail is off although a mail server is set, for admins.</summary>
    public const string NoAddress = "Mail is off, because no public address is set. Set SIGNPOST_PUBLIC_URL.";

    private const int LongestName = 64;
    private const int LongestSubject = 200;

    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Whether mails are sent: a mail server is set, and the public address is known, with which addresses in mails begin.</summary>
    public bool IsOn => settings.MailServer is not null && address.IsSet;

    /// <summary>Whether a mail server is set, but no public address.</summary>
    public bool LacksAddress => settings.MailServer is not null && !address.IsSet;

    /// <summary>Adds a mail to the caller's transaction, which saves it. It is sent a moment after the commit.</summary>
    public void Add(SignpostDb db, MailDraft draft)
    {
        var texts = languages.In(draft.Language);
        (string, string)[] values =
        [
            .. draft.Names.Select(name => (name.Placeholder, OneLine(name.Value, LongestName))),
            ("host", new Uri(address.Url).Authority),
        ];
        string?[] parts =
        [
            texts.All.Fill($"mail.{draft.Kind}.text", values),
            draft.Url,
            texts.All.Fill("mail.end", values),
        ];
        var now = clock.GetUtcNow();
        db.Mails.Add(
            new()
            {
                PersonId = draft.PersonId,
                Recipient = draft.To,
                Subject = OneLine(texts.All.Fill($"mail.{draft.Kind}.subject", values), LongestSubject),
                Text = string.Join("\n\n", parts.OfType<string>()) + "\n",
                MadeAt = now.ToUnixTimeMilliseconds(),
                ExpiresAt = (now + draft.Life).ToUnixTimeMilliseconds(),
                NextTryAt = now.ToUnixTimeMilliseconds(),
            }
        );
        database.AfterCommit(Wake);
    }

    /// <summary>Ends a wait: the sender looks at the mails at once.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Waits until a mail is added, or until this time has passed.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(_wake.Reader.WaitToReadAsync(end.Token).AsTask(), Task.Delay(longest, clock, end.Token));
        await end.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        _wake.Reader.TryRead(out _);
    }

    /// <summary>A text on one line, cut to a number of characters.</summary>
    internal static string OneLine(string text, int longest)
    {
        var line = string.Concat(text.Select(sign => IsInLine(sign) ? sign : ' ')).Trim();
        if (line.Length <= longest)
            return line;
        // Not between the two halves of a character.
        var end = char.IsHighSurrogate(line[longest - 2]) ? longest - 2 : longest - 1;
        return line[..end] + "…";
    }

    private static bool IsInLine(char sign) =>
        !char.IsControl(sign)
        && char.GetUnicodeCategory(sign)
            is not (UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format);
}
