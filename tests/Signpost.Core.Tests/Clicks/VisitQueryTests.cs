using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;

namespace Signpost.Core.Tests.Clicks;

public sealed class VisitQueryTests
{
    [Theory]
    [InlineData("utm_source=news", "news")]
    [InlineData("a=b&utm_source=news&c", "news")]
    [InlineData("utm_source=first&utm_source=second", "first")]
    [InlineData("utm_source=&utm_source=second", "second")]
    [InlineData("utm%5Fsource=escaped", "escaped")]
    [InlineData("%75%74%6D%5F%73%6F%75%72%63%65=escaped", "escaped")]
    [InlineData("utm_source=a=b", "a=b")]
    [InlineData("utm_source=a+b%20c%C3%A9", "a b cé")]
    [InlineData("utm_source=100%&x", "100%")]
    [InlineData("utm_source=%zz", "%zz")]
    [InlineData("&&&=&utm_source", "")]
    [InlineData("UTM_SOURCE=case", "")]
    [InlineData("utm_source2=other", "")]
    [InlineData("utm%5Fsourc=short", "")]
    [InlineData("utm_sourc%=broken", "")]
    [InlineData("", "")]
    public void The_source_is_found_as_a_form_would_find_it(string query, string expected) =>
        Assert.Equal(expected, Decoded(VisitQuery.Read(query, default).Source, 256));

    [Theory]
    [InlineData("qr=1", true, false)]
    [InlineData("qr", true, false)]
    [InlineData("a=b&qr=", true, false)]
    [InlineData("q%72=1&quiet", true, true)]
    [InlineData("quiet=0", false, true)]
    [InlineData("qrs=1&noquiet", false, false)]
    public void Marks_are_found_with_any_value(string query, bool isQr, bool isUntracked)
    {
        var read = VisitQuery.Read(query, "quiet");

        Assert.Equal((isQr, isUntracked), (read.IsQr, read.IsUntracked));
    }

    [Fact]
    public void What_is_decoded_is_what_the_base_library_decodes()
    {
        var texts = Gen.Elements('a', '+', '%', '2', 'C', '3', 'A', '9', 'é', '漢')
            .ArrayOf()
            .Select(one => new string(one));

        Prop.ForAll(texts.ToArbitrary(), text => Assert.Equal(WebUtility.UrlDecode(text), Decoded(text, 10_000)))
            .Check(Laws.Over(1_000));
    }

    [Theory]
    [InlineData("aé", 2, "a")]
    [InlineData("a%C3%A9", 2, "a")]
    [InlineData("a%C3%A9b", 3, "aé")]
    [InlineData("漢漢", 5, "漢")]
    [InlineData("%F0%9F%98%80", 3, "")]
    [InlineData("%80%80%80", 2, "\uFFFD\uFFFD")]
    public void A_long_one_is_cut_between_characters(string value, int room, string expected) =>
        Assert.Equal(expected, Decoded(value, room));

    private static string Decoded(ReadOnlySpan<char> value, int room)
    {
        var bytes = new byte[room];
        return Encoding.UTF8.GetString(bytes, 0, VisitQuery.Decode(value, bytes));
    }
}
