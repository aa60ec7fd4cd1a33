using System.Net;
using System.Net.Sockets;

namespace Signpost.Core.Visitors;

/// <summary>
/// Finds places in an MMDB file (https://maxmind.github.io/MaxMind-DB/, version 2.0), country or city data. The whole file
/// is checked when it is opened; after that no look-up fails.
/// <code>
/// file   | search tree | 16 zeros | data | marker | metadata |
/// </code>
/// </summary>
public sealed class MmdbReader
{
    private const int MappedPrefix = 12;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly Range _section;
    private readonly MmdbTree _tree;
    private readonly uint _ipv4Start;
    private readonly SeenPlaces _seen = new();

    private MmdbReader(
        ReadOnlyMemory<byte> file,
        MmdbMetadata metadata,
        MmdbTree tree,
        Range section,
        bool hasCountries
    )
    {
        (_file, Metadata, _tree, _section, HasCountries) = (file, metadata, tree, section, hasCountries);
        // IPv4 is ::a.b.c.d in a tree of IPv6: the 96 zeros are followed once.
        _ipv4Start = metadata.IpVersion == 6 ? tree.Walk(file.Span, 0, stackalloc byte[MappedPrefix]) : 0;
    }

    public MmdbMetadata Metadata { get; }

    /// <summary>Whether any record can name a country.</summary>
    public bool HasCountries { get; }

    /// <summary>Checks the file and prepares look-ups.</summary>
    /// <param name="file">It must not change any more.</param>
    /// <exception cref="MmdbFormatException">It is damaged, or no MMDB file.</exception>
    public static MmdbReader Open(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        var metadata = MmdbMetadata.Read(bytes, out var end);
        var start = metadata.TreeBytes + MmdbTree.Separator;
        if (start > end)
            throw new MmdbFormatException(
                $"It is too short for its search tree: {metadata.NodeCount} nodes of {metadata.RecordSize / 4} bytes."
            );
        var section = (int)start..end;
        if (bytes[(int)metadata.TreeBytes..(int)start].ContainsAnyExcept((byte)0))
            throw new MmdbFormatException("The zeros between its search tree and its data are not there.");

        var tree = new MmdbTree(metadata.NodeCount, metadata.RecordSize);
        var check = new MmdbCheck(bytes[section]);
        check.CheckTree(bytes, tree, metadata.IpVersion == 6 ? 128 : 32);
        return new(file, metadata, tree, section, check.HasCountries);
    }

    /// <summary>The place of an address. Allocates nothing for a record that was found recently.</summary>
    public Place Find(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length))
            return default;

        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        var bits = bytes[..length];
        if (!isIPv4 && IsMapped(bits))
        {
            isIPv4 = true;
            bits = bits[MappedPrefix..];
        }
        if (!isIPv4 && Metadata.IpVersion == 4)
            return default;

        var place = Find(bits, isIPv4 ? _ipv4Start : 0);
        // The owner of the file's memory may free it when nobody holds this reader.
        GC.KeepAlive(this);
        return place;
    }

    private Place Find(ReadOnlySpan<byte> address, uint start)
    {
        var file = _file.Span;
        var record = _tree.Walk(file, start, address);
        if (record <= _tree.NodeCount)
            return default;
        if (_seen.TryFind(record, out var place))
            return place;

        var section = file[_section];
        var at = (long)record - _tree.NodeCount - MmdbTree.Separator;
        if (at < 0 || at >= section.Length)
            return default;

        place = MmdbPlace.Read(section, (int)at);
        _seen.Remember(record, place);
        return place;
    }

    // ::ffff:a.b.c.d, as a socket for both versions shows IPv4.
    private static bool IsMapped(ReadOnlySpan<byte> address) =>
        address[..10].ContainsAnyExcept((byte)0) is false && address[10] == 0xff && address[11] == 0xff;
}
