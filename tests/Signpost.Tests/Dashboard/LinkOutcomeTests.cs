using System.Net;
using System.Text.Json;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>Where the form of a link would send visitors, before anything is saved.</summary>
public sealed class LinkOutcomeTests(SignedInServer shared) : IClassFixture<SignedInServer>
{
    private const string New = "/dashboard/links/new";
    private const string Explain = "/explain";

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
            var france = await _ada.SendAsync(form, form + Explain, Cancel, typed);
            var germany = await _ada.SendAsync(form, form + Explain, Cancel, [.. typed, ("country_code", "DE")]);
            var locked = await _ada.SendAsync(form, form + Explain, Cancel, [.. typed, ("password", "secret")]);
            var part = await _ada.SendAsync(form, form + Explain, Cancel, [.. typed, ("part", "1")]);

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
            Assert.StartsWith("<div role=\"status\" data-part=\"decision\">", part.Body, StringComparison.Ordinal);
            Assert.Contains("https://example.fr/?utm_source=poster</bdi>", part.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<form", part.Body, StringComparison.Ordinal);
            var back = await _ada.GetAsync(form + Explain, Cancel);
            Assert.Equal((HttpStatusCode.SeeOther, form), (back.Status, back.Location));
        }

        var stored = await _server.ReadLinkAsync(link.Id);
        Assert.Equal("https://example.com/old", stored.GetProperty("location_url").GetString());
        using var all = JsonDocument.Parse(await _server.Http.GetStringAsync("/api/links?search=typed", Cancel));
        Assert.Empty(all.RootElement.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task Errors_of_the_link_and_of_the_visitor_stand_at_their_fields()
    {
        (string, string)[] wrong = [("location_url", ""), ("ip", "1.2.3"), ("note", "kept note")];

        var page = await _ada.SendAsync(New, New + Explain, Cancel, wrong);
        var part = await _ada.SendAsync(New, New + Explain, Cancel, [.. wrong, ("part", "1")]);
        var missing = await _ada.SendAsync(New, $"/dashboard/links/999999/edit{Explain}", Cancel, wrong);

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
}
