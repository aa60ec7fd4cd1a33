using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>Links that warn.</summary>
public sealed class WarningPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task The_warning_names_the_host_is_passed_by_a_click_and_not_shown_again()
    {
        var link = await _server.CreateLinkAsync(
            ("sensitive_content", "1"),
            ("location_url", "https://b\u00fccher.example/private/path?q=1")
        );
        var browser = new Browser(_server);

        var warned = await browser.GetAsync($"/{link.Alias}?x=y");
        var posted = await browser.PostAsync(Browser.ActionOf(warned.Body));
        var opened = await browser.GetAsync(posted.Location!);

        Assert.Equal(HttpStatusCode.OK, warned.Status);
        Assert.Contains("xn--bcher-kva.example", warned.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("private/path", warned.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, $"/{link.Alias}?x=y"), (posted.Status, posted.Location));
        Assert.Equal(HttpStatusCode.Found, opened.Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync($"/{link.Alias}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await new Browser(_server).GetAsync($"/{link.Alias}")).Status);
        Assert.Equal(2, await _server.ReadClicksAsync(link.Id));
    }

    [Theory]
    [InlineData("location_url", "https://other.example/", true)]
    [InlineData("location_url", "https://example.org/other", true)]
    [InlineData("targeting_country_code_value[0]", "https://other.example/", true)]
    [InlineData("title", "Another title", false)]
    [InlineData("http_status_code", "307", false)]
    public async Task Having_read_the_warning_holds_for_these_destinations(string name, string value, bool isVoid)
    {
        var link = await _server.CreateLinkAsync(
            ("sensitive_content", "1"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://example.fr/")
        );
        var browser = new Browser(_server);
        await browser.SubmitAsync($"/{link.Alias}");
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync($"/{link.Alias}")).Status);

        (string, string)[] rule = name.StartsWith("targeting", StringComparison.Ordinal)
            ? [("targeting_country_code_key[0]", "FR"), ("targeting_type", "country_code")]
            : [];
        await _server.UpdateLinkAsync(link.Id, [(name, value), .. rule]);

        Assert.Equal(isVoid, (await browser.GetAsync($"/{link.Alias}")).Status == HttpStatusCode.OK);
        await browser.SubmitAsync($"/{link.Alias}");
        Assert.NotEqual(HttpStatusCode.OK, (await browser.GetAsync($"/{link.Alias}")).Status);
    }

    [Theory]
    [InlineData("https://hidden.example/", "clicks_limit", "3")]
    [InlineData("mailto:someone@hidden.example", "is_enabled", "1")]
    public async Task The_host_is_not_named_where_it_is_a_click_s_worth_or_none(string to, string name, string value)
    {
        var link = await _server.CreateLinkAsync(("sensitive_content", "1"), ("location_url", to), (name, value));

        var warned = await new Browser(_server).GetAsync($"/{link.Alias}");

        Assert.DoesNotContain("hidden.example", warned.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("It leads to", warned.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_link_that_warns_asks_first_and_warns_then()
    {
        var link = await _server.CreateLinkAsync(
            ("sensitive_content", "1"),
            ("password", "sesame"),
            ("location_url", "https://secret.example/")
        );
        var browser = new Browser(_server);

        var tooEarly = await browser.PostAsync($"/_signpost/agree/{link.Alias}");
        Assert.Equal(HttpStatusCode.SeeOther, tooEarly.Status);
        Assert.Empty(browser.Cookies);

        await browser.SubmitAsync($"/{link.Alias}", ("password", "sesame"));
        var warned = await browser.GetAsync($"/{link.Alias}");
        Assert.Equal(HttpStatusCode.OK, warned.Status);
        Assert.Contains("secret.example", warned.Body, StringComparison.Ordinal);
        var opened = await browser.GetAsync((await browser.PostAsync(Browser.ActionOf(warned.Body))).Location!);

        Assert.Equal("https://secret.example/", opened.Location);
        Assert.Single(browser.Cookies);
    }

    [Fact]
    public async Task Neither_page_uses_up_a_limited_link()
    {
        var link = await _server.CreateLinkAsync(
            ("sensitive_content", "1"),
            ("password", "sesame"),
            ("clicks_limit", "1")
        );
        var browser = new Browser(_server);

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync($"/{link.Alias}")).Status);
        await browser.SubmitAsync($"/{link.Alias}", ("password", "sesame"));
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/{link.Alias}")).Status);
        await browser.SubmitAsync($"/{link.Alias}");

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync($"/{link.Alias}")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync($"/{link.Alias}")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await new Browser(_server).GetAsync($"/{link.Alias}")).Status);
    }
}
