using System.Net;
using System.Text.Json;
using Signpost.Core.Redirecting;
using Signpost.Core.Statistics;
using Signpost.Core.Targeting;
using Signpost.Explain;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>Where the form of a link would send visitors, before anything is saved.</summary>
public sealed class LinkOutcomeTests(SignedInServer shared) : IClassFixture<SignedInServer>
{
    private const string New = "/dashboard/links/new";
    private const string Path = "/explain";

    private readonly TestServer _server = shared.Server;
    private readonly Person _ada = shared.Ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_form_tells_where_a_visitor_goes_and_saves_nothing()
    {
        var link = await _server.CreateLinkAsync(
            ("url", "before-outcome"),
            ("location_url", "https://example.com/old")
        );
        var edit = $"/dashboard/links/{link.Id}/edit";
        var before = await TotalAsync();
        (string, string)[] typed =
        [
            ("location_url", "https://example.com/typed"),
            ("url", "before-outcome"),
            ("utm_source", "poster"),
            ("is_enabled", "1"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://example.fr/"),
            ("country_code", "FR"),
        ];

        foreach (var form in (string[])[New, edit])
        {
            var france = await _ada.SendAsync(form, form + Path, Cancel, typed);
            var germany = await _ada.SendAsync(form, form + Path, Cancel, [.. typed, ("country_code", "DE")]);
            var locked = await _ada.SendAsync(form, form + Path, Cancel, [.. typed, ("password", "secret")]);
            var part = await _ada.SendAsync(form, form + Path, Cancel, [.. typed, ("part", "1")]);

            Assert.Equal(HttpStatusCode.OK, france.Status);
            Assert.Contains("https://example.fr/?utm_source=poster</bdi>", france.Body, StringComparison.Ordinal);
            Assert.Contains("value=\"https://example.com/typed\"", france.Body, StringComparison.Ordinal);
            Assert.Contains("<option value=\"FR\" selected", france.Body, StringComparison.Ordinal);
            Assert.Contains("Step by step", france.Body, StringComparison.Ordinal);
            Assert.Contains("typed?utm_source=poster</bdi>", germany.Body, StringComparison.Ordinal);
            Assert.Contains("is asked for the password", locked.Body, StringComparison.Ordinal);
            Assert.Contains("this page does not keep them", locked.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("this page does not keep them", france.Body, StringComparison.Ordinal);
            // Without script, Enter in a text field of the visitor would save the link.
            Assert.Matches("<textarea id=\"ip\"", france.Body);
            Assert.StartsWith("<div role=\"status\" class=\"stack\" data-part=", part.Body, StringComparison.Ordinal);
            Assert.Contains("https://example.fr/?utm_source=poster</bdi>", part.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<form", part.Body, StringComparison.Ordinal);
            var back = await _ada.GetAsync(form + Path, Cancel);
            Assert.Equal((HttpStatusCode.SeeOther, form), (back.Status, back.Location));
        }

        var stored = await _server.ReadLinkAsync(link.Id);
        Assert.Equal("https://example.com/old", stored.GetProperty("location_url").GetString());
        Assert.Equal(before, await TotalAsync());

        async Task<long> TotalAsync()
        {
            using var all = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/links", Cancel));
            return all.RootElement.GetProperty("meta").GetProperty("total").GetInt64();
        }
    }

    [Fact]
    public async Task Errors_of_the_link_and_of_the_visitor_stand_at_their_fields()
    {
        (string, string)[] wrong = [("location_url", ""), ("ip", "1.2.3"), ("note", "kept note")];

        var page = await _ada.SendAsync(New, New + Path, Cancel, wrong);
        var part = await _ada.SendAsync(New, New + Path, Cancel, [.. wrong, ("part", "1")]);
        var missing = await _ada.SendAsync(New, $"/dashboard/links/999999/edit{Path}", Cancel, wrong);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        foreach (var field in (string[])["location_url", "ip"])
        {
            Assert.Contains($"id=\"{field}-wrong\"", page.Body, StringComparison.Ordinal);
            Assert.Contains($"href=\"#{field}\"", part.Body, StringComparison.Ordinal);
        }

        Assert.Contains("kept note", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"decision\"", part.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, missing.Status);
    }

    [Fact]
    public async Task An_edit_is_compared_by_the_clicks_of_the_last_days()
    {
        var link = await _server.CreateLinkAsync(
            ("url", "compared"),
            ("location_url", "https://example.com/all"),
            ("targeting_type", "browser_language"),
            ("targeting_browser_language_key[]", "fr"),
            ("targeting_browser_language_value[]", "https://example.fr/")
        );
        (string, string)[] french =
        [
            ("location_url", "https://example.com/all"),
            ("url", "compared"),
            ("is_enabled", "1"),
            ("targeting_type", "browser_language"),
            ("targeting_browser_language_key[0]", "fr"),
            ("targeting_browser_language_value[0]", "https://example.fr/new"),
        ];
        (string, string)[] half =
        [
            .. french[..3],
            ("targeting_type", "rotation"),
            ("targeting_rotation_key[0]", "1"),
            ("targeting_rotation_value[0]", "https://example.com/all"),
            ("targeting_rotation_key[1]", "4"),
            ("targeting_rotation_value[1]", "https://example.com/new"),
        ];

        var without = await CompareAsync(french);
        foreach (var language in (string[])["fr", "de", "de", "de"])
            (
                await _server.FollowAsync(
                    link.Alias,
                    null,
                    ("User-Agent", Person.Unknown),
                    ("Accept-Language", language)
                )
            ).Dispose();
        var one = "";
        await Patience.UntilAsync(
            async () => (one = await CompareAsync(french)).Contains("last 30 days: 25.0%", StringComparison.Ordinal),
            "Comparing with four clicks"
        );
        var rotated = await CompareAsync(half);
        var same = await CompareAsync([.. french[..5], ("targeting_browser_language_value[0]", "https://example.fr/")]);
        var ended = await CompareAsync([.. french[..3], ("end_date", "2020-01-01T00:00"), ("note", "")]);

        Assert.Contains("There are no clicks of the last 30 days", without, StringComparison.Ordinal);
        Assert.Contains("go elsewhere: 1 of 2", without, StringComparison.Ordinal);
        Assert.Contains("go elsewhere: 1 of 3", one, StringComparison.Ordinal);
        Assert.Contains("French", one, StringComparison.Ordinal);
        Assert.Contains(">https://example.fr/new<", one, StringComparison.Ordinal);
        // All of the French, and four of five others.
        Assert.Contains("last 30 days: 85.0%", rotated, StringComparison.Ordinal);
        Assert.Contains(">https://example.com/new (80.0%)<", rotated, StringComparison.Ordinal);
        Assert.DoesNotContain("go elsewhere", same, StringComparison.Ordinal);
        Assert.Contains("Page “expired”", ended, StringComparison.Ordinal);
        Assert.Contains("Only this moment is compared.", ended, StringComparison.Ordinal);
        Assert.DoesNotContain("Only this moment is compared.", one, StringComparison.Ordinal);

        async Task<string> CompareAsync((string, string)[] typed)
        {
            var form = $"/dashboard/links/{link.Id}/edit";
            var part = await _ada.SendAsync(form, form + Path, Cancel, [.. typed, ("part", "1")]);
            Assert.Equal(HttpStatusCode.OK, part.Status);
            return WebUtility.HtmlDecode(part.Body);
        }
    }

    [Fact]
    public void Languages_with_a_region_have_no_share_because_a_click_does_not_keep_it()
    {
        var clicks = Enumerable.Repeat(PlainClick.On(1) with { Language = "fr" }, 4);

        var (whole, region) = (Compare("fr"), Compare("fr-CA"));

        Assert.Equal((true, 1d, 1), (whole.AsksLanguages, whole.MovedShare, whole.MovedKinds));
        Assert.Equal((true, null, 1), (region.AsksLanguages, region.MovedShare, region.MovedKinds));
        Assert.Null(region.Biggest.Single().MovedShare);

        PlanComparison Compare(string language)
        {
            TargetingRule rule = new(language, "https://example.fr/");
            var rules = TargetingTable.Compile(TargetingKind.BrowserLanguage, rule);
            return new KindGrid(PlanOf(null), PlanOf(rules), at: 0, usedClicks: 0).Compare([.. clicks], hasMore: false);
        }

        static LinkPlan PlanOf(TargetingTable? rules) =>
            new()
            {
                LinkId = 1,
                Version = 1,
                Location = "https://example.com/",
                Status = 302,
                Rules = rules,
            };
    }

    [Fact]
    public void Only_the_most_frequent_kinds_are_compared_and_the_rest_is_told()
    {
        LinkPlan before = new()
        {
            LinkId = 1,
            Version = 1,
            Location = "https://example.com/",
            Status = 302,
            Rules = TargetingTable.Compile(TargetingKind.CityName, new TargetingRule("Paris", "https://example.fr/")),
        };
        LinkPlan after = new()
        {
            LinkId = 1,
            Version = 2,
            Location = "https://example.com/new",
            Status = 302,
        };
        List<ClickRow> clicks = [];
        for (var city = 0; city < 2 * KindGrid.MostKinds; city++)
            clicks.AddRange(Enumerable.Repeat(ClickIn($"City {city}"), city < KindGrid.MostKinds ? 3 : 1));

        var compared = new KindGrid(before, after, at: 0, usedClicks: 0).Compare(clicks, hasMore: true);

        Assert.Equal(KindGrid.MostKinds, compared.Kinds);
        Assert.Equal(KindGrid.MostKinds, compared.MovedKinds);
        Assert.Equal(5, compared.Biggest.Count);
        Assert.Equal(1, compared.MovedShare!.Value + compared.RestShare, precision: 6);
        Assert.InRange(compared.RestShare, 0.25, 0.26);

        static ClickRow ClickIn(string city) => PlainClick.On(1) with { Place = new(null, null, city) };
    }
}
