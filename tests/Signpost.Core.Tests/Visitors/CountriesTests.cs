using System.Text;
using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Visitors;

public sealed class CountriesTests
{
    [Fact]
    public void Each_country_of_iso_is_on_one_continent()
    {
        Assert.Equal(249, Countries.Codes.Count);
        Assert.All(
            Countries.Codes,
            code =>
            {
                Assert.NotNull(Countries.ContinentOf(code));
                Assert.Same(Countries.Find(code), Countries.Find(Encoding.ASCII.GetBytes(code.ToLowerInvariant())));
            }
        );
    }

    [Theory]
    [InlineData("US", "NA")]
    [InlineData("br", "SA")]
    [InlineData("DE", "EU")]
    [InlineData("RU", "EU")]
    [InlineData("TR", "AS")]
    [InlineData("EG", "AF")]
    [InlineData("AU", "OC")]
    [InlineData("AQ", "AN")]
    [InlineData("XK", "EU")]
    [InlineData("EU", "EU")]
    [InlineData("AP", null)]
    [InlineData("ZZ", null)]
    [InlineData("D", null)]
    [InlineData("DE ", null)]
    [InlineData("", null)]
    public void A_code_tells_its_continent(string code, string? continent) =>
        Assert.Equal(continent, Countries.ContinentOf(code));

    [Fact]
    public void Bytes_and_characters_of_every_kind_are_taken_alike()
    {
        for (var first = 0; first < 256; first++)
        for (var second = 0; second < 256; second++)
        {
            ReadOnlySpan<byte> bytes = [(byte)first, (byte)second];
            ReadOnlySpan<char> text = [(char)first, (char)second];
            Assert.Equal(Countries.Find(bytes), Countries.Find(text));
            Assert.Equal(Countries.ContinentOf(bytes), Countries.ContinentOf(text));
            Assert.Equal(Countries.FindContinent(bytes), Countries.FindContinent(text));
        }
    }

    [Fact]
    public void What_ISO_has_not_assigned_is_no_aim_for_a_link()
    {
        Assert.DoesNotContain(Countries.Codes, code => code is "XK" or "UK" or "EU");
    }
}
