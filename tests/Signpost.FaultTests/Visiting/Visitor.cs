using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Signpost.Testing;

namespace Signpost.FaultTests.Visiting;

/// <summary>The response to one request.</summary>
internal sealed record Answer(int Status, string? Location, bool Closes, string? RetryAfter);

/// <summary>The connection broke after a request was sent and before its response was complete.</summary>
internal sealed class UnansweredException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// One keep-alive connection without an HTTP client. A client would send a request again when a connection breaks, and so
/// hide the faults that these tests look for.
/// </summary>
internal sealed class Visitor : IDisposable
{
    private static readonly byte[] EndOfLine = "\r\n"u8.ToArray();
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[32 << 10];
    private int _start;
    private int _end;

    private Visitor(Socket socket) => _socket = socket;

    /// <summary>Connects; null: the server no longer listens.</summary>
    public static async Task<Visitor?> ConnectAsync(IPEndPoint server, CancellationToken cancel)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, cancel).AsTask().OrFail("A connection");
            return new Visitor(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects; fails if no server listens.</summary>
    public static async Task<Visitor> ConnectOrFailAsync(IPEndPoint server, CancellationToken cancel) =>
        await ConnectAsync(server, cancel) ?? throw new InvalidOperationException($"Nobody listens at {server}.");

    /// <summary>Bytes of a request.</summary>
    public static byte[] Request(string path, string method = "GET", params string[] headers) =>
        Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{AgentOf(headers)}{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"
        );

    // Without one, nobody would be a person.
    private static string AgentOf(string[] headers) =>
        headers.Any(header => header.StartsWith("User-Agent:", StringComparison.OrdinalIgnoreCase))
            ? ""
            : "User-Agent: Mozilla/5.0 (a person; a test)\r\n";

    /// <summary>Sends one request and reads its response.</summary>
    /// <exception cref="UnansweredException">The response never came, or is incomplete.</exception>
    public async Task<Answer> AskAsync(byte[] request, CancellationToken cancel, bool hasBody = true)
    {
        await SendAsync(request, cancel);
        return await ReadAsync(cancel, hasBody);
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
        SendAllAsync(bytes, cancel).OrFail("Sending a request");

    /// <param name="hasBody">False for the response to a HEAD request.</param>
    public Task<Answer> ReadAsync(CancellationToken cancel, bool hasBody = true) =>
        ReadAnswerAsync(hasBody, cancel).OrFail("An answer");

    public void Dispose() => _socket.Dispose();

    private async Task SendAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            while (bytes.Length > 0)
                bytes = bytes[await _socket.SendAsync(bytes, cancel)..];
        }
        catch (SocketException error)
        {
            throw new UnansweredException("The connection broke while a request was sent.", error);
        }
    }

    private async Task<Answer> ReadAnswerAsync(bool hasBody, CancellationToken cancel)
    {
        var lines = (await ReadUntilAsync(EndOfHead, cancel)).Split("\r\n");
        if (hasBody && Header(lines, "Transfer-Encoding") is "chunked")
            await SkipChunksAsync(cancel);
        else if (hasBody)
            await SkipAsync(int.Parse(Header(lines, "Content-Length") ?? "0", CultureInfo.InvariantCulture), cancel);
        return new(
            int.Parse(lines[0].AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture),
            Header(lines, "Location"),
            "close".Equals(Header(lines, "Connection"), StringComparison.OrdinalIgnoreCase),
            Header(lines, "Retry-After")
        );
    }

    private static string? Header(string[] lines, string name)
    {
        foreach (var line in lines)
            if (
                line.Length > name.Length
                && line[name.Length] == ':'
                && line.StartsWith(name, StringComparison.OrdinalIgnoreCase)
            )
                return line[(name.Length + 1)..].Trim();
        return null;
    }

    /// <summary>Reads the text up to a mark, and skips the mark.</summary>
    private async Task<string> ReadUntilAsync(byte[] mark, CancellationToken cancel)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf(mark)) < 0)
            await ReceiveAsync(cancel);

        var text = Encoding.Latin1.GetString(_buffer, _start, length);
        _start += length + mark.Length;
        return text;
    }

    private async Task SkipChunksAsync(CancellationToken cancel)
    {
        int size;
        do
        {
            size = int.Parse(
                await ReadUntilAsync(EndOfLine, cancel),
                NumberStyles.HexNumber,
                CultureInfo.InvariantCulture
            );
            await SkipAsync(size + 2, cancel);
        } while (size > 0);
    }

    private async Task SkipAsync(int length, CancellationToken cancel)
    {
        while (length > 0)
        {
            if (_start == _end)
                await ReceiveAsync(cancel);
            var here = Math.Min(length, _end - _start);
            _start += here;
            length -= here;
        }
    }

    private async Task ReceiveAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int read;
        try
        {
            read = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancel);
        }
        catch (SocketException error)
        {
            throw new UnansweredException($"The connection broke before an answer: {error.SocketErrorCode}.", error);
        }

        if (read == 0)
            throw new UnansweredException("The connection was closed before an answer.");
        _end += read;
    }
}
