using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;
using Signpost.Core.Targeting;

namespace Signpost.Core.Tests.Clicks;

public sealed class ClickCodecTests
{
    [Fact]
    public void Every_click_comes_back_from_its_bytes()
    {
        var clicks =
            from link in ArbMap.Default.GeneratorFor<long>()
            from version in ArbMap.Default.GeneratorFor<int>()
            from at in ArbMap.Default.GeneratorFor<long>()
            from kind in ArbMap.Default.GeneratorFor<byte>()
            from status in ArbMap.Default.GeneratorFor<short>()
            from targeting in ArbMap.Default.GeneratorFor<byte>()
            from pair in ArbMap.Default.GeneratorFor<byte>()
            select new Click(link, version, at, (ClickKind)kind, status, new((TargetingKind)targeting, pair));

        Prop.ForAll(
                clicks.ToArbitrary(),
                click =>
                {
                    Span<byte> payload = stackalloc byte[ClickCodec.Length];
                    ClickCodec.Write(click, payload);

                    return ClickCodec.TryRead(ClickCodec.Version, payload, out var read) && read == click;
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        var payload = new byte[ClickCodec.Length];

        ClickCodec.Write(
            new(
                0x0102030405060708,
                0x11121314,
                0x2122232425262728,
                ClickKind.Person,
                302,
                new(TargetingKind.Rotation, 99)
            ),
            payload
        );

        Assert.Equal(
            "0807060504030201" + "14131211" + "2827262524232221" + "0D" + "2E01" + "06" + "63",
            Convert.ToHexString(payload)
        );
    }

    [Fact]
    public void A_click_of_the_first_version_is_read_as_one_without_a_pair()
    {
        var payload = Convert.FromHexString("0807060504030201" + "14131211" + "2827262524232221" + "0D" + "2E01");

        Assert.True(ClickCodec.TryRead(1, payload, out var click));
        Assert.Equal(
            new Click(0x0102030405060708, 0x11121314, 0x2122232425262728, ClickKind.Person, 302, AppliedPair.None),
            click
        );
        Assert.False(ClickCodec.TryRead(ClickCodec.Version, payload, out _));
    }

    [Theory]
    [InlineData(0, ClickCodec.Length)]
    [InlineData(1, ClickCodec.Length)]
    [InlineData(3, ClickCodec.Length)]
    [InlineData(JournalFrame.GapVersion, ClickCodec.Length)]
    [InlineData(ClickCodec.Version, 0)]
    [InlineData(ClickCodec.Version, ClickCodec.Length - 1)]
    [InlineData(ClickCodec.Version, ClickCodec.Length + 1)]
    public void Another_version_or_length_is_not_guessed_at(byte version, int length)
    {
        Assert.False(ClickCodec.TryRead(version, new byte[length], out _));
    }
}
