using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Signpost.Clicks.Classifying;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Redirects.Interstitials;
using Signpost.Testing;
using Signpost.Visitors;
using Signpost.Web;

namespace Signpost.Tests.Fuzzing;

/// <summary>Parsers that need parts of a running server: cookies, headers of proxies, DNS answers, clicks, whole requests.</summary>
internal static class ServerTargets
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);

    private static readonly LinkPlan Plan = new()
    {
        LinkId = 7,
        Version = 1,
        Location = "https://example.org/",
        Status = 302,
        PasswordHash = "hash",
        Warns = true,
    };

    /// <summary>The settings of the server for these targets.</summary>
    public static readonly (string, string)[] Settings =
    [
        ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8,::1,fd00::/8"),
        ("SIGNPOST_GEO_HEADERS", "cloudflare"),
    ];

    public static IEnumerable<FuzzTarget> All(TestServer server) =>
        [Cookies(server), Proxies(server), Clicks(server), Dns(), Requests(server)];

    private static FuzzTarget Cookies(TestServer server)
    {
        var cookies = server.Services.GetRequiredService<LinkAccessCookie>();
        var given = new DefaultHttpContext();
        cookies.Give(given, LinkAccessKind.Unlocked, Plan);
        var own = given.Response.Headers.SetCookie.ToString().Split(';')[0];
        var entry = own[(own.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return FuzzTarget.OfText(
            "cookie",
            [own, $"a=b; {own}; c=d", $"signpost-grants={entry}.{entry}"],
            ["signpost-grants=", "signpost-grants", "; ", ";", "=", ".", " ", entry, entry[..20], "A", "__Host-", "\""],
            text =>
            {
                var http = new DefaultHttpContext();
                http.Request.Headers.Cookie = text.Split('\n');
                var found = RequestCookie.Find(http.Request, "signpost-grants").Length;
                var unlocks = cookies.Unlocks(http, Plan);
                if (unlocks && !text.Contains(entry, StringComparison.Ordinal))
                    throw new InvalidOperationException("A cookie that was not signed unlocks the link.");
                cookies.Give(http, LinkAccessKind.Agreed, Plan);
                var shape =
                    $"{cookies.Agrees(http, Plan)} {found / 41} {http.Response.Headers.SetCookie.ToString().Length / 41}";
                return unlocks ? Outcome.Accepted(shape) : Outcome.Refused(shape);
            }
        ) with
        {
            Weight = 30,
        };
    }

    private static FuzzTarget Proxies(TestServer server)
    {
        var options = server.Services.GetRequiredService<IOptions<ForwardedHeadersOptions>>();
        var forwarded = new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, options);
        var places = server.Services.GetRequiredService<PlaceFinder>();
        return FuzzTarget.OfText(
            "x-forwarded-for",
            [
                "203.0.113.9, 10.0.0.1\nhttps, http\nDE\nEU\nBerlin",
                "[2001:db8::1]:443, fd00::1\nhttps\nXX\n\nM%C3%BCnchen",
                "::ffff:198.51.100.7\nhttp\nFR\nEU\nParis",
            ],
            [
                "10.0.0.1",
                "127.0.0.1",
                "::1",
                "fd00::2",
                "[",
                "]",
                ":80",
                ":99999",
                ", ",
                ",",
                "unknown",
                "_hidden",
                "203.0.113.",
                "0x7f.1",
                "%eth0",
                "\"",
                "\n",
                "https",
                "US",
                "NA",
                "%",
            ],
            text =>
            {
                string[] lines = [.. text.Split('\n'), "", "", "", "", ""];
                var http = new DefaultHttpContext();
                http.Connection.RemoteIpAddress = IPAddress.Loopback;
                var headers = http.Request.Headers;
                (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) = (lines[0], lines[1]);
                (headers["CF-IPCountry"], headers["CF-IPContinent"], headers["CF-IPCity"]) = (
                    lines[2],
                    lines[3],
                    lines[4]
                );
                forwarded.ApplyForwarders(http);
                var client = http.Connection.RemoteIpAddress;
                var place = places.Find(client, headers);
                var shape =
                    $"{ClientNetwork.One(client).AddressFamily} {ClientNetwork.Shown(client).Length} {http.Request.Scheme} {place.CountryCode} {place.CityName?.Length}";
                return IPAddress.IsLoopback(client!) ? Outcome.Refused(shape) : Outcome.Accepted(shape);
            }
        ) with
        {
            Weight = 30,
        };
    }

    // Journaled clicks without an address: the number of a visitor needs a salt from the database.
    private static FuzzTarget Clicks(TestServer server)
    {
        var services = server.Services;
        var classifier = ActivatorUtilities.CreateInstance<ClickClassifier>(services);
        return new(
            "classified-click",
            [
                Made("https://news.example/x?y", "utm_source=a%20b&utm_medium=c"),
                Made("android-app://a.b/", "utm_campaign=%F0%9F%98%80"),
            ],
            input =>
            {
                if (!ClickCodec.TryRead(ClickCodec.Version, input, out var click))
                    return Outcome.Refused("record");
                if (!classifier.IsReadyFor(click))
                    return Outcome.Refused("salt");
                var row = classifier.Classify(click);
                return Outcome.Accepted(
                    $"{row.Agent} {row.Language} {row.Referrer.Path?.Length} {row.Utm.Source?.Length} {row.Place.CountryCode}"
                );
            }
        )
        {
            Pieces =
            [
                [7, 4, 0, 65, 65, 65, 65],
                [3, 2, 0, 104, 58],
                [4, 3, 0, 0xFF, 37, 48],
                [14, 1, 0, 97],
                [16, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0],
                [2, 4, 0, 69, 85, 70, 82],
                .. FuzzTarget.Bytes("Firefox/125.0", "iPhone", "bot", "de", "\u0301", "%00"),
            ],
            Weight = 20,
            // A remembered text is kept once more, and tables of them double now and then.
            MostAllocated = (16 << 20, 64),
        };
    }

    private static byte[] Made(string referrer, string query)
    {
        var facts = new ClickFacts
        {
            Query = VisitQuery.Read(query, ""),
            Agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0",
            Brands = "\"Chromium\";v=\"124\"",
            Languages = "de-DE,de;q=0.9",
            Referrer = referrer,
            Alias = "sale",
        };
        Span<byte> payload = stackalloc byte[JournalFrame.LongestPayload];
        return payload[..ClickCodec.Write(new Click(5, 1, 1_780_000_000_000, ClickKind.Person, 302), facts, payload)]
            .ToArray();
    }

    private static FuzzTarget Dns()
    {
        var dns = new FuzzedDns();
        return new FuzzTarget("dns", [.. FuzzedDns.Sound], dns.Ask)
        {
            Pieces =
            [
                [0xC0, 12],
                [0xC0, 0],
                [0xFF, 0xFF],
                [0, 16, 0, 1],
                [0, 5, 0, 1],
                [0, 0, 0, 0],
                [1, 97],
                [63],
                [0],
            ],
            Weight = 1,
            Longest = 1_200,
            // Exceptions inside of the library, with their stacks, for both attempts.
            MostAllocated = (1 << 20, 256),
            Resource = dns,
        };
    }

    private static FuzzTarget Requests(TestServer server)
    {
        var log = LogLines.Of(server);
        string[] seeds =
        [
            $"POST /api/links HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestServer.ApiKey}\r\nContent-Type: application/json\r\n\r\n{{\"location_url\":\"https://example.org\",\"targeting_type\":\"country_code\"}}",
            $"POST /api/links HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestServer.ApiKey}\r\nContent-Type: multipart/form-data; boundary=XX\r\n\r\n--XX\r\nContent-Disposition: form-data; name=\"location_url\"\r\n\r\nhttps://example.org\r\n--XX--\r\n",
            $"GET /api/links?search=a&page=1&datetime_start=2030-01-01 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestServer.ApiKey}\r\n\r\n",
            $"GET /api/statistics/1?type=overview&start_date=2026-01-01 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestServer.ApiKey}\r\nAccept: text/csv\r\n\r\n",
            "GET /sale?utm_source=x&qr HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0\r\nAccept-Language: de;q=0.9\r\nX-Forwarded-For: 203.0.113.9\r\nCookie: signpost-grants=A\r\nReferer: https://a.example/\r\n\r\n",
            "POST /_signpost/unlock/sale HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: go.example\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\npassword=x",
            "POST /login HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nemail=a&password=b",
        ];
        string[] pieces =
        [
            "GET ",
            "POST ",
            "HEAD ",
            "PATCH ",
            "/api/links/1",
            "/api/domains/check?domain=",
            "/files/x",
            "/setup",
            "?",
            "%2F",
            "%00",
            " HTTP/1.1",
            "\r\n",
            "\r\nCookie: ",
            "\r\nX-Forwarded-For: ",
            "\r\nX-Forwarded-Host: xn--a",
            "\r\nIf-None-Match: *",
            "\r\nIdempotency-Key: a",
            "\r\nRange: bytes=0-",
            "\r\nAuthorization: Bearer x",
            "\r\nTransfer-Encoding: chunked",
        ];
        return new("http", FuzzTarget.Bytes(seeds), input => Send(server, log, input))
        {
            Pieces = FuzzTarget.Bytes(pieces),
            Weight = 1,
            // Of this side alone; the server works on other threads.
            MostAllocated = (1 << 20, 256),
        };
    }

    private static Outcome Send(TestServer server, LogLines log, byte[] input)
    {
        var body = input.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end ? end + 4 : input.Length;
        var address = new Uri(server.Url);
        using var tcp = new TcpClient(address.Host, address.Port) { ReceiveTimeout = 30_000, NoDelay = true };
        var stream = tcp.GetStream();
        byte[] head = body < input.Length ? input[..(body - 2)] : [.. input, .. "\r\n"u8];
        stream.Write([
            .. head,
            .. Encoding.ASCII.GetBytes($"Content-Length: {input.Length - body}\r\nConnection: close\r\n\r\n"),
            .. input[body..],
        ]);
        // The server may wait for more of a request whose lengths are wrong.
        if (!tcp.Client.Poll(LongestWait, SelectMode.SelectRead))
            tcp.Client.Shutdown(SocketShutdown.Send);
        var (status, length) = ReadResponse(stream);
        if (status == 500 || log.Count("failed") > 0)
            throw new InvalidOperationException("The server failed.");
        var shape = $"{status} {length / 64}";
        return status is >= 200 and < 400 ? Outcome.Accepted(shape) : Outcome.Refused(shape);
    }

    // Status 0: the server closed the connection without a response, because the request was not complete.
    private static (int Status, int Length) ReadResponse(NetworkStream stream)
    {
        var response = new MemoryStream();
        try
        {
            stream.CopyTo(response);
        }
        catch (IOException error)
            when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // The rest of a refused request was not read.
        }

        var head = Encoding.ASCII.GetString(response.GetBuffer(), 0, (int)Math.Min(response.Length, 12));
        return (head.Length == 12 && int.TryParse(head[9..], out var status) ? status : 0, (int)response.Length);
    }
}
