using System.Text;

namespace Signpost.Core.Visitors;

/// <summary>The description that an MMDB file has of itself, after its last marker.</summary>
/// <param name="NodeCount">Nodes of the search tree, two records each.</param>
/// <param name="RecordSize">Bits of a record: 24, 28 or 32.</param>
/// <param name="IpVersion">4, or 6 for a tree of 128 bits, which usually holds IPv4 below ::/96.</param>
/// <param name="DatabaseType">The maker's name for the kind of data, safe to print.</param>
public sealed record MmdbMetadata(
    uint NodeCount,
    int RecordSize,
    int IpVersion,
    string DatabaseType,
    DateTimeOffset BuiltAt
)
{
    /// <summary>The format limits metadata with its marker to so many bytes.</summary>
    private const int LargestSection = 128 << 10;

    private const int LongestType = 64;
    private const ulong LastSecond = 253_402_300_799;

    private static readonly byte[] Marker = [0xab, 0xcd, 0xef, .. "MaxMind.com"u8];

    public long TreeBytes => (long)NodeCount * RecordSize / 4;

    /// <summary>Finds and reads the metadata.</summary>
    /// <param name="start">The start of the marker and end of the data.</param>
    internal static MmdbMetadata Read(ReadOnlySpan<byte> file, out int start)
    {
        var tail = file[Math.Max(0, file.Length - LargestSection)..];
        var marker = tail.LastIndexOf(Marker);
        if (marker < 0)
            throw new MmdbFormatException(
                "It is not an MMDB file, or its end is missing: the metadata's marker is not there."
            );
        start = file.Length - tail.Length + marker;

        var section = tail[(marker + Marker.Length)..];
        new MmdbCheck(section).CheckValue(0);
        var data = new MmdbData(section);
        var at = 0;
        if (!data.TryReadValue(ref at, out var map) || map.Type != MmdbType.Map)
            throw new MmdbFormatException("Its metadata is damaged.");

        if (Number(ref data, map, "binary_format_major_version"u8, int.MaxValue) is not 2 and var version)
            throw new MmdbFormatException($"It has version {version} of the format, and only 2 is known.");
        var metadata = new MmdbMetadata(
            (uint)Number(ref data, map, "node_count"u8, uint.MaxValue),
            (int)Number(ref data, map, "record_size"u8, int.MaxValue),
            (int)Number(ref data, map, "ip_version"u8, int.MaxValue),
            TypeOf(ref data, map),
            BuildTime(ref data, map)
        );
        if (metadata.RecordSize is not (24 or 28 or 32))
            throw new MmdbFormatException(
                $"Its records have {metadata.RecordSize} bits, and only 24, 28 and 32 are known."
            );
        if (metadata.IpVersion is not (4 or 6))
            throw new MmdbFormatException(
                $"Its addresses are of IP version {metadata.IpVersion}, and only 4 and 6 are known."
            );
        return metadata;
    }

    private static ulong Number(ref MmdbData data, in MmdbField map, ReadOnlySpan<byte> key, ulong most) =>
        data.TryFind(map, key, out var field) && data.TryReadNumber(field, out var number) && number <= most
            ? number
            : throw new MmdbFormatException($"Its metadata lacks a sound {Encoding.UTF8.GetString(key)}.");

    private static DateTimeOffset BuildTime(ref MmdbData data, in MmdbField map) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Number(ref data, map, "build_epoch"u8, LastSecond));

    // The operator's terminal prints it, and would interpret control characters.
    private static string TypeOf(ref MmdbData data, in MmdbField map)
    {
        if (!data.TryFind(map, "database_type"u8, out var field) || field.Type != MmdbType.Text)
            throw new MmdbFormatException("Its metadata lacks a sound database_type.");
        var type = string.Concat(Encoding.UTF8.GetString(data.Payload(field)).Where(c => !char.IsControl(c)));
        return type.Length <= LongestType ? type : type[..LongestType];
    }
}
