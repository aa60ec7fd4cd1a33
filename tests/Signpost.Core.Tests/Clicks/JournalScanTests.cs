using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;

namespace Signpost.Core.Tests.Clicks;

public sealed class JournalScanTests
{
    private static readonly byte[][] Payloads = [.. Enumerable.Range(0, 12).Select(i => Bytes(i * 5, i))];
    private static readonly int[] Ends =
    [
        .. Payloads.Select((_, i) => Payloads[..(i + 1)].Sum(p => JournalFrame.SizeOf(p.Length))),
    ];

    [Fact]
    public void All_that_was_written_is_read_and_nothing_else()
    {
        var payloads = Gen.ListOf(Gen.Choose(0, 300).Select(length => Bytes(length, length))).ToArbitrary();

        Prop.ForAll(
                payloads,
                written =>
                {
                    var (read, offset, end) = SegmentBytes.Scan(SegmentBytes.Of(written, zeros: 64));

                    return end is SegmentEnd.Clean
                        && offset == written.Sum(payload => JournalFrame.SizeOf(payload.Length))
                        && read.Count == written.Count
                        && read.Zip(written).All(pair => pair.First.SequenceEqual(pair.Second));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public void Cut_at_any_byte_the_longest_valid_prefix_is_read(int zeros)
    {
        var whole = SegmentBytes.Of(Payloads, zeros: 0);

        for (var cut = 0; cut <= whole.Length; cut++)
        {
            var (read, offset, end) = SegmentBytes.Scan([.. whole[..cut], .. new byte[zeros]]);

            // Where the cut bytes were zeros anyway, nothing is missing.
            var kept = Ends.Count(e =>
                e <= cut || (zeros > 0 && whole.AsSpan(cut, e - cut).IndexOfAnyExcept((byte)0) < 0)
            );
            Assert.Equal(kept, read.Count);
            Assert.Equal(kept == 0 ? 0 : Ends[kept - 1], offset);
            Assert.NotEqual(SegmentEnd.Damaged, end);
        }
    }

    [Fact]
    public void Whatever_bit_is_flipped_nothing_is_read_that_was_not_written()
    {
        var whole = SegmentBytes.Of(Payloads, zeros: 10_000);
        var written = Ends[^1];

        for (var bit = 0; bit < written * 8; bit++)
        {
            var flipped = whole.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var (read, offset, end) = SegmentBytes.Scan(flipped);

            var intact = Ends.Count(e => e <= bit / 8);
            Assert.Equal(Payloads[..intact], read);
            Assert.Equal(intact == 0 ? 0 : Ends[intact - 1], offset);
            Assert.Equal(intact == Payloads.Length - 1 ? SegmentEnd.Torn : SegmentEnd.Damaged, end);
        }
    }

    [Fact]
    public void A_byte_far_behind_the_last_record_is_damage_and_no_torn_record()
    {
        var segment = SegmentBytes.Of(Payloads, zeros: 10_000);
        segment[Ends[^1] + JournalFrame.MaxSize] = 1;

        Assert.Equal(SegmentEnd.Damaged, SegmentBytes.Scan(segment).End);
    }

    [Fact]
    public void Zeros_before_a_valid_record_are_damage()
    {
        var segment = SegmentBytes.Of(Payloads, zeros: 100);
        segment.AsSpan(Ends[3], Ends[5] - Ends[3]).Clear();

        var (read, offset, end) = SegmentBytes.Scan(segment);

        Assert.Equal(4, read.Count);
        Assert.Equal(Ends[3], offset);
        Assert.Equal(SegmentEnd.Damaged, end);
    }

    [Fact]
    public void A_record_copied_to_another_place_is_none()
    {
        var segment = SegmentBytes.Of(Payloads, zeros: 1_000);
        segment.AsSpan(Ends[4], Ends[5] - Ends[4]).CopyTo(segment.AsSpan(Ends[^1]));

        Assert.Equal(Payloads.Length, SegmentBytes.Scan(segment).Payloads.Count);
    }

    [Fact]
    public void A_gap_is_stepped_over_whatever_is_in_it()
    {
        var segment = SegmentBytes.Of(Payloads, zeros: 0);
        segment.AsSpan(Ends[3], Ends[8] - Ends[3]).Fill(0xAB);
        JournalFrame.WriteGap(segment.AsSpan(Ends[3]), SegmentBytes.Seed, Ends[3], Ends[8] - Ends[3]);

        var (read, offset, end) = SegmentBytes.Scan(segment);

        Assert.Equal([.. Payloads[..4], [], .. Payloads[9..]], read);
        Assert.Equal(segment.Length, offset);
        Assert.Equal(SegmentEnd.Clean, end);
    }

    [Fact]
    public void Bytes_of_chance_are_never_read_as_records()
    {
        var bytes = ArbMap.Default.GeneratorFor<byte>().ArrayOf(5_000).ToArbitrary();

        Prop.ForAll(bytes, segment => SegmentBytes.Scan(segment).Payloads.Count == 0).QuickCheckThrowOnFailure();
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
