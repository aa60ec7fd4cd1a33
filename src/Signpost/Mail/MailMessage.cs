using System.Globalization;
using MimeKit;
using Signpost.Storage;

namespace Signpost.Mail;

/// <summary>Writes a mail as mail servers read it. MimeKit encodes all values, so none can become a header or a line of its own.</summary>
internal static class MailMessage
{
    private const string Sender = "Signpost";

    /// <param name="from">The e-mail address of the sender.</param>
    /// <exception cref="ParseException">The recipient is not one e-mail address.</exception>
    public static MimeMessage Of(QueuedMail mail, string from)
    {
        var sender = MailboxAddress.Parse(from);
        sender.Name = Sender;
        var message = new MimeMessage
        {
            Subject = mail.Subject,
            Date = DateTimeOffset.FromUnixTimeMilliseconds(mail.MadeAt),
            // The same in each try, so that a mail that arrives twice is known as one.
            MessageId = string.Create(CultureInfo.InvariantCulture, $"{mail.MadeAt}.{mail.Id}@{sender.Domain}"),
            Body = new TextPart("plain") { Text = mail.Text },
        };
        message.From.Add(sender);
        message.To.Add(MailboxAddress.Parse(mail.Recipient));
        // Other programs do not reply to it by themselves.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
