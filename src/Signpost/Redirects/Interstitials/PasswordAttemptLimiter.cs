using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Signpost.Redirects.Interstitials;

/// <summary>
/// Limits wrong passwords: ten attempts for each link and address, a hundred for each link from everywhere, and then as many
/// again in a quarter of an hour, evenly. So nobody is ever locked out for good, neither by mistakes of their own nor by
/// somebody who guesses.
/// </summary>
/// <remarks>
/// Each counter is one instant, at which all attempts will be free again (the "generic cell rate algorithm" of ITU-T I.371). An
/// attempt moves it forward, and none is left while it is more than a quarter of an hour ahead.
/// </remarks>
internal sealed class PasswordAttemptLimiter(TimeProvider clock)
{
    public const int PerAddress = 10;
    public const int PerLink = 100;

    /// <summary>The time in which all attempts become free again.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    // An attempt costs a hash, so a big machine needs all its time to fill this. Then no new address gets an attempt until some end.
    private const int MostCounters = 200_000;
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(long Link, UInt128 Address), long> _counters = [];
    private long _swept = long.MinValue;
    private long _refused;

    /// <summary>The number of attempts since the start for which none was left.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Takes an attempt before the password is checked; returns the time to wait if there is none. Zero: continue.</summary>
    public TimeSpan Take(long link, IPAddress? address)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            var wait = Math.Max(
                WaitOf((link, Network(address)), PerAddress, now),
                WaitOf((link, UInt128.MaxValue), PerLink, now)
            );
            if (wait == 0 && !HasRoom(now))
                wait = Ticks(BetweenSweeps);
            if (wait > 0)
            {
                _refused++;
                return TimeSpan.FromSeconds((double)wait / clock.TimestampFrequency);
            }

            Move((link, Network(address)), PerAddress, now, tries: 1);
            Move((link, UInt128.MaxValue), PerLink, now, tries: 1);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Gives an attempt back, because it was empty or right.</summary>
    public void GiveBack(long link, IPAddress? address)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            Move((link, Network(address)), PerAddress, now, tries: -1);
            Move((link, UInt128.MaxValue), PerLink, now, tries: -1);
        }
    }

    private long WaitOf((long, UInt128) counter, int tries, long now) =>
        Math.Max(0, _counters.GetValueOrDefault(counter, now) - now + Ticks(Window) / tries - Ticks(Window));

    private void Move((long, UInt128) counter, int of, long now, int tries)
    {
        var at = Math.Max(now, _counters.GetValueOrDefault(counter, now)) + tries * (Ticks(Window) / of);
        if (at > now)
            _counters[counter] = at;
        else
            _counters.Remove(counter);
    }

    private bool HasRoom(long now)
    {
        if (_counters.Count < MostCounters)
            return true;
        if (_swept != long.MinValue && now - _swept < Ticks(BetweenSweeps))
            return false;

        _swept = now;
        foreach (var (counter, at) in _counters)
            if (at <= now)
                _counters.Remove(counter);
        return _counters.Count < MostCounters;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    // One customer of an IPv6 network has 2^64 addresses: the network counts as one.
    private static UInt128 Network(IPAddress? address)
    {
        if (address is null)
            return 0;
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            return BinaryPrimitives.ReadUInt32BigEndian(address.MapToIPv4().GetAddressBytes());

        return new(BinaryPrimitives.ReadUInt64BigEndian(address.GetAddressBytes()), 0);
    }
}
