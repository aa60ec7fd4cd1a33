namespace Signpost.Api.Bodies;

/// <summary>
/// Reads a body as it arrives. Beyond <see cref="BodyLimit.Usual"/> it needs a place among the large bodies, and its client must
/// send fast enough to keep it.
/// </summary>
/// <remarks>
/// Kestrel's own data rate does not do: over HTTP/2 it cannot be set for one request, over HTTP/1.1 not after the first read. Over
/// HTTP/1.1 a slow body ends its connection, because Kestrel cannot skip the rest after a cancelled read.
/// </remarks>
internal sealed class ArrivingBody(HttpRequest request) : Stream
{
    private const int BytesPerSecond = 16 << 10;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly int WithoutPlace = BodyLimit.Usual.TextBytes;

    private readonly TimeProvider _clock =
        request.HttpContext.RequestServices?.GetService<TimeProvider>() ?? TimeProvider.System;
    private IDisposable? _place;
    private CancellationTokenSource? _late;
    private long _entered;
    private long _read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="BodyException">The body arrives too slowly over HTTP/2.</exception>
    /// <exception cref="Hosting.TooBusyException">Too many large bodies are read at once.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
    {
        if (_late is not null)
            return await ReadInTimeAsync(_late, buffer, cancel);

        var most = (int)Math.Min(buffer.Length, WithoutPlace + 1 - _read);
        var read = await request.Body.ReadAsync(buffer[..most], cancel);
        _read += read;
        if (_read > WithoutPlace)
            await EnterAsync(cancel);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancel) =>
        ReadAsync(buffer.AsMemory(offset, count), cancel).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _late?.Dispose();
        _place?.Dispose();
        base.Dispose(disposing);
    }

    private async Task EnterAsync(CancellationToken cancel)
    {
        var http = request.HttpContext;
        _place = await http.RequestServices.GetRequiredService<LargeBodies>().EnterAsync(http, cancel);
        _entered = _clock.GetTimestamp();
        _late = new CancellationTokenSource(Grace, _clock);
    }

    private async Task<int> ReadInTimeAsync(CancellationTokenSource late, Memory<byte> buffer, CancellationToken cancel)
    {
        var earned = TimeSpan.FromSeconds((double)(_read - WithoutPlace) / BytesPerSecond);
        var left = Grace + earned - _clock.GetElapsedTime(_entered);
        late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        using var stop = cancel.UnsafeRegister(static late => ((CancellationTokenSource)late!).Cancel(), late);
        var isHttp2 = HttpProtocol.IsHttp2(request.Protocol);
        using var abort = isHttp2
            ? default
            : late.Token.UnsafeRegister(static http => ((HttpContext)http!).Abort(), request.HttpContext);
        try
        {
            var read = await request.Body.ReadAsync(buffer, isHttp2 ? late.Token : cancel);
            _read += read;
            return read;
        }
        catch (OperationCanceledException error) when (isHttp2 && !cancel.IsCancellationRequested)
        {
            throw new BodyException(StatusCodes.Status408RequestTimeout, "The body arrives too slowly.", error);
        }
    }
}
