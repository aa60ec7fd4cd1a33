using System.Buffers.Binary;
using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Visitors;
using Signpost.Testing;

namespace Signpost.Core.Tests.Visitors;

public sealed class MmdbDamageTests
{
    private static readonly byte[][] Sound =
    [
        .. from version in (int[])[4, 6]
        from size in (int[])[24, 28, 32]
        select new MmdbWriter(version, size)
            .Add("0.0.0.0/2", GeoRecord.Nested("FR", "EU", "Paris", "BE"))
            .Add("64.0.0.0/2", GeoRecord.Flat("US", "New York"))
            .Add("96.0.0.0/3", GeoRecord.Flat("US", "Boston"))
            .Add(
                "128.0.0.0/1",
                new Dictionary<string, object> { ["country"] = "JP", ["many"] = new object[] { 1u, true } }
            )
            .Write(),
    ];

    private static readonly IPAddress[] Addresses =
    [
        .. Enumerable.Range(0, 64).Select(i => new IPAddress([(byte)(i * 4), 1, 2, 3])),
        IPAddress.IPv6Any,
        IPAddress.Parse("2001:db8::1"),
        IPAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        IPAddress.Parse("::ffff:1.2.3.4"),
    ];

    [Fact]
    public void A_damaged_file_is_refused_or_answers_every_look_up()
    {
        Prop.ForAll(
                ArbMap.Default.ArbFor<int>().Generator.ArrayOf().Three().ToArbitrary(),
                changes =>
                {
                    var file = (byte[])Sound[Math.Abs(changes.Item1.Sum() % Sound.Length)].Clone();
                    foreach (var (at, value) in changes.Item2.Zip(changes.Item3))
                        // Half of them in the metadata, where a byte means most.
                        file[at % 2 == 0 ? Wrap(at, file.Length) : file.Length - 1 - Wrap(at, 200)] = (byte)value;
                    AnswerOrRefuse(file);
                }
            )
            .Check(Laws.Over(3000));
    }

    [Fact]
    public void Single_damaged_bytes_are_refused_or_harmless()
    {
        var answered = 0;
        foreach (var sound in Sound.Take(4))
            for (var at = 0; at < sound.Length; at++)
                foreach (var value in (byte[])[0, 1, 0x1f, 0x20, 0x3f, 0x5d, 0xe1, 0xff, (byte)(sound[at] ^ 0x80)])
                {
                    var file = (byte[])sound.Clone();
                    file[at] = value;
                    answered += AnswerOrRefuse(file) ? 1 : 0;
                }

        // Most bytes are of texts and numbers, where any value will do.
        Assert.InRange(answered, 100, int.MaxValue);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused_or_harmless()
    {
        foreach (var sound in Sound)
        {
            for (var length = 0; length < sound.Length; length++)
                AnswerOrRefuse(sound[..length]);
            for (var start = 1; start < sound.Length; start++)
                AnswerOrRefuse(sound[start..]);
        }
    }

    public static TheoryData<string, object?, string> Metadata =>
        new()
        {
            { "node_count", null, "node_count" },
            { "node_count", "many", "node_count" },
            { "node_count", (1UL << 32) + 1, "node_count" },
            { "record_size", (1UL << 32) + 24, "record_size" },
            { "node_count", 1_000_000u, "too short for its search tree" },
            { "node_count", uint.MaxValue, "too short for its search tree" },
            { "record_size", (ushort)16, "16 bits" },
            { "record_size", null, "record_size" },
            { "ip_version", (ushort)5, "IP version 5" },
            { "binary_format_major_version", (ushort)3, "version 3" },
            { "build_epoch", ulong.MaxValue, "build_epoch" },
            { "database_type", 5u, "database_type" },
        };

    [Theory]
    [MemberData(nameof(Metadata))]
    public void Metadata_that_is_not_understood_is_named(string key, object? value, string named)
    {
        var file = new MmdbWriter(4).Add("1.0.0.0/8", GeoRecord.Flat("FR"));
        file.Metadata[key] = value;

        Assert.Contains(named, Refused(file.Write()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<!doctype html>")]
    [InlineData("\u001f\u008b an archive")]
    public void What_is_no_mmdb_file_is_told_so(string content) =>
        Assert.Contains("not an MMDB file", Refused(Encoding.Latin1.GetBytes(content)), StringComparison.Ordinal);

    public static TheoryData<byte[], string> Records =>
        new()
        {
            // A pointer to itself, and a map that holds itself.
            { [0x20, 0x00], "pointer to which a pointer points" },
            { [0xe1, 0x41, (byte)'a', 0x20, 0x00], "nests deeper" },
            { [0x01, 0x04, 0x20, 0x00], "nests deeper" },
            // Beyond the end: a pointer, a text, a map.
            { [0x38, 0xff, 0xff, 0xff, 0xff], "goes beyond" },
            { [0x5d, 0xff, (byte)'a'], "goes beyond" },
            { [0xff, 0xff, 0xff, 0xff], "map's key" },
            // Types that are none, or not in files.
            { [0x00, 0x00], "unknown type" },
            { [0x00, 0x05], "unknown type" },
            { [0x00, 0x06], "unknown type" },
            { [0x00, 0xff], "unknown type" },
            // A double of 7 bytes, a number of 3 bytes where 2 fit, a boolean of 2.
            { [0x67, 0, 0, 0, 0, 0, 0, 0], "unknown type" },
            { [0xa3, 0, 0, 0], "unknown type" },
            { [0x02, 0x07], "unknown type" },
            { [0xe1, 0xa1, 0x01, 0xa1, 0x01], "map's key" },
            { [0x42, 0xc3, 0x28], "not UTF-8" },
        };

    [Theory]
    [MemberData(nameof(Records))]
    public void A_damaged_record_is_named_with_its_place(byte[] record, string named)
    {
        var message = Refused(new MmdbWriter(4).Add("1.0.0.0/8", record).Write());

        Assert.Contains("at byte ", message, StringComparison.Ordinal);
        Assert.Contains(named, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "leads back to itself")]
    [InlineData(5_000_000, "points outside of the data")]
    public void A_tree_that_goes_astray_is_refused(int record, string named)
    {
        var file = new MmdbWriter(4, 32).Add("128.0.0.0/2", GeoRecord.Flat("FR")).Write();
        // The right record of the root leads to the second node; that one's right record goes astray.
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(12), record);

        Assert.Contains(named, Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_overlap_a_million_times_cost_little()
    {
        // A record on each byte of a long text of bytes that all begin arrays: each would run through all that follow.
        var bytes = new byte[60_000];
        for (var i = 0; i < bytes.Length; i += 2)
            (bytes[i], bytes[i + 1]) = (0x1e, 0x04);
        var file = new MmdbWriter(4, 32);
        for (var i = 0; i < 4_000; i++)
            file.Add($"7.{i >> 8}.{i & 255}.0/24", i == 0 ? bytes : bytes[..2]);

        // Without a budget this would take minutes.
        AnswerOrRefuse(file.Write());
    }

    [Fact]
    public void A_record_with_more_parts_than_any_has_is_given_up()
    {
        var many = Enumerable.Range(0, 100_000).ToDictionary(i => $"k{i}", object (i) => (uint)i);
        many["country_code"] = "FR";
        var places = MmdbReader.Open(new MmdbWriter(4).Add("1.0.0.0/8", many).Write());

        Assert.Equal(default, places.Find(IPAddress.Parse("1.2.3.4")));
    }

    private static int Wrap(int value, int length) => (int)((uint)value % (uint)length);

    // True: it was opened and answered.
    private static bool AnswerOrRefuse(byte[] file)
    {
        MmdbReader places;
        try
        {
            places = MmdbReader.Open(file);
        }
        catch (MmdbFormatException error)
        {
            Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
            return false;
        }
        foreach (var address in Addresses)
            places.Find(address);
        return true;
    }

    private static string Refused(byte[] file) =>
        Assert.Throws<MmdbFormatException>(() => MmdbReader.Open(file)).Message;
}
