using System.Net;
using System.Net.Sockets;
using Signpost.Domains;
using Signpost.Hosting;

namespace Signpost.Tests.Fuzzing;

/// <summary>A DNS server that answers every question with the current input, and the client that asks it.</summary>
internal sealed class FuzzedDns : IDisposable
{
    // The header after its id, the question a.example TXT IN, and answers.
    private static readonly byte[] Question = [1, (byte)'a', 7, .. "example"u8, 0, 0, 16, 0, 1];
    private static readonly byte[] Text = [0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, 11, 10, .. "signpost=t"u8];
    private static readonly byte[] Alias = [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 0, 0, 4, 1, (byte)'b', 0xC0, 14];

    public static readonly byte[][] Sound =
    [
        [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. Question, .. Text],
        [0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0, .. Question, .. Alias, .. Text],
        [0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0, .. Question],
    ];

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly TxtRecords _records;
    private readonly CancellationTokenSource _stopping = new();
    private byte[] _answer = [];

    public FuzzedDns()
    {
        _records = new(
            new SignpostSettings
            {
                DataDirectory = "",
                ApiRequestsPerMinute = 0,
                ClickDurability = default,
                NodeName = "",
                PlanCacheBytes = 0,
                DnsResolver = (IPEndPoint)_socket.Client.LocalEndPoint!,
            }
        );
        _ = ServeAsync(_stopping.Token);
    }

    public Outcome Ask(byte[] input)
    {
        Volatile.Write(ref _answer, input);
        return Pump.Run(() => _records.ReadAsync("a.example", CancellationToken.None)) switch
        {
            TxtAnswer.Known known => Outcome.Accepted(
                $"{known.Texts.Count} {known.Texts.Sum(text => text.Length) / 4}"
            ),
            _ => Outcome.Refused($"{input.Length / 8}"),
        };
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _socket.Dispose();
        _records.Dispose();
        _stopping.Dispose();
    }

    // The id is the question's own: the client ignores other answers and would wait.
    private async Task ServeAsync(CancellationToken cancel)
    {
        while (true)
        {
            var asked = await _socket.ReceiveAsync(cancel).ConfigureAwait(false);
            byte[] answer = [.. asked.Buffer[..2], .. Volatile.Read(ref _answer)];
            await _socket.SendAsync(answer, asked.RemoteEndPoint, cancel).ConfigureAwait(false);
        }
    }
}
