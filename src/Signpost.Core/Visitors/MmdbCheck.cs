using System.Text.Unicode;

namespace Signpost.Core.Visitors;

/// <summary>
/// Checks everything in an MMDB file that a look-up could reach: each node and each value once, so the time grows
/// with the file's size, whatever the bytes are. The first error ends it.
/// </summary>
internal ref struct MmdbCheck
{
    // Real data nests five deep. A cycle reaches this limit soon enough.
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> _section;
    private readonly MmdbData _data;
    private readonly ulong[] _checked;
    private long _budget;

    public MmdbCheck(ReadOnlySpan<byte> section)
    {
        _section = section;
        _data = new(section);
        _checked = new ulong[section.Length / 64 + 1];
        // Valid values do not overlap, except for records that point into others.
        _budget = 4L * section.Length + 1024;
    }

    /// <summary>True once a map with a country among its keys was found.</summary>
    public bool HasCountries { get; private set; }

    /// <summary>Checks every node that an address can reach, and every value that a node or a pointer points to.</summary>
    public void CheckTree(ReadOnlySpan<byte> file, MmdbTree tree, int bits)
    {
        if (tree.NodeCount == 0)
            return;

        // The path to the current node. There is no recursion, because this runs over millions of nodes.
        Span<uint> way = stackalloc uint[128];
        Span<byte> sides = stackalloc byte[128];
        var seen = new ulong[tree.NodeCount / 64 + 1];
        Mark(seen, 0);
        way[0] = 0;
        sides[0] = 0;

        for (var depth = 0; depth >= 0; )
        {
            var node = way[depth];
            if (sides[depth] == 2)
            {
                depth--;
                continue;
            }

            var child = tree.Child(file, node, sides[depth]++);
            if (child == tree.NodeCount)
                continue;
            if (child > tree.NodeCount)
            {
                CheckRecord((long)child - tree.NodeCount - MmdbTree.Separator, node);
                continue;
            }

            // Networks may share nodes: IPv4 has several ways into a tree of IPv6.
            if (!Mark(seen, child))
            {
                if (way[..(depth + 1)].Contains(child))
                    throw new MmdbFormatException($"Node {node} of its search tree leads back to itself.");
                continue;
            }
            if (depth + 1 == bits)
                throw new MmdbFormatException($"Its search tree goes deeper than an address, at node {node}.");
            way[++depth] = child;
            sides[depth] = 0;
        }
    }

    /// <summary>Checks the value at this place and all its parts.</summary>
    public void CheckValue(int at)
    {
        if (IsMarked(_checked, (uint)at))
            return;
        Check(at, 0);
        Mark(_checked, (uint)at);
    }

    private void CheckRecord(long at, uint node)
    {
        if (at < 0 || at >= _section.Length)
            throw new MmdbFormatException($"Node {node} of its search tree points outside of the data.");
        CheckValue((int)at);
    }

    private int Check(int at, int depth)
    {
        if (depth > Deepest)
            throw Damaged(at, $"nests deeper than {Deepest} levels, or holds itself");
        if (!_data.TryReadField(at, out var field))
            throw Damaged(at, "is of an unknown type, or goes beyond the data");
        _budget -= 1 + field.Payload;
        if (_budget < 0)
            throw Damaged(at, "overlaps with too many others");

        switch (field.Type)
        {
            case MmdbType.Pointer:
                CheckTarget(field.Start, depth + 1);
                return field.Next;
            case MmdbType.Text when !Utf8.IsValid(_data.Payload(field)):
                throw Damaged(at, "is text that is not UTF-8");
            case MmdbType.Array:
                return CheckEntries(field, depth);
            case MmdbType.Map:
                return CheckPairs(field, depth);
            default:
                return field.Next;
        }
    }

    // Marked only when all of it is valid: so a cycle is entered again, until it is too deep.
    private void CheckTarget(int at, int depth)
    {
        if (_data.TryReadField(at, out var target) && target.Type == MmdbType.Pointer)
            throw Damaged(at, "is a pointer to which a pointer points");
        if (IsMarked(_checked, (uint)at))
            return;
        Check(at, depth);
        Mark(_checked, (uint)at);
    }

    private int CheckEntries(in MmdbField array, int depth)
    {
        var at = array.Next;
        for (var i = 0; i < array.Size; i++)
            at = Check(at, depth + 1);
        return at;
    }

    private int CheckPairs(in MmdbField map, int depth)
    {
        var at = map.Next;
        for (var i = 0; i < map.Size; i++)
        {
            var value = at;
            if (!_data.TryReadValue(ref value, out var key) || key.Type != MmdbType.Text)
                throw Damaged(at, "is a map's key and not text");
            HasCountries = HasCountries || MmdbPlace.IsCountry(_data.Payload(key));
            at = Check(at, depth + 1);
            at = Check(at, depth + 1);
        }
        return at;
    }

    private static MmdbFormatException Damaged(int at, string how) =>
        new($"Its data is damaged: the value at byte {at} of the data {how}.");

    private static bool IsMarked(ulong[] marks, uint at) => (marks[at >> 6] & (1UL << (int)(at & 63))) != 0;

    /// <summary>False if it was marked before.</summary>
    private static bool Mark(ulong[] marks, uint at)
    {
        ref var word = ref marks[at >> 6];
        var bit = 1UL << (int)(at & 63);
        if ((word & bit) != 0)
            return false;
        word |= bit;
        return true;
    }
}
