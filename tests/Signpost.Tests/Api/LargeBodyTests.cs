using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Signpost.Api.Bodies;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>Few large bodies are read at once, few of one account, and none that arrives too slowly.</summary>
public sealed class LargeBodyTests
{
    private const int Kilobyte = 1 << 10;
    private const int Large = BodyLimit.WithFiles / 16;

    private readonly ManualClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_takes_few_places_and_all_take_a_bounded_number()
    {
        await using var server = await TestServer.StartAsync(_clock, null);
        List<HttpClient> accounts = [server.Http];
        while (accounts.Count * LargeBodies.MostOfAccount <= LargeBodies.MostAtOnce)
            accounts.Add(await Strangers.NewAsync(server, "UTC", Cancel));
        List<SlowBody> slow = [];
        try
        {
            foreach (var account in accounts[..^1])
            {
                Assert.Equal(HttpStatusCode.Created, await LargeAsync(accounts[^1]));
                for (var i = 0; i < LargeBodies.MostOfAccount; i++)
                    slow.Add(SlowBody.Send(account, 600 * Kilobyte));
                await Patience.UntilAsync(async () => await LargeAsync(account) == HttpStatusCode.ServiceUnavailable);
            }

            Assert.Equal(LargeBodies.MostAtOnce, slow.Count);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await LargeAsync(accounts[^1]));
            await server.CreateLinkAsync();
        }
        finally
        {
            slow.ForEach(body => body.End());
        }

        await Patience.UntilAsync(async () => await LargeAsync(accounts[^1]) == HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_takes_no_place_before_it_is_large(bool isChunked)
    {
        await using var server = await TestServer.StartAsync(_clock, null);
        List<SlowBody> slow = [];
        try
        {
            for (var i = 0; i < 2 * LargeBodies.MostAtOnce; i++)
                slow.Add(SlowBody.Send(server.Http, 1, isChunked));
            // The server asks for the body when it begins to read.
            foreach (var body in slow)
                await body.Sent.OrFail();

            Assert.Equal(HttpStatusCode.Created, await LargeAsync(server.Http));
        }
        finally
        {
            slow.ForEach(body => body.End());
        }
    }

    [Fact]
    public async Task A_slow_large_body_loses_its_place_over_HTTP_1()
    {
        await using var server = await TestServer.StartAsync(_clock, null);
        using var client = new TcpClient("127.0.0.1", new Uri(server.Url).Port);
        var head =
            $"POST /api/links HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TestServer.ApiKey}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Large}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + new string(' ', 65 * Kilobyte)), Cancel);

        var ended = client.GetStream().ReadAsync(new byte[1], Cancel).AsTask();
        await _clock.UntilAsync(() => ended.IsCompleted, TimeSpan.FromSeconds(1));

        Assert.True(ended.IsFaulted || await ended == 0, "The server closes the connection.");
        Assert.Equal(HttpStatusCode.Created, await LargeAsync(server.Http));
    }

    [Fact]
    public async Task A_slow_large_body_loses_its_place_over_HTTP_2()
    {
        await using var server = await StartHttp2Async();
        using var http = NewHttp2Client(server);
        List<SlowBody> slow = [];
        try
        {
            for (var i = 0; i < LargeBodies.MostOfAccount; i++)
                slow.Add(SlowBody.Send(http, 65 * Kilobyte));
            foreach (var body in slow)
            {
                await _clock.UntilAsync(() => body.Reply.IsCompleted, TimeSpan.FromSeconds(1));
                using var reply = await body.Reply;
                Assert.Equal((HttpStatusCode.RequestTimeout, new Version(2, 0)), (reply.StatusCode, reply.Version));
            }

            Assert.Equal(HttpStatusCode.Created, await LargeAsync(http));
        }
        finally
        {
            slow.ForEach(body => body.End());
        }
    }

    [Fact]
    public async Task Large_bodies_over_HTTP_2_give_their_places_back()
    {
        await using var server = await StartHttp2Async();
        using var http = NewHttp2Client(server);

        for (var i = 0; i <= LargeBodies.MostAtOnce; i++)
            Assert.Equal(HttpStatusCode.Created, await LargeAsync(http));
    }

    // The wait for a place ends with the clock, long before the slow bodies are too slow.
    private async Task<HttpStatusCode> LargeAsync(HttpClient http)
    {
        var sent = http.PostAsync(
            "/api/links",
            Bodies.Form(("location_url", "https://example.org/"), ("unknown", new string('x', 100 * Kilobyte))),
            Cancel
        );
        await _clock.UntilAsync(() => sent.IsCompleted, TimeSpan.FromMilliseconds(20));
        using var reply = await sent;
        return reply.StatusCode;
    }

    private async Task<TestServer> StartHttp2Async()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Certificate(), Cancel);
            return await TestServer.StartAsync(
                _clock,
                null,
                ("urls", "https://127.0.0.1:0"),
                ("Kestrel:Certificates:Default:Path", file)
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.Export(X509ContentType.Pkcs12);
    }

    private static HttpClient NewHttp2Client(TestServer server)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new()
            {
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown?.Subject == "CN=127.0.0.1",
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri(server.Url),
            DefaultRequestHeaders = { Authorization = new("Bearer", TestServer.ApiKey) },
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    /// <summary>A body that stops in its middle until it is ended.</summary>
    private sealed class SlowBody : HttpContent
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _end = new();
        private readonly int _bytes;
        private readonly bool _isChunked;

        private SlowBody(int bytes, bool isChunked) => (_bytes, _isChunked) = (bytes, isChunked);

        public Task Sent => _sent.Task;

        public Task<HttpResponseMessage> Reply { get; private set; } = null!;

        public static SlowBody Send(HttpClient http, int bytes, bool isChunked = false)
        {
            var body = new SlowBody(bytes, isChunked);
            body.Headers.ContentType = new("application/json");
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/links")
            {
                Content = body,
                Version = http.DefaultRequestVersion,
                VersionPolicy = http.DefaultVersionPolicy,
            };
            request.Headers.ExpectContinue = true;
            request.Headers.TransferEncodingChunked = isChunked;
            body.Reply = http.SendAsync(request, body._end.Token);
            return body;
        }

        public void End() => _end.Cancel();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            await stream.WriteAsync(new byte[_bytes], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _sent.SetResult();
            var stopped = new TaskCompletionSource();
            await using var end = _end.Token.Register(stopped.SetResult);
            await stopped.Task.WaitAsync(Patience.Longest, TimeProvider.System, cancellationToken);
            throw new IOException("The test has ended the body.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Large;
            return !_isChunked;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _end.Dispose();
            base.Dispose(disposing);
        }
    }
}
