namespace Signpost.Dashboard.Server;

/// <summary>The state of the server.</summary>
public partial class ServerPage
{
    /// <summary>Everything that the page shows.</summary>
    /// <param name="Reasons">The reasons why it cannot serve, in English; empty: it can.</param>
    /// <param name="Warnings">Problems that do not keep it from serving, in English.</param>
    /// <param name="Numbers">Each with the key of its name; a bad one needs attention.</param>
    /// <param name="Versions">Each with the key of its name.</param>
    /// <param name="LastBackup">Null: none is known.</param>
    /// <param name="Mails">The newest mails that failed.</param>
    /// <param name="MailsWaiting">The number of all mails that wait or failed.</param>
    public sealed record Content(
        IReadOnlyList<string> Reasons,
        IReadOnlyList<string> Warnings,
        IReadOnlyList<(string Name, string Value, bool IsBad)> Numbers,
        IReadOnlyList<(string Name, string Value)> Versions,
        DateTimeOffset? LastBackup,
        IReadOnlyList<MailLine> Mails,
        long MailsWaiting
    );

    /// <summary>A mail that failed.</summary>
    /// <param name="Failure">The reason, in English.</param>
    public sealed record MailLine(string Recipient, string Subject, string Failure, int Tries, DateTimeOffset At);

    /// <summary>A page of a list.</summary>
    /// <param name="First">The number of its first row, from 1.</param>
    /// <param name="Path">The address of the list.</param>
    /// <param name="Page">The number of the page, from 1.</param>
    /// <param name="HasNext">There is a page after it.</param>
    public sealed record Rows<T>(IReadOnlyList<T> Lines, long First, long Total, string Path, int Page, bool HasNext)
    {
        public string? Previous => Page > 1 ? ServerTabs.Below(Path, Page - 1) : null;

        public string? Next => HasNext ? ServerTabs.Below(Path, Page + 1) : null;

        /// <summary>The address of an action below the list, which leads back to this page of it.</summary>
        public string Here(string action) => ServerTabs.Below(Path, Page, action);
    }

    /// <summary>A person.</summary>
    /// <param name="Seen">The last request; null: there was none.</param>
    /// <param name="IsSelf">It is the person who looks.</param>
    public sealed record PersonLine(
        long Id,
        string Name,
        string Email,
        bool IsAdmin,
        bool IsDisabled,
        bool HasSecondFactor,
        long Links,
        DateTimeOffset? Seen,
        DateTimeOffset Since,
        bool IsSelf
    );

    /// <summary>A domain of an account.</summary>
    public sealed record DomainLine(string Host, string Owner, bool IsVerified, bool IsEnabled, long Links);

    /// <summary>A setting.</summary>
    /// <param name="Value">Null: it has none.</param>
    /// <param name="Source">A text of <c>server.source.…</c>; null: the value is the usual one.</param>
    public sealed record SettingLine(string Name, string? Value, string? Source);
}
