using System.Net.Security;
using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using Signpost.Addressing;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Mail;

/// <summary>
/// Sends the mails that wait. A mail is deleted after the mail server has taken it. If the process is killed in between, the mail is
/// sent a second time with the same Message-ID.
/// </summary>
internal sealed partial class MailSender(
    MailQueue queue,
    Database database,
    SignpostSettings settings,
    PublicAddress address,
    TimeProvider clock,
    ExpiryClock expiry,
    ILogger<MailSender> logger
) : BackgroundService
{
    public const int MostTries = 5;
    private const int LongestFailure = 200;

    /// <summary>Failed mails are kept so long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>The longest time for one mail, from the connection until the server has taken it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The wait after each failed try but the last: all tries are within a day.</summary>
    public static readonly IReadOnlyList<TimeSpan> Waits =
    [
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(3),
        TimeSpan.FromHours(18),
    ];

    private static readonly TimeSpan Round = TimeSpan.FromHours(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // Sent, and not yet deleted because the database failed. They must not be sent again.
    private readonly HashSet<long> _sent = [];
    private long _waiting;
    private long _failed;

    /// <summary>The number of mails that wait, when they were last counted.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>The number of tries since the start that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Judges the certificate of the mail server; null: as the system does.</summary>
    internal RemoteCertificateValidationCallback? Trust { get; set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await queue.WaitAsync(await RunAsync(stoppingToken), stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogUnread(error);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The mails wait for the next start.
            }
    }

    // Returns the time until the next try.
    private async Task<TimeSpan> RunAsync(CancellationToken stop)
    {
        await ForgetOldAsync(stop);
        while (settings.MailServer is { } server && queue.IsOn && ReadDue() is { } mail)
        {
            if (mail.ExpiresAt <= Now())
                await NoteAsync(mail, "It was not sent in time.", mail.Tries, null, stop);
            else if (!_sent.Contains(mail.Id))
                await TryAsync(server, mail, stop);
            if (_sent.Contains(mail.Id))
                await DeleteAsync(mail.Id);
        }

        var (waiting, next) = Count();
        Interlocked.Exchange(ref _waiting, waiting);
        var wait = next is { } at && queue.IsOn ? TimeSpan.FromMilliseconds(Math.Max(at - Now(), 0)) : Round;
        return wait < Round ? wait : Round;
    }

    private async Task TryAsync(SmtpServer server, QueuedMail mail, CancellationToken stop)
    {
        try
        {
            await SendAsync(server, mail, stop);
            _sent.Add(mail.Id);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            Interlocked.Increment(ref _failed);
            var tries = mail.Tries + 1;
            var next = tries < MostTries ? Now() + (long)Waits[tries - 1].TotalMilliseconds : (long?)null;
            LogFailed(mail.Id, tries, MostTries);
            await NoteAsync(mail, FailureOf(error), tries, next < mail.ExpiresAt ? next : null, stop);
        }
    }

    private async Task SendAsync(SmtpServer server, QueuedMail mail, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var client = new SmtpClient
        {
            // Nothing is fetched from addresses in a certificate.
            CheckCertificateRevocation = false,
            LocalDomain = new Uri(address.Url).IdnHost,
            ServerCertificateValidationCallback = Trust,
        };
        await client.ConnectAsync(server.Host, server.Port, OptionsOf(server.Security), either.Token);
        if (server is { User: { } user, Password: { } password })
            await client.AuthenticateAsync(user, password, either.Token);
        await client.SendAsync(MailMessage.Of(mail, settings.MailFrom!), either.Token);
        // The server has taken the mail: a failure from here on changes nothing.
        await client.DisconnectAsync(quit: true, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static SecureSocketOptions OptionsOf(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        };

    private static string FailureOf(Exception error) =>
        MailQueue.OneLine(
            error switch
            {
                OperationCanceledException => "The mail server did not take it in 30 seconds.",
                SslHandshakeException =>
                    "TLS with the mail server failed: its certificate is not trusted, or it speaks no TLS there.",
                AuthenticationException => "The mail server refused the user name or the password.",
                SocketException => $"The mail server cannot be reached: {error.Message}",
                _ => error.Message,
            },
            LongestFailure
        );

    private QueuedMail? ReadDue()
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT id, recipient, subject, text, made_at, expires_at, tries FROM mails
            WHERE next_try_at <= @now ORDER BY next_try_at, id LIMIT 1
            """,
            ("@now", Now())
        );
        using var rows = command.ExecuteReader();
        return rows.Read()
            ? new()
            {
                Id = rows.GetInt64(0),
                Recipient = rows.GetString(1),
                Subject = rows.GetString(2),
                Text = rows.GetString(3),
                MadeAt = rows.GetInt64(4),
                ExpiresAt = rows.GetInt64(5),
                Tries = rows.GetInt32(6),
            }
            : null;
    }

    private (long Waiting, long? Next) Count()
    {
        using var connection = database.OpenRead();
        using var command = connection.Command(
            null,
            "SELECT count(*), min(next_try_at) FROM mails WHERE next_try_at IS NOT NULL"
        );
        using var rows = command.ExecuteReader();
        rows.Read();
        return (rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetInt64(1));
    }

    private Task<int> NoteAsync(QueuedMail mail, string failure, int tries, long? next, CancellationToken stop) =>
        database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    UPDATE mails SET failure = @failure, tries = @tries, next_try_at = @next, failed_at = @now
                    WHERE id = @id
                    """,
                    ("@failure", failure),
                    ("@tries", tries),
                    ("@next", next),
                    ("@now", Now()),
                    ("@id", mail.Id)
                ),
            stop
        );

    // Never cancelled: the next start would send the mail again.
    private async Task DeleteAsync(long id)
    {
        await database.WriteRawAsync(
            (connection, transaction) => connection.Run(transaction, "DELETE FROM mails WHERE id = @id", ("@id", id)),
            CancellationToken.None
        );
        _sent.Remove(id);
    }

    private Task<int> ForgetOldAsync(CancellationToken stop) =>
        database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    // Those that wait while mail is off are forgotten, too.
                    "DELETE FROM mails WHERE (next_try_at IS NULL AND failed_at <= @oldest) OR expires_at <= @oldest",
                    ("@oldest", (expiry.GetUtcNow() - Kept).ToUnixTimeMilliseconds())
                ),
            stop
        );

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Mail {Mail} was not sent, try {Try} of {Tries}; GET /api/admin/mails shows the reason"
    )]
    private partial void LogFailed(long mail, int @try, int tries);

    [LoggerMessage(Level = LogLevel.Error, Message = "The queue of mails failed; Signpost tries again in a minute")]
    private partial void LogUnread(Exception error);
}
