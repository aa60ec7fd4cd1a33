namespace Signpost.ClickStore.Reading;

/// <summary>A set of links that is asked about each link of each day.</summary>
internal sealed class LinkSet
{
    /// <summary>With more bits, a table of hashes takes less memory.</summary>
    private const long MostBits = 1 << 26;

    private readonly long _first;
    private readonly ulong[] _bits = [];
    private readonly HashSet<long> _others = [];

    /// <param name="links">In order.</param>
    public LinkSet(List<long> links)
    {
        if (links is not [var first, .., var last])
        {
            _others = [.. links];
            return;
        }

        if (last - first >= MostBits)
        {
            _others = [.. links];
            return;
        }

        (_first, _bits) = (first, new ulong[(last - first) / 64 + 1]);
        foreach (var link in links)
            _bits[(link - first) / 64] |= 1UL << (int)((link - first) % 64);
    }

    public bool Contains(long link)
    {
        var bit = (ulong)(link - _first);
        return bit / 64 < (ulong)_bits.Length
            ? (_bits[bit / 64] & (1UL << (int)(bit % 64))) != 0
            : _others.Contains(link);
    }
}
