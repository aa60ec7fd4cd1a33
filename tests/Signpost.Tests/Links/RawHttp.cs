using System.Net.Sockets;
using System.Text;
using Signpost.Testing;

namespace Signpost.Tests.Links;

/// <summary>A connection on which a test writes its own bytes.</summary>
internal sealed class RawHttp(string url) : IDisposable
{
    private readonly TcpClient _tcp = new(new Uri(url).Host, new Uri(url).Port);

    /// <summary>Sends the bytes of the text and returns the status of the response.</summary>
    public async Task<int> StatusAsync(string request, CancellationToken cancel)
    {
        var stream = _tcp.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancel);
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var line = await reader.ReadLineAsync(cancel).AsTask().OrFail("An answer") ?? "";
        return int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Dispose() => _tcp.Dispose();
}
