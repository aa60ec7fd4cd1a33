using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Links;

namespace Signpost.Core.Tests.Links;

public sealed class TargetUrlTests
{
    private const string BadStart =
        "The address must start with http:// or https://, or with the scheme of a known app such as mailto: or tel:.";
    private const string BadText = "The address must not hold control characters or broken text.";
    private const string BadHost = "The host of the address is not valid.";
    private const string BadPort = "The port of the address must be a number from 1 to 65535.";
    private const string UserInfo = "The address must not hold a user name or password.";

    private static readonly string[] Pieces =
    [
        .. "http:// https:// HTTP:// mailto: tg:// // / \\ : @ ? # . .. ... %2e %2E%2e % %4 %zz %41 %00 %ff %2F & = + - _ ~".Split(
            ' '
        ),
        .. "example.com EXAMPLE b\u00FCcher \u4F8B\u3048 \u3002 \uFF0E \uFF20 \uFF0F \u2100 \u00AD \u200D xn--bcher-kva xn--a".Split(
            ' '
        ),
        .. "127.0.0.1 0177 0x7f 2130706433 256 1 [::1] [ ] ::ffff:1.2.3.4 :80 :443 :0 :65536 %eth0".Split(' '),
        .. "a Z 7 ' \" < > { } | ^ ` [x] ; , ! $ ( ) * \u00E9 \u202E \uD83D\uDE00 \uD83D \uDE00 \uFFFD \u2028 \0 \t \r\n \u0085".Split(
            ' '
        ),
        " ",
    ];

    private static readonly Arbitrary<string> Texts = Gen.Choose(0, 9)
        .SelectMany(count => Gen.Elements(Pieces).ListOf(count))
        .SelectMany(
            _ => Gen.Elements("", "http://", "https://", "https://example.com/", "http://a", "mailto:"),
            (pieces, start) => start + string.Concat(pieces)
        )
        .ToArbitrary();

    [Theory]
    [InlineData("https://example.com/", "https://example.com/")]
    [InlineData("https://example.com", "https://example.com/")]
    [InlineData("https://example.com?a=1", "https://example.com/?a=1")]
    [InlineData("https://example.com#top", "https://example.com/#top")]
    [InlineData(" \thttps://example.com/ ", "https://example.com/")]
    [InlineData("HTTPS://EXAMPLE.Com/Path", "https://example.com/Path")]
    [InlineData("https://example.com./a", "https://example.com./a")]
    [InlineData("http://example.com:80/", "http://example.com/")]
    [InlineData("https://example.com:443/", "https://example.com/")]
    [InlineData("https://example.com:80/", "https://example.com:80/")]
    [InlineData("https://example.com:/", "https://example.com/")]
    [InlineData("https://example.com:08443/", "https://example.com:8443/")]
    [InlineData("https://b\u00FCcher.example/", "https://xn--bcher-kva.example/")]
    [InlineData("https://B\u00DCCHER.example/", "https://xn--bcher-kva.example/")]
    [InlineData("https://XN--bcher-KVA.example/", "https://xn--bcher-kva.example/")]
    [InlineData("https://my_xn.xn--bcher-kva.example./", "https://my_xn.xn--bcher-kva.example./")]
    [InlineData("https://fa\u00DF.example/", "https://xn--fa-hia.example/")]
    [InlineData("https://\u4F8B\u3048\u3002\u30C6\u30B9\u30C8/", "https://xn--r8jz45g.xn--zckzah/")]
    [InlineData("https://\uFF45xample.com/", "https://example.com/")]
    [InlineData("https://my_bucket.example.com/", "https://my_bucket.example.com/")]
    [InlineData("http://localhost:5432/", "http://localhost:5432/")]
    [InlineData("http://127.0.0.1/", "http://127.0.0.1/")]
    [InlineData("http://0177.0.0.1/", "http://127.0.0.1/")]
    [InlineData("http://2130706433/", "http://127.0.0.1/")]
    [InlineData("http://0x7f.1/", "http://127.0.0.1/")]
    [InlineData("http://\uFF11\uFF12\uFF17.0.0.1/", "http://127.0.0.1/")]
    [InlineData("http://127.0.0.1./", "http://127.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::1]:8080/a", "http://[::1]:8080/a")]
    [InlineData("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/", "http://[64:ff9b::7f00:1]/")]
    [InlineData(
        "https://example.com/\u30D1\u30B9?q=\u00E9#\u00E9",
        "https://example.com/%E3%83%91%E3%82%B9?q=%C3%A9#%C3%A9"
    )]
    [InlineData("https://example.com/\U0001F600", "https://example.com/%F0%9F%98%80")]
    [InlineData("https://example.com/\u202Egpj.exe", "https://example.com/%E2%80%AEgpj.exe")]
    [InlineData("https://example.com/a b\"<>'", "https://example.com/a%20b%22%3C%3E'")]
    [InlineData("https://example.com/?a[]={x|y}^`", "https://example.com/?a[]={x|y}^`")]
    [InlineData("https://example.com/100%?a=%zz&b=%4", "https://example.com/100%?a=%zz&b=%4")]
    [InlineData("https://example.com/%41%0d%0a%2F%c3%A9", "https://example.com/%41%0d%0a%2F%c3%A9")]
    [InlineData("https://example.com/a\\b?c\\d", "https://example.com/a/b?c\\d")]
    [InlineData("https://example.com/a/../b/./c/..", "https://example.com/b/")]
    [InlineData("https://example.com/../../etc/%2e%2E/%2e", "https://example.com/")]
    [InlineData("https://example.com//a//../b", "https://example.com//a/b")]
    [InlineData("https://example.com/..a/...", "https://example.com/..a/...")]
    [InlineData("https://example.com/a#b#c", "https://example.com/a#b#c")]
    [InlineData("https://example.com/a?b?c#d?e", "https://example.com/a?b?c#d?e")]
    [InlineData("https://example.com/a?#", "https://example.com/a?#")]
    [InlineData("https://example.com/?next=https://u:p@b.example/", "https://example.com/?next=https://u:p@b.example/")]
    [InlineData("https://example.com/@user", "https://example.com/@user")]
    [InlineData("mailto:me@example.com?subject=Hello World", "mailto:me@example.com?subject=Hello%20World")]
    [InlineData("MailTo:me@example.com", "mailto:me@example.com")]
    [InlineData("tel:+1-201-555-0123", "tel:+1-201-555-0123")]
    [InlineData("sms:+12015550123?body=\u00E9", "sms:+12015550123?body=%C3%A9")]
    [InlineData("whatsapp://send?text=a@b", "whatsapp://send?text=a@b")]
    [InlineData("tg://resolve?domain=signpost", "tg://resolve?domain=signpost")]
    [InlineData("geo:48.2,16.3", "geo:48.2,16.3")]
    [InlineData("https://example.com/a#it's", "https://example.com/a#it's")]
    [InlineData("https://example.com/?q=it's", "https://example.com/?q=it%27s")]
    [InlineData("https://example.com/%u0041^", "https://example.com/%u0041%5E")]
    [InlineData("ftp://example.com:21/a\\b", "ftp://example.com/a/b")]
    [InlineData("obsidian://open?vault=my vault", "obsidian://open?vault=my%20vault")]
    [InlineData("steam://run/440", "steam://run/440")]
    [InlineData("magnet:?xt=urn:btih:c12fe1c06bba254a9dc9", "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9")]
    [InlineData("matrix:u/her:example.org", "matrix:u/her:example.org")]
    [InlineData("bitcoin:1A1zP1eP5Q?amount=0.1", "bitcoin:1A1zP1eP5Q?amount=0.1")]
    [InlineData("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/")]
    public void An_address_is_kept_in_its_canonical_spelling(string text, string canonical)
    {
        Assert.True(TargetUrl.TryParse(text, out var url, out var problem), problem);

        Assert.Equal((canonical, ""), (url.Text, problem));
    }

    [Theory]
    [InlineData(null, BadStart)]
    [InlineData("", BadStart)]
    [InlineData("   ", BadStart)]
    [InlineData("example", BadStart)]
    [InlineData("foo/bar", BadStart)]
    [InlineData("/admin", BadStart)]
    [InlineData("//evil.example", BadStart)]
    [InlineData("?x=1", BadStart)]
    [InlineData("#x", BadStart)]
    [InlineData(":", BadStart)]
    [InlineData("https:/evil.example", BadStart)]
    [InlineData("https:evil.example", BadStart)]
    [InlineData("https:\\\\evil.example", BadStart)]
    [InlineData("https", BadStart)]
    [InlineData("javascript:alert(document.domain)", BadStart)]
    [InlineData("JaVaScRiPt:alert(1)", BadStart)]
    [InlineData("javascript://example.com/%0aalert(1)", BadStart)]
    [InlineData("java%73cript:alert(1)", BadStart)]
    [InlineData("data:text/html,<script>alert(1)</script>", BadStart)]
    [InlineData("vbscript:msgbox(1)", BadStart)]
    [InlineData("file:///etc/passwd", BadStart)]
    [InlineData("blob:https://example.com/uuid", BadStart)]
    [InlineData("filesystem:https://example.com/temporary/x", BadStart)]
    [InlineData("view-source:https://example.com/", BadStart)]
    [InlineData("intent://x#Intent;scheme=javascript;S.browser_fallback_url=javascript:alert(1);end", BadStart)]
    [InlineData("about:blank", BadStart)]
    [InlineData("ws://example.com/", BadStart)]
    [InlineData("http\u017F://example.com/", BadStart)]
    [InlineData("java\tscript:alert(1)", BadText)]
    [InlineData("\u0001javascript:alert(1)", BadText)]
    [InlineData("https://example.com/\r\nX-Injected: 1", BadText)]
    [InlineData("https://example.com/a\tb", BadText)]
    [InlineData("https://example.com/\0x", BadText)]
    [InlineData("https://example.com/\u007F", BadText)]
    [InlineData("https://example.com/\u0085", BadText)]
    [InlineData("https://example.com/\u2028a", BadText)]
    [InlineData("https://example.com/\u2029a", BadText)]
    [InlineData("https://example.com/\uFFFD", BadText)]
    [InlineData("https://user:pass@example.com/", UserInfo)]
    [InlineData("https://a@b", UserInfo)]
    [InlineData("https://@example.com/", UserInfo)]
    [InlineData("https://good.example:80@evil.example/", UserInfo)]
    [InlineData("tg://user@host/", UserInfo)]
    [InlineData(@"tg://\@&", UserInfo)]
    [InlineData("https://good.example\\@evil.example", BadHost)]
    [InlineData("https://good.example\\.evil.example/", BadHost)]
    [InlineData("https://", BadHost)]
    [InlineData("https:///evil.example", BadHost)]
    [InlineData("https://\\evil.example", BadHost)]
    [InlineData("https://?x", BadHost)]
    [InlineData("https://:443/", BadHost)]
    [InlineData("https://./", BadHost)]
    [InlineData("https://a..b/", BadHost)]
    [InlineData("https://.example.com/", BadHost)]
    [InlineData("https://example.com../", BadHost)]
    [InlineData("http://a b/", BadHost)]
    [InlineData("http://a\u00A0b/", BadHost)]
    [InlineData("http://a%2eb/", BadHost)]
    [InlineData("http://a%00/", BadHost)]
    [InlineData("http://a\u202Eb/", BadHost)]
    [InlineData("http://a<b>/", BadHost)]
    [InlineData("http://a,b/", BadHost)]
    [InlineData("http://good.example\uFF0F.evil.example/", BadHost)]
    [InlineData("http://good.example\uFF20evil.example/", BadHost)]
    [InlineData("http://good.example\u2100evil.example/", BadHost)]
    [InlineData("http://good.example\uFF03.evil.example/", BadHost)]
    [InlineData("http://xn--a.example/", BadHost)]
    [InlineData("http://256.1.1.1/", BadHost)]
    [InlineData("http://1.2.3.4.5/", BadHost)]
    [InlineData("http://example.0x/", BadHost)]
    [InlineData("http://4294967296/", BadHost)]
    [InlineData("http://[::1/", BadHost)]
    [InlineData("http://[::1%25eth0]/", BadHost)]
    [InlineData("http://[fe80::1%1]/", BadHost)]
    [InlineData("http://[127.0.0.1]/", BadHost)]
    [InlineData("http://[]/", BadHost)]
    [InlineData("http://[example.com]/", BadHost)]
    [InlineData("http://::1/", BadHost)]
    [InlineData("http://example.com:0/", BadPort)]
    [InlineData("http://example.com:65536/", BadPort)]
    [InlineData("http://example.com:-1/", BadPort)]
    [InlineData("http://example.com:+80/", BadPort)]
    [InlineData("http://example.com:80:80/", BadPort)]
    [InlineData("http://example.com:8o/", BadPort)]
    [InlineData("http://example.com:\u0661/", BadPort)]
    [InlineData("http://example.com: 80/", BadPort)]
    [InlineData("http://[::1]x/", BadPort)]
    [InlineData("mailto:", "The address is not complete.")]
    public void A_bad_address_is_refused_with_a_sentence(string? text, string expected)
    {
        Assert.False(TargetUrl.TryParse(text, out _, out var problem));

        Assert.Equal(expected, problem);
    }

    // No attribute: those cannot carry half a surrogate pair.
    [Fact]
    public void Broken_text_is_refused()
    {
        Assert.False(TargetUrl.TryParse("https://example.com/\uD800", out _, out var high));
        Assert.False(TargetUrl.TryParse("https://example.com/\uDC00\uD800", out _, out var swapped));
        Assert.False(TargetUrl.TryParse("https://ex\uDC00ample.com/", out _, out var inHost));

        Assert.Equal((BadText, BadText, BadText), (high, swapped, inHost));
    }

    [Fact]
    public void An_address_has_at_most_8192_characters_in_both_spellings()
    {
        const string start = "https://example.com/";
        const int room = 8_192 - 20;
        const string limit = "The address may be at most 8,192 characters long; it has ";

        Assert.True(TargetUrl.TryParse(start + new string('a', room), out _, out _));
        Assert.True(TargetUrl.TryParse(start + new string('\u0434', room / 6), out _, out _));
        Assert.False(TargetUrl.TryParse(start + new string('a', room + 1), out _, out var longAsTyped));
        Assert.False(TargetUrl.TryParse(start + new string('\u00E9', room / 2), out _, out var longAsStored));
        Assert.False(TargetUrl.TryParse("https://" + new string('a', 1_000_000), out _, out _));

        Assert.Equal(limit + "8,193.", longAsTyped);
        Assert.Equal(limit + "4,106, which are 24,536 when escaped.", longAsStored);
    }

    [Theory]
    [InlineData("https://example.com", null)]
    [InlineData(" https://example.com/it's|a[b]^{c}\t", "https://example.com/it's|a[b]^{c}")]
    [InlineData("HTTPS://B\u00FCcher.example/Stra\u00DFe", null)]
    [InlineData("https://example.com/100%", null)]
    [InlineData("https://example.com/\u2764\uFE0F", null)]
    [InlineData("\u200B\u00A0\uFEFF\u2060https://example.com/a\uFEFF\u2060\u200B\u00A0", "https://example.com/a")]
    [InlineData("\u3000\u00ADhttps://example.com/a\u200E\u2028\u2800\u202C", "https://example.com/a")]
    [InlineData("example.com", "https://example.com")]
    [InlineData("www.Example.com:8443/x?y#z", "https://www.Example.com:8443/x?y#z")]
    [InlineData("b\u00FCcher.example/a", "https://b\u00FCcher.example/a")]
    [InlineData("1.2.3.4", "https://1.2.3.4")]
    [InlineData("example.com./?a=b@c", "https://example.com./?a=b@c")]
    [InlineData("tel.example:80", "https://tel.example:80")]
    public void An_address_is_also_kept_as_it_was_sent(string text, string? sent)
    {
        var url = Parse(text);

        Assert.Equal(sent ?? text, url.Sent);
        Assert.Equal(url, Parse(url.Sent));
        Assert.Equal(url.Sent == url.Text, url.SentOrNull is null);
    }

    [Theory]
    [InlineData("name@example.com")]
    [InlineData("//example.com")]
    [InlineData("/example.com")]
    [InlineData("example.com/a b")]
    [InlineData("example.com/a\u00A0b")]
    [InlineData("localhost:3000")]
    [InlineData("example.com:")]
    [InlineData("example.com:x")]
    [InlineData("example.com:123456")]
    [InlineData("user:pass@example.com")]
    [InlineData("example..com")]
    [InlineData(".example.com")]
    [InlineData("exa_mple.com")]
    [InlineData("example,com")]
    [InlineData("javascript.alert:1,2")]
    [InlineData("\u200B")]
    public void No_scheme_is_put_before_other_texts(string text)
    {
        Assert.False(TargetUrl.TryParse(text, out _, out var problem));

        Assert.Equal(BadStart, problem);
    }

    [Fact]
    public void Every_invisible_sign_is_taken_off_both_ends()
    {
        string[] signs =
        [
            .. "\u0020 \u00A0 \u1680 \u2000 \u200A \u2028 \u2029 \u202F \u205F \u3000 \u00AD \u061C \u180E \u200B \u200C".Split(
                ' '
            ),
            .. "\u200D \u200E \u200F \u202A \u202E \u2060 \u2061 \u2064 \u2066 \u2069 \u206F \uFEFF \uFFF9 \u3164 \u2800 \t".Split(
                ' '
            ),
        ];

        foreach (var sign in signs)
            Assert.Equal("https://example.com/a", Parse($"{sign}{sign}https://example.com/a{sign}").Sent);
    }

    [Fact]
    public void Schemes_that_run_or_read_something_can_never_be_allowed()
    {
        string[] never =
        [
            .. "javascript data vbscript file blob intent shortcuts vscode ms-word ms-x search-ms http https".Split(
                ' '
            ),
        ];

        Assert.All(never, scheme => Assert.False(AppSchemes.MayBeAllowed(scheme), scheme));
        Assert.All(never[..^2], scheme => Assert.False(TargetUrl.TryParse(scheme + ":x", out _, out _), scheme));
        Assert.All(
            (string[])["", "Zotero", "a b", "1a", "\u00E9t\u00E9", "a:"],
            scheme => Assert.False(AppSchemes.MayBeAllowed(scheme))
        );
    }

    [Fact]
    public void Other_schemes_can_be_allowed()
    {
        var schemes = AppSchemes.With(["zotero", "x-things+1.0"]);

        Assert.True(TargetUrl.TryParse("Zotero://select/items/1", out var url, out _, schemes));
        Assert.Equal("zotero://select/items/1", url.Text);
        Assert.True(TargetUrl.TryParse("x-things+1.0:add", out _, out _, schemes));
        Assert.False(TargetUrl.TryParse("zotero://select/items/1", out _, out _));
    }

    [Fact]
    public void A_host_has_labels_of_1_to_63_signs_and_253_in_all()
    {
        var label = new string('a', 63);

        Assert.True(TargetUrl.TryParse($"https://{label}.{label}.{label}.{label[2..]}/", out _, out _));
        Assert.False(TargetUrl.TryParse($"https://{label}.{label}.{label}.{label[1..]}/", out _, out _));
        Assert.False(TargetUrl.TryParse($"https://{label}a.com/", out _, out _));
        Assert.False(TargetUrl.TryParse($"https://{new string('\u00E9', 80)}.com/", out _, out _));
    }

    [Theory]
    [InlineData("https://Example.COM./Docs", "https", "example.com", 443, "Docs")]
    [InlineData("http://example.com:8080", "http", "example.com", 8080, "")]
    [InlineData("http://[::1]:8080/a/b?c#d", "http", "[::1]", 8080, "a/b")]
    [InlineData("http://[::1]/", "http", "[::1]", 80, "")]
    [InlineData("https://b\u00FCcher.example/E\u0301t%C3%A9", "https", "xn--bcher-kva.example", 443, "E\u0301t\u00E9")]
    [InlineData("https://a.example/x/../%64ocs/", "https", "a.example", 443, "docs/")]
    [InlineData("https://a.example/a%2Fb%2fc", "https", "a.example", 443, "a%2Fb%2Fc")]
    [InlineData("https://a.example/%2564ocs", "https", "a.example", 443, "%64ocs")]
    [InlineData("https://a.example/%ff", "https", "a.example", 443, "%FF")]
    [InlineData("mailto:me@example.com", "mailto", "", 0, "")]
    public void Its_parts_tell_where_it_leads(string text, string scheme, string host, int port, string aliasPath)
    {
        var url = Parse(text);

        Assert.Equal((scheme, host, port), (url.Scheme, url.Host, url.Port));
        Assert.Equal(aliasPath, url.AliasPath, ignoreCase: aliasPath.Contains('%'));
        Assert.Equal(host is not "", url.IsWeb);
    }

    [Fact]
    public void What_is_accepted_is_canonical_clean_and_read_alike_by_others()
    {
        var accepted = 0;
        Check.One(Laws.Over(20_000), Prop.ForAll(Texts, text => accepted += CheckLaws(text) ? 1 : 0));

        Assert.InRange(accepted, 1_000, 20_000);
    }

    // True: it was accepted.
    private static bool CheckLaws(string text)
    {
        if (!TargetUrl.TryParse(text, out var url, out var problem))
        {
            Assert.NotEqual("", problem);
            return false;
        }

        Assert.Equal(url.Text, Parse(url.Text).Text);
        Assert.Equal(url, Parse(url.Sent));
        Assert.DoesNotContain(url.Text, sign => sign is < ' ' or >= '\u007F');
        Assert.InRange(url.Text.Length, 1, TargetUrl.LongestText);
        if (!url.IsWeb)
            return true;

        Assert.DoesNotContain(url.Text, sign => sign is ' ' or '"' or '<' or '>');
        var other = new Uri(url.Text);
        Assert.Equal((url.Scheme, "", url.Port), (other.Scheme, other.UserInfo, other.Port));
        Assert.Equal(url.Host, other.HostNameType is UriHostNameType.IPv6 ? url.Host : other.IdnHost.TrimEnd('.'));
        return true;
    }

    private static TargetUrl Parse(string text) =>
        TargetUrl.TryParse(text, out var url, out var problem) ? url : throw new Xunit.Sdk.XunitException(problem);
}
