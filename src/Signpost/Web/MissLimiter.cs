using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Signpost.Web.Notices;

namespace Signpost.Web;

/// <summary>
/// Limits the requests of a network for unknown aliases: beyond the limit they are not recorded, so that a scan fills neither the
/// journal nor the statistics. A network is an IPv4 /24 or an IPv6 /48. Known links are never limited, so this does not hide which
/// aliases exist.
/// </summary>
/// <remarks>
/// Each counter is one instant, at which all tries will have come back (the "generic cell rate algorithm" of ITU-T I.371). There is
/// a fixed number of counters, so that no number of networks fills the memory; networks that share a counter share its tries.
/// </remarks>
internal sealed class MissLimiter(TimeProvider clock)
{
    public const int PerWindow = 600;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private const int Counters = 1 << 16;

    private readonly long[] _counters = new long[Counters];
    private readonly long _window = (long)(Window.TotalSeconds * clock.TimestampFrequency);
    private readonly long _start = clock.GetTimestamp();
    private long _refused;

    /// <summary>The number of requests since the start for which no try was left.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Takes a try; answers how long to wait if there is none left: zero, go ahead.</summary>
    /// <param name="address">Null, as over a Unix socket: not limited.</param>
    public TimeSpan Take(IPAddress? address)
    {
        if (address is null)
            return TimeSpan.Zero;

        ref var counter = ref _counters[IndexOf(address)];
        while (true)
        {
            var (now, seen) = (clock.GetTimestamp() - _start, Volatile.Read(ref counter));
            var next = Math.Max(now, seen) + _window / PerWindow;
            if (next - now > _window)
            {
                Interlocked.Increment(ref _refused);
                return TimeSpan.FromSeconds((double)(next - now - _window) / clock.TimestampFrequency);
            }

            if (Interlocked.CompareExchange(ref counter, next, seen) == seen)
                return TimeSpan.Zero;
        }
    }

    /// <summary>Responds to a request for something unknown: 404, or 429 if the network has no try left.</summary>
    public async Task WriteNotFoundAsync(HttpContext http, VisitorPages pages)
    {
        var wait = Take(http.Connection.RemoteIpAddress);
        if (wait > TimeSpan.Zero)
            await WriteTooManyAsync(http, pages, wait);
        else
            await pages.WriteAsync(http, VisitorPage.NotFound);
    }

    /// <summary>Refuses a network that has no try left.</summary>
    public static Task WriteTooManyAsync(HttpContext http, VisitorPages pages, TimeSpan wait)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return pages.WriteAsync(http, VisitorPage.TooManyUnknown).AsTask();
    }

    // The hash is seeded by the process: nobody can choose a network that shares another one's counter.
    private static int IndexOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out _);
        var hash = new HashCode();
        hash.AddBytes(bytes[..(plain.AddressFamily == AddressFamily.InterNetwork ? 3 : 6)]);
        return hash.ToHashCode() & (Counters - 1);
    }
}
