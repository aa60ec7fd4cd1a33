using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Links;
using Signpost.Core.Redirecting.AppLinks;

namespace Signpost.Core.Tests.Redirecting.AppLinks;

public sealed partial class AppSitesTests
{
    [Theory]
    [InlineData(
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s",
        "youtube://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s"
    )]
    [InlineData("https://m.youtube.com/@signpost", "youtube://www.youtube.com/@signpost")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ?si=abc", "youtube://www.youtube.com/watch?v=dQw4w9WgXcQ")]
    [InlineData("https://youtu.be/dQw4w9WgXcQ?t=42", "youtube://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42")]
    [InlineData("https://www.youtube.com/watch?v=dQw4w9WgXcQ#t=42", null)]
    [InlineData("https://music.youtube.com/watch?v=abc", null)]
    [InlineData("https://www.instagram.com/share/reel/BAHx1abc/", null)]
    [InlineData("https://clips.twitch.tv/FunnyClip-abc", null)]
    [InlineData("https://m.twitch.tv/ada", "twitch://stream/ada")]
    [InlineData("https://t.me/signpostbot?startapp=x", "tg://resolve?domain=signpostbot&startapp=x")]
    [InlineData("https://t.me/signpostbot/play?startapp=x", "tg://resolve?domain=signpostbot&appname=play&startapp=x")]
    [InlineData("https://t.me/signpostbot?startapp", null)]
    [InlineData("https://t.me/signpost/42?comment=7", "tg://resolve?domain=signpost&post=42&comment=7")]
    [InlineData("https://t.me/addemoji/cats", null)]
    [InlineData("https://open.spotify.com/track/4cOdK2wGLETKBW3PvgPWqT?si=1#0:42", null)]
    [InlineData("https://discord.gg/AbCd?event=1", null)]
    [InlineData("https://www.instagram.com/signpost/", "instagram://user?username=signpost")]
    [InlineData("https://instagram.com/p/CuE2WNQs6vH/", "instagram://media?id=3135870261135649735")]
    [InlineData("https://www.instagram.com/reel/CuE2WNQs6vH/?igsh=1", "instagram://media?id=3135870261135649735")]
    [InlineData("https://www.instagram.com/explore/tags/maps/", "instagram://tag?name=maps")]
    [InlineData("https://www.instagram.com/explore/", null)]
    [InlineData("https://www.instagram.com/accounts/login/", null)]
    [InlineData("https://help.instagram.com/519522125107875", null)]
    [InlineData("https://www.threads.net/@signpost", "barcelona://user?username=signpost")]
    [InlineData("https://www.threads.com/@signpost/post/CuE2WNQs6vH", null)]
    [InlineData(
        "https://www.tiktok.com/@a.b/video/7123456789012345678",
        "snssdk1233://aweme/detail/7123456789012345678"
    )]
    [InlineData("https://www.tiktok.com/@a.b", null)]
    [InlineData("https://x.com/signpost", "twitter://user?screen_name=signpost")]
    [InlineData("https://twitter.com/signpost/status/20?s=20", "twitter://status?id=20")]
    [InlineData("https://x.com/signpost/status/20/photo/1", "twitter://status?id=20")]
    [InlineData("https://x.com/hashtag/maps", "twitter://search?query=%23maps")]
    [InlineData("https://x.com/search?q=a+b%26c", "twitter://search?query=a%20b%26c")]
    [InlineData("https://x.com/home", null)]
    [InlineData(
        "https://www.facebook.com/signpost?a=1&b=2",
        "fb://facewebmodal/f?href=https%3A%2F%2Fwww.facebook.com%2Fsignpost%3Fa%3D1%26b%3D2"
    )]
    [InlineData("https://m.me/signpost", "fb-messenger://user-thread/signpost")]
    [InlineData("https://wa.me/4915112345678", "whatsapp://send?phone=4915112345678")]
    [InlineData(
        "https://wa.me/4915112345678?text=Hi+there%21",
        "whatsapp://send?phone=4915112345678&text=Hi%20there%21"
    )]
    [InlineData("https://wa.me/?text=Hi", "whatsapp://send?text=Hi")]
    [InlineData("https://chat.whatsapp.com/AbCdEf123", "whatsapp://chat?code=AbCdEf123")]
    [InlineData("https://t.me/signpost", "tg://resolve?domain=signpost")]
    [InlineData("https://t.me/signpost/42", "tg://resolve?domain=signpost&post=42")]
    [InlineData("https://t.me/signpostbot?start=x", "tg://resolve?domain=signpostbot&start=x")]
    [InlineData("https://t.me/+AbC-_123", "tg://join?invite=AbC-_123")]
    [InlineData("https://t.me/s/signpost", null)]
    [InlineData(
        "https://open.spotify.com/intl-de/track/4cOdK2wGLETKBW3PvgPWqT?si=1",
        "spotify:track:4cOdK2wGLETKBW3PvgPWqT"
    )]
    [InlineData("https://open.spotify.com/episode/4rOoJ6Egrf8K2IrywzwOMk", "spotify:episode:4rOoJ6Egrf8K2IrywzwOMk")]
    [InlineData("https://music.apple.com/us/album/x/1?i=2", "music://music.apple.com/us/album/x/1?i=2")]
    [InlineData("https://apps.apple.com/app/id1", "itms-apps://apps.apple.com/app/id1")]
    [InlineData("https://www.linkedin.com/in/ada-lovelace/", "linkedin://in/ada-lovelace")]
    [InlineData(
        "https://www.amazon.co.uk/dp/B000000000?tag=x",
        "com.amazon.mobile.shopping.web://www.amazon.co.uk/dp/B000000000?tag=x"
    )]
    [InlineData("https://aws.amazon.com/s3/", null)]
    [InlineData(
        "https://www.google.com/maps/place/Berlin/@52.5,13.4,10z",
        "comgooglemapsurl://www.google.com/maps/place/Berlin/@52.5,13.4,10z"
    )]
    [InlineData("https://www.google.com/search?q=maps", null)]
    [InlineData("https://www.google.com/mapsy", null)]
    [InlineData("https://maps.google.com/?q=Berlin", "comgooglemapsurl://maps.google.com/?q=Berlin")]
    [InlineData("https://waze.com/ul?ll=52.5%2C13.4&navigate=yes", "waze://?ll=52.5%2C13.4&navigate=yes")]
    [InlineData("https://www.reddit.com/r/maps/comments/abc/x/", "reddit://www.reddit.com/r/maps/comments/abc/x/")]
    [InlineData("https://www.pinterest.de/pin/123/", "pinterest://pin/123")]
    [InlineData("https://www.pinterest.com/ada/maps/", "pinterest://board/ada/maps")]
    [InlineData("https://www.snapchat.com/add/ada", "snapchat://add/ada")]
    [InlineData("https://www.twitch.tv/ada", "twitch://stream/ada")]
    [InlineData("https://www.twitch.tv/videos/123", "twitch://video/123")]
    [InlineData("https://discord.gg/AbCd", "discord://-/invite/AbCd")]
    [InlineData("https://discord.com/channels/1/2", "discord://-/channels/1/2")]
    [InlineData("https://www.netflix.com/title/80057281", "nflx://www.netflix.com/title/80057281")]
    [InlineData("https://us02web.zoom.us/j/123456?pwd=a%2Bb", "zoomus://zoom.us/join?confno=123456&pwd=a%2Bb")]
    [InlineData("https://www.ebay.de/itm/a-map/123?utm_source=x", "ebay://launch?itm=123")]
    [InlineData("https://www.ebay.de/itm/a-map/123?campid=5338", null)]
    [InlineData("https://www.etsy.com/de/listing/1/a-map", "etsy://listing/1")]
    [InlineData("https://www.airbnb.fr/rooms/123", "airbnb://rooms/123")]
    [InlineData("https://www.airbnb.fr/rooms/123?adults=2", null)]
    [InlineData("https://m.uber.com/ul/?action=setPickup", "uber://?action=setPickup")]
    [InlineData("https://vimeo.com/123", "vimeo://app.vimeo.com/videos/123")]
    [InlineData("https://www.imdb.com/title/tt0068646/", "imdb:///title/tt0068646")]
    [InlineData("https://bsky.app/profile/ada.example/post/3k", "bluesky://profile/ada.example/post/3k")]
    [InlineData("https://vk.com/ada", "vk://vk.com/ada")]
    [InlineData("https://line.me/R/ti/p/%40ada", "line://ti/p/%40ada")]
    [InlineData("https://www.yelp.com/biz/a-cafe-berlin", "yelp:///biz/a-cafe-berlin")]
    [InlineData("https://www.strava.com/activities/1", "strava://activities/1")]
    [InlineData("https://tidal.com/browse/track/1", "tidal://track/1")]
    [InlineData("https://github.com/ada/maps", null)]
    [InlineData("https://example.org/watch?v=abc", null)]
    public void On_iOS_an_app_has_a_word_of_its_own_for_a_web_address(string url, string? app) =>
        Assert.Equal(app, AppSites.AddressOf(AppSystem.Ios, Canonical(url)));

    [Theory]
    [InlineData(
        "https://www.youtube.com/watch?v=abc#t=1",
        "intent://www.youtube.com/watch?v=abc#Intent;scheme=https;package=com.google.android.youtube;S.browser_fallback_url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3Dabc%23t%3D1;end"
    )]
    [InlineData(
        "http://github.com/ada",
        "intent://github.com/ada#Intent;scheme=https;package=com.github.android;S.browser_fallback_url=http%3A%2F%2Fgithub.com%2Fada;end"
    )]
    [InlineData("https://apps.apple.com/app/id1", null)]
    [InlineData("https://example.org/", null)]
    public void On_Android_an_intent_asks_the_app_and_knows_the_way_back(string url, string? app) =>
        Assert.Equal(app, AppSites.AddressOf(AppSystem.Android, Canonical(url)));

    [Theory]
    [InlineData("https://youtube.com.evil.example/watch?v=abc")]
    [InlineData("https://evilyoutube.com/watch?v=abc")]
    [InlineData("https://youtube.com-evil.example/watch?v=abc")]
    [InlineData("https://www.youtube.com:8443/watch?v=abc")]
    [InlineData("https://evil.example/youtube.com/watch?v=abc")]
    [InlineData("https://evil.example/?youtube.com")]
    [InlineData("https://evil.example/#https://youtube.com/")]
    [InlineData("https://com/")]
    [InlineData("mailto:ada@youtube.com")]
    [InlineData("tg://resolve?domain=signpost")]
    public void Nobody_else_passes_for_a_known_site(string url)
    {
        Assert.Null(AppSites.NameOf(Canonical(url)));
        Assert.Null(AppSites.AddressOf(AppSystem.Ios, Canonical(url)));
        Assert.Null(AppSites.AddressOf(AppSystem.Android, Canonical(url)));
    }

    [Theory]
    [InlineData("https://www.instagram.com/a;end/")]
    [InlineData("https://www.instagram.com/a&id=1")]
    [InlineData("https://www.instagram.com/p/not*base64/")]
    [InlineData("https://www.instagram.com/p/ZZZZZZZZZZZ/")]
    [InlineData("https://x.com/a(b)/status/12x")]
    [InlineData("https://t.me/a=b")]
    public void What_an_app_would_misread_is_left_to_the_web(string url) =>
        Assert.Null(AppSites.AddressOf(AppSystem.Ios, Canonical(url)));

    [Fact]
    public void Nothing_in_an_address_gets_out_of_its_place_in_an_intent()
    {
        var law = Prop.ForAll(
            Hostile().ToArbitrary(),
            tail =>
            {
                var url = Canonical("https://www.reddit.com/" + tail);
                var intent = AppSites.AddressOf(AppSystem.Android, url)!;
                var (data, extras) = (intent[..intent.IndexOf('#')], intent[(intent.IndexOf('#') + 1)..]);

                Assert.StartsWith("intent://www.reddit.com/", data, StringComparison.Ordinal);
                Assert.Equal(
                    [
                        "Intent",
                        "scheme=https",
                        "package=com.reddit.frontpage",
                        $"S.browser_fallback_url={Uri.EscapeDataString(url)}",
                        "end",
                    ],
                    extras.Split(';')
                );
                Assert.Matches(Harmless(), intent);
            }
        );

        Check.One(Laws.Over(500), law);
    }

    [Fact]
    public void No_app_s_address_holds_a_sign_that_ends_anything()
    {
        var sites = Gen.Elements(
            "https://www.facebook.com/",
            "https://x.com/search?q=",
            "https://wa.me/49151?text=",
            "https://www.amazon.de/",
            "https://t.me/a?start=",
            "https://zoom.us/j/1?pwd=",
            "https://www.instagram.com/"
        );
        var apps = 0;
        var law = Prop.ForAll(
            sites.Zip(Hostile()).ToArbitrary(),
            both =>
            {
                if (AppSites.AddressOf(AppSystem.Ios, Canonical(both.Item1 + both.Item2)) is not { } app)
                    return;
                Assert.Matches(Harmless(), app);
                apps++;
            }
        );

        Check.One(Laws.Over(500), law);

        Assert.InRange(apps, 50, 500);
    }

    [Fact]
    public void Every_rule_carries_on_what_matters_or_leaves_it_to_the_web()
    {
        var rules = 0;
        foreach (var site in KnownSites.All)
        foreach (var (shape, _) in site.Rules)
        {
            var url = Canonical(Example(site, shape));
            if (AppSites.AddressOf(AppSystem.Ios, url) is not { } plain)
                continue;

            rules++;
            var parameter = url.Contains('?') ? '&' : '?';
            AssertKeeps($"{url}{parameter}matters=kept", "matters");
            AssertKeeps($"{url}#kept", "kept");
            AssertKeeps($"{url}{parameter}utm_source=a&matters=kept&si=1", "matters");
            Assert.NotNull(
                AppSites.AddressOf(AppSystem.Ios, Canonical($"{url}{parameter}utm_source=a&si=1&feature=b"))
            );
            foreach (var name in shape.Split('?').Skip(1).SelectMany(names => names.Split('&')))
                AssertKeeps($"{url.Split('?')[0]}?{name}=kept", "kept");
            Assert.NotEmpty(plain);
        }

        Assert.True(rules >= 70, $"{rules}");

        static void AssertKeeps(string url, string text)
        {
            if (AppSites.AddressOf(AppSystem.Ios, Canonical(url)) is { } app)
                Assert.Contains(text, Uri.UnescapeDataString(app), StringComparison.Ordinal);
        }
    }

    // A web address of this shape.
    private static string Example(AppSite site, string shape)
    {
        var path = shape.Split('?')[0].Replace("*", "a", StringComparison.Ordinal);
        path = Numbers().Replace(path, "123");
        return $"https://{site.Hosts.Split(' ')[0]}{(site.Path is "/" ? "" : site.Path)}{Names().Replace(path, "Abc")}";
    }

    [GeneratedRegex(@"\{\w+:n\}")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Names();

    [Fact]
    public void The_table_knows_many_sites_and_where_each_line_comes_from()
    {
        Assert.True(AppSites.Names.Count >= 25);
        Assert.True(
            KnownSites.All.Where(site => site.Source is not null).Select(site => site.Name).Distinct().Count() >= 25
        );
        foreach (var site in KnownSites.All)
        {
            Assert.Equal(site.Rules.Length > 0, site.Source is not null);
            Assert.True(site.Source is null || Uri.IsWellFormedUriString(site.Source, UriKind.Absolute), site.Name);
            Assert.True(site.Package is not null || site.Rules.Length > 0, site.Name);
            Assert.All(site.Hosts.Split(' '), host => Assert.Matches(HostName(), host));
        }
    }

    private static Gen<string> Hostile() =>
        Gen.Elements(
                ";end",
                "#Intent;",
                "S.x=1;",
                "\"",
                "'",
                "<",
                ">",
                "%",
                "%3B",
                "%0a",
                "&",
                "=",
                "?",
                "#",
                "/",
                "..",
                "\\",
                " ",
                "é",
                "a",
                "1"
            )
            .ListOf()
            .Select(string.Concat);

    private static string Canonical(string url) =>
        TargetUrl.TryParse(url, out var target, out var problem)
            ? target.Text
            : throw new InvalidOperationException($"{url}: {problem}");

    [GeneratedRegex(@"\A[A-Za-z0-9\-._~!$&()*+,;=:@/?#%]+\z")]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\A[a-z0-9-]+(\.[a-z0-9-]+)+\z")]
    private static partial Regex HostName();
}
