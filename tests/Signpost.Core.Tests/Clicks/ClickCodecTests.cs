using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;

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
            select new Click(link, version, at, (ClickKind)kind, status);

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

        ClickCodec.Write(new Click(0x0102030405060708, 0x11121314, 0x2122232425262728, ClickKind.Person, 302), payload);

        Assert.Equal(
            "0807060504030201" + "14131211" + "2827262524232221" + "0D" + "2E01",
            Convert.ToHexString(payload)
        );
    }

    [Theory]
    [InlineData(0, ClickCodec.Length)]
    [InlineData(2, ClickCodec.Length)]
    [InlineData(JournalFrame.GapVersion, ClickCodec.Length)]
    [InlineData(ClickCodec.Version, 0)]
    [InlineData(ClickCodec.Version, ClickCodec.Length - 1)]
    [InlineData(ClickCodec.Version, ClickCodec.Length + 1)]
    public void Another_version_or_length_is_not_guessed_at(byte version, int length)
    {
        Assert.False(ClickCodec.TryRead(version, new byte[length], out _));
    }
}
