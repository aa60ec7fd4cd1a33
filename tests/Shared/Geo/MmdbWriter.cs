using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Signpost.Testing;

/// <summary>Makes MMDB files of any record size and layout, a network at a time.</summary>
internal sealed class MmdbWriter(int ipVersion = 6, int recordSize = 24)
{
    private readonly List<Node> _nodes = [new()];
    private readonly MmdbValueWriter _data = new();

    /// <summary>Seconds since 1970.</summary>
    public ulong BuildEpoch { get; init; } = 1_780_000_000;

    public string DatabaseType { get; init; } = "Test";

    /// <summary>Keys that replace or, with null, remove what the metadata would say.</summary>
    public Dictionary<string, object?> Metadata { get; } = [];

    /// <summary>Puts a record on a network; a more exact one comes after the wider one.</summary>
    /// <param name="record">Texts, numbers, maps (Dictionary), arrays (object[]), or a byte[] that is taken as it is.</param>
    public MmdbWriter Add(string network, object record)
    {
        var (bits, length) = Bits(IPNetwork.Parse(network));
        Set(bits, length, Slot.To(_data.WriteOnce(record)));
        return this;
    }

    /// <summary>Leads a network into the subtree of another, as MaxMind does for IPv4 below ::ffff:0:0/96.</summary>
    public MmdbWriter Alias(string network, string of)
    {
        var (bits, length) = Bits(IPNetwork.Parse(of));
        var node = 0;
        for (var i = 0; i < length; i++)
            node = Step(node, Bit(bits, i));
        (bits, length) = Bits(IPNetwork.Parse(network));
        Set(bits, length, Slot.ToNode(node));
        return this;
    }

    public byte[] Write()
    {
        var data = _data.ToArray();
        using var file = new MemoryStream();
        foreach (var node in _nodes)
            file.Write(Pack(Value(node[0]), Value(node[1])));
        file.Write(new byte[16]);
        file.Write(data);
        file.Write([0xab, 0xcd, 0xef, .. "MaxMind.com"u8]);

        Dictionary<string, object> metadata = new()
        {
            ["node_count"] = (uint)_nodes.Count,
            ["record_size"] = (ushort)recordSize,
            ["ip_version"] = (ushort)ipVersion,
            ["database_type"] = DatabaseType,
            ["languages"] = new object[] { "en" },
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = BuildEpoch,
            ["description"] = new Dictionary<string, object> { ["en"] = "Made for a test" },
        };
        foreach (var (key, value) in Metadata)
            if (value is null)
                metadata.Remove(key);
            else
                metadata[key] = value;
        var section = new MmdbValueWriter();
        section.Write(metadata);
        file.Write(section.ToArray());
        return file.ToArray();
    }

    private void Set(byte[] bits, int length, Slot slot)
    {
        var node = 0;
        for (var i = 0; i < length - 1; i++)
            node = Step(node, Bit(bits, i));
        _nodes[node][Bit(bits, length - 1)] = slot;
    }

    // When a part of a network gets a node of its own, the rest keeps the value of the whole network.
    private int Step(int node, int side)
    {
        var slot = _nodes[node][side];
        if (slot.Node is { } next)
            return next;
        _nodes.Add(new() { [0] = slot, [1] = slot });
        _nodes[node][side] = Slot.ToNode(_nodes.Count - 1);
        return _nodes.Count - 1;
    }

    private (byte[] Bits, int Length) Bits(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        return ipVersion == 4 || bytes.Length == 16
            ? (bytes, network.PrefixLength)
            : ([.. new byte[12], .. bytes], network.PrefixLength + 96);
    }

    private static int Bit(byte[] bits, int at) => (bits[at / 8] >> (7 - at % 8)) & 1;

    private uint Value(Slot slot) =>
        slot.Node is { } node ? (uint)node
        : slot.Data is { } data ? (uint)(_nodes.Count + 16 + data)
        : (uint)_nodes.Count;

    private byte[] Pack(uint left, uint right)
    {
        Span<byte> l = stackalloc byte[4];
        Span<byte> r = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(l, left);
        BinaryPrimitives.WriteUInt32BigEndian(r, right);
        return recordSize switch
        {
            24 => [.. l[1..], .. r[1..]],
            28 => [.. l[1..], (byte)((l[0] << 4) | r[0]), .. r[1..]],
            _ => [.. l, .. r],
        };
    }

    private readonly record struct Slot(int? Node, int? Data)
    {
        public static Slot To(int data) => new(null, data);

        public static Slot ToNode(int node) => new(node, null);
    }

    private sealed class Node
    {
        private readonly Slot[] _slots = new Slot[2];

        public Slot this[int side]
        {
            get => _slots[side];
            set => _slots[side] = value;
        }
    }
}

/// <summary>Writes values of the data section; equal texts and records stand there once, and are pointed to.</summary>
internal sealed class MmdbValueWriter
{
    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _texts = [];
    private readonly Dictionary<object, int> _records = [];

    public byte[] ToArray() => [.. _bytes];

    public int WriteOnce(object record)
    {
        if (_records.TryGetValue(record, out var known))
            return known;
        var at = _bytes.Count;
        Write(record);
        return _records[record] = at;
    }

    public void Write(object value)
    {
        switch (value)
        {
            case byte[] raw:
                _bytes.AddRange(raw);
                break;
            case string text when _texts.TryGetValue(text, out var at):
                WritePointer(at);
                break;
            case string text:
                _texts[text] = _bytes.Count;
                var utf8 = Encoding.UTF8.GetBytes(text);
                WriteControl(2, utf8.Length);
                _bytes.AddRange(utf8);
                break;
            case double number:
                WriteControl(3, 8);
                _bytes.AddRange(BitConverter.GetBytes(number).AsEnumerable().Reverse());
                break;
            case bool flag:
                WriteControl(14, flag ? 1 : 0);
                break;
            case ushort number:
                WriteNumber(5, number);
                break;
            case uint number:
                WriteNumber(6, number);
                break;
            case ulong number:
                WriteNumber(9, number);
                break;
            case object[] array:
                WriteControl(11, array.Length);
                foreach (var entry in array)
                    Write(entry);
                break;
            case Dictionary<string, object> map:
                WriteControl(7, map.Count);
                foreach (var (key, entry) in map)
                {
                    Write(key);
                    Write(entry);
                }
                break;
            default:
                throw new ArgumentException($"No MMDB value: {value}", nameof(value));
        }
    }

    private void WriteNumber(int type, ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        var digits = bytes.TrimStart((byte)0);
        WriteControl(type, digits.Length);
        _bytes.AddRange(digits);
    }

    private void WriteControl(int type, int size)
    {
        var (first, more) = size switch
        {
            < 29 => (size, 0),
            < 285 => (29, 1),
            < 65_821 => (30, 2),
            _ => (31, 3),
        };
        _bytes.Add((byte)((type <= 7 ? type << 5 : 0) | first));
        if (type > 7)
            _bytes.Add((byte)(type - 7));
        WriteBigEndian(
            more == 1 ? size - 29
                : more == 2 ? size - 285
                : size - 65_821,
            more
        );
    }

    private void WritePointer(int at)
    {
        var (size, rest) = at switch
        {
            < 2_048 => (0, at),
            < 2_048 + (1 << 19) => (1, at - 2_048),
            < 526_336 + (1 << 27) => (2, at - 526_336),
            _ => (3, at),
        };
        var high = size == 3 ? 0 : rest >> (8 * (size + 1));
        _bytes.Add((byte)((1 << 5) | (size << 3) | high));
        WriteBigEndian(rest, size + 1);
    }

    private void WriteBigEndian(int value, int bytes)
    {
        for (var i = bytes - 1; i >= 0; i--)
            _bytes.Add((byte)(value >> (8 * i)));
    }
}
