using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Domains;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Domains;

/// <summary>A DNS server that answers nonsense about one domain harms no other domain.</summary>
public sealed class HostileDnsTests
{
    private const string Proof = "signpost=t";

    // Each takes the question (header and all) and makes an answer of it.
    private static readonly Dictionary<string, Func<byte[], byte[]>> Answers = new()
    {
        ["a name that points at itself"] = question => [.. Head(question, 1), 0xC0, (byte)question.Length, .. Record()],
        ["two names that point at each other"] = question =>
            [.. Head(question, 1), 0xC0, (byte)(question.Length + 2), 0xC0, (byte)question.Length, .. Record()],
        ["a name that points behind the end"] = question => [.. Head(question, 1), 0xFF, 0xFF, .. Record()],
        ["a text longer than its record"] = question =>
            [.. Head(question, 1), 0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 2, 200, 1],
        ["a record longer than the answer"] = question =>
            [.. Head(question, 1), 0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0xFF, 0xFF],
        ["more records than there are"] = question => Head(question, 65_535),
        ["a header alone"] = question => Head(question, 1)[..12],
        ["a part of the header"] = question => Head(question, 1)[..5],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Answers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nonsense_proves_nothing_and_the_round_goes_on(string name)
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var serving = ServeAsync(socket, Answers[name], stopping.Token);
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_DNS_RESOLVER", $"{(IPEndPoint)socket.Client.LocalEndPoint!}")
        );
        var log = LogLines.Of(server);
        // The strangers come first in the round, by the age of their checks.
        await AddAsync(server, [.. Enumerable.Range(0, 20).Select(i => $"bad{i}.example"), "good.example"]);

        await server.Services.GetRequiredService<DomainChecks>().RunAsync(Cancel);
        using var asked = await server.Http.PostAsync("/api/domains/1/verify", null, Cancel);

        await using var db = server.Database.Read();
        Assert.True(await db.Domains.AllAsync(domain => domain.VerifiedAt != null, Cancel));
        Assert.True(
            await db.Domains.AnyAsync(domain => domain.Host == "good.example" && domain.CheckedAt > 1000, Cancel)
        );
        Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
        Assert.Equal(0, log.Count("failed"));
        await stopping.CancelAsync();
        await serving.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext
        );
    }

    private static Task<int> AddAsync(TestServer server, string[] hosts) =>
        server.Database.WriteAsync(
            async db =>
            {
                var account = db.Accounts.First().Id;
                db.Domains.AddRange(
                    hosts.Select(
                        (host, at) =>
                            new DomainRow
                            {
                                AccountId = account,
                                Scheme = "https://",
                                Host = host,
                                IsEnabled = true,
                                Token = "t",
                                VerifiedAt = 1,
                                CheckedAt = at,
                                CreatedAt = 0,
                                UpdatedAt = 0,
                            }
                    )
                );
                return await db.SaveChangesAsync(Cancel);
            },
            Cancel
        );

    private static async Task ServeAsync(UdpClient socket, Func<byte[], byte[]> nonsense, CancellationToken cancel)
    {
        while (true)
        {
            var heard = await socket.ReceiveAsync(cancel);
            var question = QuestionOf(heard.Buffer);
            var isGood = heard.Buffer.AsSpan().IndexOf("good"u8) >= 0;
            byte[] answer = isGood ? [.. Head(question, 1), 0xC0, 12, .. Record()] : nonsense(question);
            await socket.SendAsync(answer, heard.RemoteEndPoint, cancel);
        }
    }

    // Up to the end of the question's name, type and class; what follows is EDNS.
    private static byte[] QuestionOf(byte[] packet)
    {
        var at = 12;
        while (packet[at] != 0)
            at += 1 + packet[at];
        return packet[..(at + 5)];
    }

    private static byte[] Head(byte[] question, int answers)
    {
        byte[] head = [.. question];
        (head[2], head[3]) = (0x81, 0x80);
        (head[4], head[5], head[6], head[7]) = (0, 1, (byte)(answers >> 8), (byte)answers);
        (head[8], head[9], head[10], head[11]) = (0, 0, 0, 0);
        return head;
    }

    // Type TXT, class IN, no time to live, and the text of the proof.
    private static byte[] Record() =>
        [0, 16, 0, 1, 0, 0, 0, 0, 0, (byte)(Proof.Length + 1), (byte)Proof.Length, .. "signpost=t"u8];
}
