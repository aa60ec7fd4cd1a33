using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;

namespace Signpost.Core.Tests.Redirecting;

public sealed class DestinationBuilderTests
{
    private const string Home = "https://example.com/";

    private static readonly string[] Pieces =
    [
        .. "a b A a%20b a+b %61 \u00E9 %C3%A9 %c3%a9 = == & && ? # / + % %4 %zz %25 %ff %FE %00 %0d%0a [] a[] utm_source".Split(
            ' '
        ),
        .. "1 2 ; : @ ' \" < > \\ { | } ^ ` https://evil.example/ //evil.example \u202E \uD83D\uDE00 \uD83D \uDE00 \0 \r \n \t \u0085".Split(
            ' '
        ),
        .. "a=1 a=2 b=1 =1 a=1& &b=2".Split(' '),
        " ",
    ];

    private static readonly Gen<string> Queries = Gen.Choose(0, 12)
        .SelectMany(count => Gen.Elements(Pieces).ListOf(count))
        .Select(string.Concat);

    private static readonly Gen<string> Destinations = Gen.Elements(
            Home,
            Home + "a%2Fb",
            "http://[::1]:8080/",
            "https://xn--bcher-kva.example/"
        )
        .SelectMany(
            _ => Gen.OneOf(Gen.Constant(""), Queries.Select(query => "?" + query)),
            (start, query) => start + query.Replace("#", "", StringComparison.Ordinal)
        )
        .SelectMany(_ => Gen.Elements("", "#", "#top", "#a?b=1&c"), (start, fragment) => start + fragment)
        .Select(text => TargetUrl.TryParse(text, out var url, out _) ? url.Text : Home);

    [Theory]
    [InlineData("", "a=1", "?a=1")]
    [InlineData("?", "a=1", "?a=1")]
    [InlineData("#top", "a=1", "?a=1#top")]
    [InlineData("?#top", "a=1", "?a=1#top")]
    [InlineData("?x=1", "a=1", "?x=1&a=1")]
    [InlineData("?x=1#top?a=0", "a=1", "?x=1&a=1#top?a=0")]
    [InlineData("?a=0", "a=1", "?a=1")]
    [InlineData("?a=0&x=1&a=2", "a=1", "?x=1&a=1")]
    [InlineData("?x=1&y=2&z=3", "y=9", "?x=1&z=3&y=9")]
    [InlineData("", "a=1&b=2&a=3", "?a=1&b=2&a=3")]
    [InlineData("?a=0", "a=1&a=2", "?a=1&a=2")]
    [InlineData("?a=0", "A=1", "?a=0&A=1")]
    [InlineData("?a%20b=0&x", "a+b=1", "?x&a+b=1")]
    [InlineData("?%61=0", "a=1", "?a=1")]
    [InlineData("?caf%C3%A9=0", "caf%c3%a9=1", "?caf%c3%a9=1")]
    [InlineData("?caf%C3%A9=0", "caf\u00E9=1", "?caf%C3%A9=1")]
    [InlineData("?%FF=0", "%FE=1", "?%FF=0&%FE=1")]
    [InlineData("?%25zz=0", "%zz=1", "?%25zz=1")]
    [InlineData("?a", "a=1", "?a=1")]
    [InlineData("?a=1", "a", "?a")]
    [InlineData("?a=b=c", "a==", "?a==")]
    [InlineData("?=0", "=1", "?=1")]
    [InlineData("?x=%41%2f+%zz", "a=1", "?x=%41%2f+%zz&a=1")]
    [InlineData("?x&&y=1&", "a=1", "?x&&y=1&&a=1")]
    [InlineData("?a[]=0&a[]=1", "a%5B%5D=2", "?a%5B%5D=2")]
    [InlineData("", "&&a=1&&b&", "?a=1&b")]
    [InlineData("", "?a=1", "??a=1")]
    [InlineData("", "a=1#evil", "?a=1%23evil")]
    [InlineData("", "a=100%&b=%4&c=%zz", "?a=100%25&b=%254&c=%25zz")]
    [InlineData("", "a=\u00E9\U0001F600", "?a=%C3%A9%F0%9F%98%80")]
    [InlineData("", "a=\r\nSet-Cookie: x=1", "?a=%0D%0ASet-Cookie:%20x=1")]
    [InlineData("", "a=%0d%0aSet-Cookie:%20x=1", "?a=%0d%0aSet-Cookie:%20x=1")]
    [InlineData("", "a=\0\t\u007F", "?a=%00%09%7F")]
    [InlineData("", "<script>alert('1')</script>\"", "?%3Cscript%3Ealert(%271%27)%3C/script%3E%22")]
    [InlineData("", "url=https://evil.example/@\\", "?url=https://evil.example/@%5C")]
    [InlineData("", "//evil.example/", "?//evil.example/")]
    [InlineData("", "qr", "")]
    [InlineData("", "qr=1&qr", "")]
    [InlineData("?x=1#top", "qr=", "?x=1#top")]
    [InlineData("", "a=1&qr&b=2", "?a=1&b=2")]
    [InlineData("", "%71r=1&a=1", "?a=1")]
    [InlineData("?qr=own", "qr&a=1", "?qr=own&a=1")]
    [InlineData("", "QR&qrx=1&a=qr", "?QR&qrx=1&a=qr")]
    public void A_visitors_query_is_merged_in(string own, string query, string expected)
    {
        Assert.True(TargetUrl.TryParse(Home + own, out var url, out _));

        Assert.Equal(Home + expected, DestinationBuilder.WithQuery(url.Text, query));
    }

    // No attribute: those cannot carry half a surrogate pair.
    [Fact]
    public void Broken_text_becomes_replacement_characters()
    {
        Assert.Equal(Home + "?a=%EF%BF%BDx%EF%BF%BD", DestinationBuilder.WithQuery(Home, "a=\uD83Dx\uDE00"));
        Assert.Equal(Home + "?utm_source=%EF%BF%BD", DestinationBuilder.WithUtm(Home, "\uDE00", null, null));
    }

    [Fact]
    public void Even_an_address_that_was_never_canonical_is_merged_without_an_exception()
    {
        Assert.Equal("http:x?%4&%&b=%zz&a=1", DestinationBuilder.WithQuery("http:x?%4&%&b=%zz&%61=0", "a=1"));
    }

    [Theory]
    [InlineData("", null, null, null, "")]
    [InlineData("", "", "", "", "")]
    [InlineData("", "news letter", null, null, "?utm_source=news%20letter")]
    [InlineData(
        "?a=1#top",
        "x",
        "e-mail",
        "s\u00E9&b=#1+1",
        "?a=1&utm_source=x&utm_medium=e-mail&utm_campaign=s%C3%A9%26b%3D%231%2B1#top"
    )]
    [InlineData("?utm_source=own&a=1&utm_term=t", "x", null, null, "?a=1&utm_term=t&utm_source=x")]
    [InlineData("?utm_medium=own", "x", "", null, "?utm_medium=own&utm_source=x")]
    public void Utm_parameters_are_set(string own, string? source, string? medium, string? campaign, string expected)
    {
        Assert.Equal(Home + expected, DestinationBuilder.WithUtm(Home + own, source, medium, campaign));
    }

    [Fact]
    public void A_visitor_overrides_utm_and_utm_overrides_the_destination()
    {
        var planned = DestinationBuilder.WithUtm(
            Home + "?utm_source=own&utm_medium=own&x=own&y=own#top",
            "plan",
            "plan",
            "plan"
        );

        var sent = DestinationBuilder.WithQuery(planned, "utm_source=visitor&x=visitor&z=visitor");

        Assert.Equal(
            Home + "?y=own&utm_medium=plan&utm_campaign=plan&utm_source=visitor&x=visitor&z=visitor#top",
            sent
        );
    }

    [Theory]
    [InlineData(Home, "")]
    [InlineData(Home + "?a=1#top", "")]
    [InlineData(Home + "?", "&&&")]
    [InlineData("mailto:me@example.com?subject=x", "subject=y&cc=evil@example.com")]
    [InlineData("tel:+12015550123", "a=1")]
    [InlineData("tg://resolve?domain=signpost", "domain=evil")]
    public void Nothing_to_merge_is_the_very_same_address(string url, string query)
    {
        Assert.Same(url, DestinationBuilder.WithQuery(url, query));
        Assert.Same(url, DestinationBuilder.WithUtm(url, null, "", null));
    }

    [Fact]
    public void An_apps_address_gets_no_utm_parameters()
    {
        Assert.Equal("tel:+12015550123", DestinationBuilder.WithUtm("tel:+12015550123", "x", "y", "z"));
    }

    // Quadratic work would make this one crawl.
    [Fact]
    public void Thousands_of_names_are_merged()
    {
        var own = Home + "?" + string.Join('&', Enumerable.Range(0, 20_000).Select(number => $"n{number}=own"));
        var query = string.Join('&', Enumerable.Range(10_000, 20_000).Select(number => $"%6E{number}=visitor"));

        var merged = DestinationBuilder.WithQuery(own, query);

        Assert.Equal(30_000, merged.Split('&').Length);
        Assert.EndsWith("&" + query, merged, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plus_and_an_escaped_blank_are_one_name()
    {
        Assert.Equal("https://e.org/?a=1&+=3", DestinationBuilder.WithQuery("https://e.org/?%20=2&a=1", "+=3"));
        Assert.Equal("https://e.org/?%2B=2&+=3", DestinationBuilder.WithQuery("https://e.org/?%2B=2", "+=3"));
    }

    [Fact]
    public void Any_query_merges_by_the_law()
    {
        var cases = Destinations.SelectMany(_ => Queries, (url, query) => (url, query)).ToArbitrary();

        Check.One(Laws.Over(20_000), Prop.ForAll(cases, one => CheckLaws(one.url, one.query)));
    }

    [Fact]
    public void Any_text_stays_inside_the_query()
    {
        Check.One(
            Laws.Over(2_000),
            Prop.ForAll(
                ArbMap.Default.ArbFor<string>(),
                text =>
                {
                    CheckLaws(Home + "?own=1#top", text ?? "");
                    CheckShape(Home, DestinationBuilder.WithUtm(Home, text, text, text));
                }
            )
        );
    }

    private static void CheckLaws(string url, string query)
    {
        var merged = DestinationBuilder.WithQuery(url, query);

        CheckShape(url, merged);
        Assert.Equal(merged, DestinationBuilder.WithQuery(merged, query));
        var added = PiecesOf("?" + query).Where(piece => piece is not "").ToList();
        if (added is [])
        {
            Assert.Same(url, merged);
            return;
        }

        var names = added.Select(NameOf).ToList();
        var kept = PiecesOf(url).Where(piece => piece is "" || !names.Contains(NameOf(piece))).ToList();
        var result = PiecesOf(merged);
        Assert.Equal(kept, result.Take(kept.Count));
        Assert.Equal(added.Select(Meaning), result.Skip(kept.Count).Select(Meaning));
    }

    private static void CheckShape(string url, string merged)
    {
        Assert.DoesNotContain(merged, sign => sign is <= ' ' or >= '\u007F' or '"' or '<' or '>');
        Assert.Equal(Head(url), Head(merged));
        Assert.Equal(Fragment(url), Fragment(merged));
        if (merged.Length <= TargetUrl.LongestText)
            Assert.True(TargetUrl.TryParse(merged, out var parsed, out _) && parsed.Text == merged, merged);
    }

    private static string Head(string url) => url.Split('?', '#')[0];

    private static string Fragment(string url) => url.IndexOf('#') is >= 0 and var at ? url[at..] : "";

    // A slow and plain model to hold the real one against. The visitor's own # is part of the query.
    private static List<string> PiecesOf(string url)
    {
        var text = url.StartsWith('?') ? url : url.Split('#')[0];
        var mark = text.IndexOf('?');
        return mark < 0 || mark == text.Length - 1 ? [] : [.. text[(mark + 1)..].Split('&')];
    }

    private static string NameOf(string piece) =>
        Meaning(piece.Split('=')[0]).Replace("+", "%20", StringComparison.Ordinal);

    // Hex of the bytes that a text stands for, except that a plus stays what it was written as.
    private static string Meaning(string piece)
    {
        var meaning = new StringBuilder();
        var bytes = Encoding.UTF8.GetBytes(piece);
        for (var at = 0; at < bytes.Length; at++)
        {
            var escaped = at + 2 < bytes.Length && bytes[at] == '%' && IsHex(bytes[at + 1]) && IsHex(bytes[at + 2]);
            var value = escaped ? Convert.FromHexString($"{(char)bytes[at + 1]}{(char)bytes[at + 2]}")[0] : bytes[at];
            meaning.Append(!escaped && value == '+' ? "+" : $"%{value:x2}");
            at += escaped ? 2 : 0;
        }

        return meaning.ToString();
    }

    private static bool IsHex(byte value) => char.IsAsciiHexDigit((char)value);
}
