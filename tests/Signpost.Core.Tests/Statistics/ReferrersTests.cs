using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

public sealed class ReferrersTests
{
    [Theory]
    [InlineData("https://news.example/a/b?q=1#f", "news.example", "/a/b")]
    [InlineData("http://WWW.News.Example", "www.news.example", "/")]
    [InlineData("HTTPS://news.example:8443/", "news.example", "/")]
    [InlineData("https://ada:secret@news.example/x", "news.example", "/x")]
    [InlineData("https://ada@evil@news.example/x", "news.example", "/x")]
    [InlineData("https://news.example./x", "news.example", "/x")]
    [InlineData("https://[2001:DB8::1]:8080/x", "[2001:db8::1]", "/x")]
    [InlineData("https://xn--bcher-kva.example/%C3%A9%2f", "xn--bcher-kva.example", "/%C3%A9%2f")]
    [InlineData("https://Bücher.example/é", "bücher.example", "/é")]
    [InlineData("https://news.example?secret", "news.example", "/")]
    [InlineData("https://news.example#secret", "news.example", "/")]
    [InlineData("https://news.example/a\u0000\u0085\u2028b", "news.example", "/ab")]
    [InlineData("android-app://com.google.android.gm/", "com.google.android.gm", null)]
    [InlineData("android-app://com.Slack", "com.slack", null)]
    [InlineData("about:blank", null, null)]
    [InlineData("javascript://news.example/%0aalert(1)", null, null)]
    [InlineData("ftp://news.example/x", null, null)]
    [InlineData("data:text/html,https://news.example/", null, null)]
    [InlineData("https://", null, null)]
    [InlineData("https:///x", null, null)]
    [InlineData("https://new s.example/", null, null)]
    [InlineData("https://<b>/", null, null)]
    [InlineData("https://[::1/", null, null)]
    [InlineData("news.example/x", null, null)]
    [InlineData("", null, null)]
    public void Host_and_path_are_kept_and_nothing_else(string address, string? host, string? path) =>
        Assert.Equal(new ClickReferrer(host, path), Referrers.Read(address));

    [Fact]
    public void A_path_that_goes_on_and_on_is_cut()
    {
        var path = "/" + new string('a', Referrers.LongestPath - 1);

        Assert.Equal(path, Referrers.Read($"https://news.example{path}").Path);
        Assert.Equal(path, Referrers.Read($"https://news.example{path}bcd").Path);
    }

    [Theory]
    [InlineData("https://go.example/a", "go.example", true)]
    [InlineData("https://GO.example:8443/a", "go.example", true)]
    [InlineData("https://go.example/a", "go.example:8443", true)]
    [InlineData("http://[::1]:80/a", "[::1]:8080", true)]
    [InlineData("https://go.example.evil/a", "go.example", false)]
    [InlineData("https://evil/?https://go.example/", "go.example", false)]
    [InlineData("https://go.example@evil/", "go.example", false)]
    [InlineData("about:blank", "", false)]
    public void A_page_of_the_same_host_is_known(string address, string host, bool expected) =>
        Assert.Equal(expected, Referrers.IsOf(address, host));

    [Fact]
    public void Whatever_is_sent_neither_control_characters_nor_queries_are_kept() =>
        Prop.ForAll(
                Gen.Elements(
                        'h',
                        't',
                        'p',
                        's',
                        ':',
                        '/',
                        '\\',
                        '@',
                        '[',
                        ']',
                        '.',
                        '?',
                        '#',
                        'a',
                        '\n',
                        '\0',
                        ' ',
                        '\ud83d'
                    )
                    .ArrayOf()
                    .Select(letters => "https://" + new string(letters))
                    .ToArbitrary(),
                address =>
                {
                    var (host, path) = Referrers.Read(address);
                    Assert.True(host is null || (host.Length > 0 && !host.Any(char.IsControl)));
                    Assert.True(
                        path is null || (path.StartsWith('/') && !path.Any(c => c is '?' or '#' || char.IsControl(c)))
                    );
                }
            )
            .Check(Laws.Over(2_000));
}
