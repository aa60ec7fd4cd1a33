using Signpost.Core.Clicks;

namespace Signpost.Core.Tests.Clicks;

public sealed class SegmentHeaderTests
{
    private static readonly SegmentHeader Header = new(
        new Guid("0190a0b1-0000-7000-8000-000000000001"),
        7,
        1_700_000_000_000,
        "node-1"
    );

    [Fact]
    public void A_header_comes_back_from_its_bytes()
    {
        Assert.Equal(Header, SegmentHeader.Read(Bytes(Header)));
    }

    [Fact]
    public void A_header_with_any_bit_flipped_is_none()
    {
        for (var bit = 0; bit < SegmentHeader.Size * 8; bit++)
        {
            var bytes = Bytes(Header);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null(SegmentHeader.Read(bytes));
        }
    }

    [Fact]
    public void A_header_cut_short_is_none()
    {
        Assert.Null(SegmentHeader.Read(Bytes(Header).AsSpan(0, SegmentHeader.Size - 1)));
    }

    [Fact]
    public void A_long_node_name_is_cut_between_characters()
    {
        var read = SegmentHeader.Read(Bytes(Header with { Node = new string('é', 100) }));

        Assert.Equal(new string('é', 39), read?.Node);
    }

    private static byte[] Bytes(SegmentHeader header)
    {
        var bytes = new byte[SegmentHeader.Size];
        header.Write(bytes);
        return bytes;
    }
}
