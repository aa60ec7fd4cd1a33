using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Links of one account that lead to each other.</summary>
public sealed class RingTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Elsewhere = "https://example.org/";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static readonly TheoryData<string, string[]> Ways = new()
    {
        { "location_url", ["location_url", "{0}"] },
        { "expiration_url", ["expiration_url", "{0}"] },
        {
            "targeting_device_type_value[0]",
            [
                "targeting_type",
                "device_type",
                "targeting_device_type_key[0]",
                "mobile",
                "targeting_device_type_value[0]",
                "{0}",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_ring_is_refused_whichever_address_closes_it(string field, string[] way)
    {
        var first = await _server.CreateLinkAsync(("location_url", Elsewhere));
        var second = await _server.CreateLinkAsync(Fill(way, first.Alias));
        var third = await _server.CreateLinkAsync(Fill(way, second.Alias));

        foreach (
            var last in (string[])
                [second.Alias, third.Alias, $"{third.Alias}).", third.Alias.ToUpperInvariant() + "?a=1#b"]
        )
        {
            var (status, answer) = await PostAsync($"/api/links/{first.Id}", Fill(way, last));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Equal(field, answer.GetProperty("errors")[0].GetProperty("field").GetString());
            Assert.Contains("loop", answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(Elsewhere, (await _server.ReadLinkAsync(first.Id)).GetProperty("location_url").GetString());
    }

    [Fact]
    public async Task A_new_link_and_a_new_alias_close_no_ring()
    {
        var name = Guid.NewGuid().ToString("N");
        var first = await _server.CreateLinkAsync(("location_url", Address(name)));

        var (made, _) = await PostAsync("/api/links", [("url", name), ("location_url", Address(first.Alias))]);
        var other = await _server.CreateLinkAsync(("location_url", Address(first.Alias)));
        var (renamed, answer) = await PostAsync($"/api/links/{other.Id}", [("url", name)]);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (made, renamed));
        Assert.Equal("url", answer.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Rules_count_when_they_are_switched_on()
    {
        var first = await _server.CreateLinkAsync(("location_url", Elsewhere));
        var second = await _server.CreateLinkAsync(("location_url", Address(first.Alias)));
        await _server.UpdateLinkAsync(
            first.Id,
            ("targeting_device_type_key[0]", "mobile"),
            ("targeting_device_type_value[0]", Address(second.Alias))
        );

        var (status, answer) = await PostAsync($"/api/links/{first.Id}", [("targeting_type", "device_type")]);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("targeting_type", answer.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Theory]
    [InlineData(9, HttpStatusCode.BadRequest)]
    [InlineData(12, HttpStatusCode.OK)]
    public async Task Ten_steps_are_looked_at(int links, HttpStatusCode expected)
    {
        var first = await _server.CreateLinkAsync(("location_url", Elsewhere));
        var last = first;
        for (var i = 0; i < links; i++)
            last = await _server.CreateLinkAsync(("location_url", Address(last.Alias)));

        Assert.Equal(
            expected,
            (await PostAsync($"/api/links/{first.Id}", [("location_url", Address(last.Alias))])).Status
        );
    }

    [Fact]
    public async Task A_link_to_an_own_link_is_a_warning()
    {
        var first = await _server.CreateLinkAsync(("location_url", Elsewhere));

        var (status, answer) = await PostAsync("/api/links", [("location_url", Address(first.Alias))]);
        var (bulk, lines) = await PostAsync(
            "/api/links",
            [("is_bulk", "1"), ("location_urls", $"{Elsewhere}\n{Address(first.Alias)}")]
        );

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (status, bulk));
        Assert.Equal(
            $"The address is the short address of your link {first.Alias}. Visitors are redirected twice.",
            Warning(answer).GetProperty("title").GetString()
        );
        Assert.Equal("location_url", Warning(answer).GetProperty("field").GetString());
        using (await _server.Http.DeleteAsync($"/api/links/{first.Id}", Cancel)) { }
        var (_, toTrash) = await PostAsync("/api/links", [("location_url", Address(first.Alias))]);
        Assert.False(toTrash.GetProperty("data").TryGetProperty("warnings", out JsonElement _));
        Assert.StartsWith("Line 2: ", Warning(lines).GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_of_others_are_not_followed_and_nothing_tells_of_them()
    {
        using var stranger = await Strangers.NewAsync(_server, "UTC", Cancel);
        var own = await _server.CreateLinkAsync(("location_url", Elsewhere));
        using var made = await stranger.PostAsync(
            "/api/links",
            Bodies.Form(("location_url", Address(own.Alias))),
            Cancel
        );
        var data = (await made.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("data");
        var theirs = data.GetProperty("url").GetString()!;

        var (status, answer) = await PostAsync($"/api/links/{own.Id}", [("location_url", Address(theirs))]);

        Assert.False(data.TryGetProperty("warnings", out _));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(answer.GetProperty("data").TryGetProperty("warnings", out _));
    }

    private static JsonElement Warning(JsonElement answer) =>
        Assert.Single(answer.GetProperty("data").GetProperty("warnings").EnumerateArray());

    private string Address(string alias) => $"{_server.Url}/{alias}";

    private (string, string)[] Fill(string[] way, string alias) =>
        [.. way.Chunk(2).Select(pair => (pair[0], pair[1].Replace("{0}", Address(alias), StringComparison.Ordinal)))];

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, (string, string)[] fields)
    {
        using var response = await _server.Http.PostAsync(path, Bodies.Form(fields), Cancel);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancel));
    }
}
