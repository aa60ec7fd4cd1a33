using System.Net;
using System.Text.Json;
using Signpost.Links.Framing;
using Signpost.Outbound;
using Signpost.Testing;
using Signpost.Tests.Outbound;

namespace Signpost.Tests.Links;

/// <summary>Warnings about destinations of cloaked links that refuse frames.</summary>
public sealed class FramingTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, "", "")]
    [InlineData(false, "DENY", "")]
    [InlineData(false, "deny", "")]
    [InlineData(false, "SAMEORIGIN", "")]
    [InlineData(true, "ALLOWALL", "")]
    [InlineData(true, "ALLOW-FROM https://other.example", "")]
    [InlineData(false, "SAMEORIGIN, DENY", "")]
    [InlineData(false, "DENY, DENY", "")]
    [InlineData(true, "", "default-src 'self'")]
    [InlineData(false, "", "frame-ancestors 'none'")]
    [InlineData(false, "", "frame-ancestors")]
    [InlineData(false, "", "frame-ancestors 'self'")]
    [InlineData(true, "", "frame-ancestors *")]
    [InlineData(true, "DENY", "frame-ancestors *")]
    [InlineData(true, "", "default-src 'self'; FRAME-ANCESTORS https:")]
    [InlineData(false, "", "frame-ancestors other.example")]
    [InlineData(true, "", "frame-ancestors go.example")]
    [InlineData(true, "", "frame-ancestors https://go.example")]
    [InlineData(true, "", "frame-ancestors http://go.example")]
    [InlineData(true, "", "frame-ancestors https://go.example:443")]
    [InlineData(false, "", "frame-ancestors https://go.example:8443")]
    [InlineData(true, "", "frame-ancestors https://go.example:*")]
    [InlineData(true, "", "frame-ancestors *.example")]
    [InlineData(false, "", "frame-ancestors *.go.example")]
    [InlineData(false, "", "frame-ancestors evilgo.example")]
    [InlineData(false, "", "frame-ancestors *, frame-ancestors 'none'")]
    [InlineData(true, "", "frame-ancestors *; frame-ancestors 'none'")]
    public void A_page_s_headers_say_who_may_frame_it(bool allowed, string options, string policy)
    {
        var answer = new OutboundResponse(
            new("https://page.example/a"),
            200,
            options is "" ? [] : [options],
            policy is "" ? [] : [policy]
        );

        Assert.Equal(allowed, FramePolicy.Allows(answer, new("https://go.example")));
    }

    [Fact]
    public async Task A_destination_that_refuses_frames_is_a_warning_beside_the_id()
    {
        await using var refusing = Stranger.Saying("X-Frame-Options: DENY");
        await using var willing = Stranger.Saying();

        var refused = await SendAsync("/api/links", ("location_url", refusing.Url), ("cloaking_is_enabled", "1"));
        var id = refused.GetProperty("id").GetInt64();
        var untouched = await SendAsync($"/api/links/{id}", ("cloaking_title", "x"));
        var willed = await SendAsync($"/api/links/{id}", ("location_url", willing.Url));
        var again = await SendAsync($"/api/links/{id}", ("location_url", refusing.Url));
        var uncloaked = await SendAsync($"/api/links/{id}", ("cloaking_is_enabled", "0"));

        Assert.Equal("location_url", Warning(refused).GetProperty("field").GetString());
        Assert.Contains("does not allow browsers to show it", $"{Warning(refused)}", StringComparison.Ordinal);
        Assert.False(untouched.TryGetProperty("warnings", out _));
        Assert.False(willed.TryGetProperty("warnings", out _));
        Assert.Contains(refusing.Url, $"{Warning(again)}", StringComparison.Ordinal);
        Assert.False(uncloaked.TryGetProperty("warnings", out _));
    }

    [Theory]
    [InlineData("https://no-such-name.example/")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task Unreachable_and_forbidden_destinations_get_the_same_warning(string url)
    {
        var created = await SendAsync("/api/links", ("location_url", url), ("cloaking_is_enabled", "1"));

        Assert.Equal(
            $"{url} could not be fetched within 2 seconds. Perhaps browsers do not show it in a frame.",
            Warning(created).GetProperty("title").GetString()
        );
    }

    [Theory]
    [InlineData("http://\u200d/")]
    [InlineData("//\u200d.example/")]
    [InlineData("http://xn--a.example/")]
    public async Task A_redirect_to_a_host_without_a_name_in_ASCII_is_a_warning(string location)
    {
        await using var odd = Stranger.RedirectingTo(location);

        var created = await SendAsync("/api/links", ("location_url", odd.Url), ("cloaking_is_enabled", "1"));

        Assert.Contains("could not be fetched", $"{Warning(created)}", StringComparison.Ordinal);
        Assert.Equal(1, odd.Visits);
    }

    [Fact]
    public async Task A_silent_destination_delays_an_edit_for_a_bounded_time()
    {
        await using var silent = Stranger.Silent();

        var created = await SendAsync("/api/links", ("location_url", silent.Url), ("cloaking_is_enabled", "1"));

        Assert.Contains("could not be fetched", $"{Warning(created)}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_is_not_cloaked_or_wrong_asks_nobody()
    {
        await using var stranger = Stranger.Saying();

        await SendAsync("/api/links", ("location_url", stranger.Url));
        using var wrong = await _server.Http.PostAsync(
            "/api/links",
            Form(("location_url", stranger.Url), ("cloaking_is_enabled", "1"), ("clicks_limit", "-1")),
            Cancel
        );

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(0, stranger.Visits);
    }

    [Fact]
    public async Task A_bulk_names_the_line_and_tries_ten_addresses_at_most()
    {
        await using var refusing = Stranger.Saying("Content-Security-Policy: frame-ancestors 'none'");
        var lines = string.Join('\n', Enumerable.Range(1, 30).Select(n => $"{refusing.Url}{n}"));

        var created = await SendAsync(
            "/api/links",
            ("is_bulk", "1"),
            ("location_urls", lines),
            ("cloaking_is_enabled", "1")
        );
        var warnings = created.GetProperty("warnings").EnumerateArray().ToArray();

        Assert.Equal(11, warnings.Length);
        Assert.Equal(10, refusing.Visits);
        Assert.StartsWith(
            $"Line 1: {refusing.Url}1 ",
            warnings[0].GetProperty("title").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal("location_urls", warnings[0].GetProperty("field").GetString());
        Assert.Contains("first 10", warnings[10].GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_destinations_of_the_targeting_in_force_are_tried_too()
    {
        await using var refusing = Stranger.Saying("X-Frame-Options: SAMEORIGIN");
        await using var willing = Stranger.Saying();

        var created = await SendAsync(
            "/api/links",
            ("location_url", willing.Url),
            ("cloaking_is_enabled", "1"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", refusing.Url)
        );

        Assert.Equal("targeting_country_code_value[0]", Warning(created).GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_repeated_request_gets_the_same_warnings_and_nobody_is_asked_again()
    {
        await using var refusing = Stranger.Saying("X-Frame-Options: DENY");
        var answers = new List<string>();

        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/links")
            {
                Content = Form(("location_url", refusing.Url), ("cloaking_is_enabled", "1")),
            };
            request.Headers.Add("Idempotency-Key", "framing");
            using var response = await _server.Http.SendAsync(request, Cancel);
            answers.Add(await response.Content.ReadAsStringAsync(Cancel));
        }

        Assert.Equal(answers[0], answers[1]);
        Assert.Contains("warnings", answers[0], StringComparison.Ordinal);
        Assert.Equal(1, refusing.Visits);
    }

    private static JsonElement Warning(JsonElement data) =>
        Assert.Single(data.GetProperty("warnings").EnumerateArray().ToArray());

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private async Task<JsonElement> SendAsync(string path, params (string Name, string Value)[] fields)
    {
        using var response = await _server.Http.PostAsync(path, Form(fields), Cancel);
        var answer = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonDocument.Parse(answer).RootElement.GetProperty("data");
    }
}
