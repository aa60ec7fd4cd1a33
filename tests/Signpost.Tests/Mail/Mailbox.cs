using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using Signpost.Testing;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Signpost.Tests.Mail;

/// <summary>A mail server on this machine. It keeps the mails that it takes, and can refuse them, be slow, or break off.</summary>
internal sealed partial class Mailbox : MessageStore, IUserAuthenticator, IAsyncDisposable
{
    public const string From = "signpost@go.example";
    public const string User = "ada@relay";
    public const string Password = "se:cret/word";

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ReceivedMail> _mails = [];
    private readonly ConcurrentQueue<(string, string)> _signIns = [];
    private Task _running = Task.CompletedTask;

    /// <summary>The last part of the setting's address.</summary>
    public int Port { get; private set; }

    /// <summary>The certificate of a server with TLS; null: it has none.</summary>
    public X509Certificate2? Certificate { get; private init; }

    public IReadOnlyList<ReceivedMail> Mails => [.. _mails];

    /// <summary>The user names and passwords that were sent.</summary>
    public IReadOnlyList<(string User, string Password)> SignIns => [.. _signIns];

    /// <summary>The reply to a mail, which is kept before it.</summary>
    public Func<CancellationToken, Task<SmtpResponse>> Reply { get; set; } = _ => Task.FromResult(SmtpResponse.Ok);

    /// <summary>The settings of a server that sends its mails here in clear.</summary>
    public (string, string)[] Settings =>
        [
            ("SIGNPOST_SMTP_URL", $"smtp://127.0.0.1:{Port}?tls=none"),
            ("SIGNPOST_MAIL_FROM", From),
            ("SIGNPOST_PUBLIC_URL", "http://127.0.0.1"),
        ];

    /// <param name="port">0: any that is free.</param>
    /// <param name="isTls">TLS from the first byte.</param>
    /// <param name="offersTls">TLS after STARTTLS.</param>
    public static async Task<Mailbox> OpenAsync(int port = 0, bool isTls = false, bool offersTls = false)
    {
        var box = new Mailbox { Certificate = isTls || offersTls ? MakeCertificate() : null };
        await box.ListenAsync(port, isTls);
        return box;
    }

    /// <summary>Waits until there are so many mails, and returns the last one.</summary>
    public async Task<ReceivedMail> TakeAsync(int count)
    {
        await Patience.UntilAsync(() => Task.FromResult(_mails.Count >= count), $"{count} mails");
        Assert.Equal(count, _mails.Count);
        return _mails.Last();
    }

    public override Task<SmtpResponse> SaveAsync(
        ISessionContext context,
        IMessageTransaction transaction,
        ReadOnlySequence<byte> buffer,
        CancellationToken cancellationToken
    )
    {
        var raw = Encoding.UTF8.GetString(buffer.ToArray());
        _mails.Enqueue(new([.. transaction.To.Select(to => $"{to.User}@{to.Host}")], raw));
        return Reply(cancellationToken);
    }

    public Task<bool> AuthenticateAsync(
        ISessionContext context,
        string user,
        string password,
        CancellationToken cancellationToken
    )
    {
        _signIns.Enqueue((user, password));
        return Task.FromResult((user, password) == (User, Password));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        Certificate?.Dispose();
    }

    private async Task ListenAsync(int port, bool isTls)
    {
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .Endpoint(endpoint =>
            {
                endpoint
                    .Endpoint(new IPEndPoint(IPAddress.Loopback, port))
                    .AllowUnsecureAuthentication()
                    .IsSecure(isTls);
                if (Certificate is not null)
                    endpoint.Certificate(Certificate);
            })
            .Build();
        TaskCompletionSource<int> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var listeners = new EndpointListenerFactory();
        listeners.EndpointStarted += (_, one) => started.TrySetResult(((IPEndPoint)one.LocalEndPoint).Port);
        var services = new ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IUserAuthenticator)this);
        services.Add((IEndpointListenerFactory)listeners);
        _running = new SmtpServer.SmtpServer(options, services).StartAsync(_stop.Token);
        Port = await started.Task.OrFail();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A mail as it came.</summary>
    /// <param name="To">The recipients of the envelope.</param>
    /// <param name="Raw">All lines, headers first.</param>
    internal sealed partial record ReceivedMail(IReadOnlyList<string> To, string Raw)
    {
        public MimeMessage Message { get; } = MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Raw)));

        public string Text => Message.TextBody!;

        /// <summary>The path of the one-time address in the text.</summary>
        public string Path => OneTime().Match(Text).Groups[1].Value;

        [GeneratedRegex(@"^http://127\.0\.0\.1(/login/\S+)\r?$", RegexOptions.Multiline)]
        private static partial Regex OneTime();
    }
}

/// <summary>A server that sends its mails to a mailbox, and whose clock stands.</summary>
public sealed class MailingServer : SharedServer
{
    internal ManualClock Clock { get; } = new();

    internal Mailbox Box { get; private set; } = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Box.DisposeAsync();
    }

    private protected override async Task<TestServer> StartAsync()
    {
        Box = await Mailbox.OpenAsync();
        return await TestServer.StartAsync(Clock, null, Box.Settings);
    }
}
