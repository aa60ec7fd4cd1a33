using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Person = Signpost.Testing.Person;

namespace Signpost.Tests.Accounts;

/// <summary>Keys that keys made: they end with their maker.</summary>
public sealed class MadeKeyTests : IAsyncLifetime
{
    private const string Tomorrow = "2026-03-02 12:00:00";

    private readonly ManualClock _clock = new();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_clock, null);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(null, Tomorrow)]
    [InlineData("2027-01-01 00:00:00", Tomorrow)]
    [InlineData("2026-03-02 06:00:00", "2026-03-02 06:00:00")]
    public async Task A_made_key_expires_with_its_maker_at_the_latest(string? wanted, string expires)
    {
        var maker = await MakeAsync(_server.Http, "/api/api-keys", ("expires", Tomorrow));
        var made = await MakeAsync(maker.Http, "/api/api-keys", wanted is null ? [] : [("expires", wanted)]);
        var grandchild = await MakeAsync(made.Http, "/api/api-keys");

        Assert.Equal((expires, expires), (made.Expires, grandchild.Expires));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(grandchild.Http));
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(made.Http));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(grandchild.Http));
    }

    [Theory]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("?with_others=1", HttpStatusCode.Unauthorized)]
    public async Task Revoking_a_key_revokes_the_keys_that_it_made(string query, HttpStatusCode others)
    {
        var grace = await NewUserAsync();
        var maker = await MakeAsync(_server.Http, "/api/api-keys");
        var child = await MakeAsync(maker.Http, "/api/api-keys");
        var grandchild = await MakeAsync(child.Http, "/api/api-keys");
        var hers = await MakeAsync(grandchild.Http, $"/api/users/{grace}/api-keys", ("name", "Hers"));
        var herNext = await MakeAsync(hers.Http, "/api/api-keys");
        var beside = await MakeAsync(_server.Http, "/api/api-keys");

        var listed = await ReadAsync(HttpMethod.Get, $"/api/api-keys/{maker.Id}");
        var revoked = await _server.Http.DeleteAsync($"/api/api-keys/{maker.Id}{query}", Cancel);

        Assert.Equal(
            $"{child.Id} 1 {maker.Id}; {grandchild.Id} 1 {child.Id}; {hers.Id} {grace} {grandchild.Id}; {herNext.Id} {grace} {hers.Id}",
            string.Join(
                "; ",
                listed["made"]!.AsArray().Select(one => $"{one!["id"]} {one["user_id"]} {one["made_by"]}")
            )
        );
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        foreach (var gone in (Made[])[maker, child, grandchild])
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(gone.Http));
        Assert.Equal((others, others), (await StatusAsync(hers.Http), await StatusAsync(herNext.Http)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(beside.Http));
    }

    [Fact]
    public async Task Only_admins_revoke_the_keys_of_others()
    {
        var grace = await MakeAsync(_server.Http, $"/api/users/{await NewUserAsync()}/api-keys");

        using var reply = await grace.Http.DeleteAsync($"/api/api-keys/{grace.Id}?with_others=1", Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(grace.Http));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_page_lists_made_keys_under_their_maker_and_asks_about_those_of_others(bool isTicked)
    {
        var grace = await NewUserAsync();
        var maker = await MakeAsync(_server.Http, "/api/api-keys", ("name", "Maker"));
        var child = await MakeAsync(maker.Http, "/api/api-keys", ("name", "Child"));
        var hers = await MakeAsync(maker.Http, $"/api/users/{grace}/api-keys", ("name", "Hers"));
        using var ada = new Person(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        var page = (await ada.GetAccountAsync(Cancel)).Body;
        (string, string)[] fields = isTicked ? [("with_others", "1")] : [];
        await ada.SendAsync(
            "/dashboard/account",
            "/dashboard/account/keys/revoke",
            Cancel,
            [("id", $"{maker.Id}"), .. fields]
        );

        Assert.Contains("Created with the key Maker</p>", page, StringComparison.Ordinal);
        Assert.Contains($"Created with the key Maker for account {grace}</p>", page, StringComparison.Ordinal);
        Assert.Contains("Also its keys for other accounts: 1", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(child.Http));
        Assert.Equal(isTicked ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, await StatusAsync(hers.Http));
    }

    [Fact]
    public async Task The_next_key_of_the_settings_inherits_the_keys_that_the_former_one_made()
    {
        var next = "sp_next_" + new string('n', 40);
        var directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;
        try
        {
            Made made;
            await using (var server = await TestServer.StartAsync(null, directory))
                made = await MakeAsync(server.Http, "/api/api-keys");
            await using (var server = await TestServer.StartAsync(null, directory, ("SIGNPOST_API_KEY", next)))
            {
                using var successor = server.NewClient(next);
                using var child = server.NewClient(made.Key);
                var keys = JsonNode.Parse(await successor.GetStringAsync("/api/api-keys", Cancel))!["data"]!.AsArray();
                var mine = keys.Single(key => (string)key!["prefix"]! == "sp_next_")!;

                Assert.Equal(made.Id, (long)Assert.Single(mine["made"]!.AsArray())!["id"]!);
                Assert.Equal(HttpStatusCode.OK, await StatusAsync(child));
                await successor.DeleteAsync($"/api/api-keys/{mine["id"]}", Cancel);
                Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(child));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<long> NewUserAsync()
    {
        using var body = Bodies.Form(("email", "grace@example.org"), ("password", TestServer.AdminPassword));
        return (long)(await ReadAsync(HttpMethod.Post, "/api/users", body))["id"]!;
    }

    private async Task<Made> MakeAsync(HttpClient maker, string path, params (string Name, string Value)[] fields)
    {
        using var body = Bodies.Form(fields);
        var data = await ReadAsync(HttpMethod.Post, path, body, maker);
        var key = (string)data["key"]!;
        return new((long)data["id"]!, key, (string?)data["expires"], _server.NewClient(key));
    }

    private async Task<JsonNode> ReadAsync(
        HttpMethod method,
        string path,
        HttpContent? body = null,
        HttpClient? http = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await (http ?? _server.Http).SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["data"]!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http)
    {
        using var response = await http.GetAsync("/api/user", Cancel);
        return response.StatusCode;
    }

    private sealed record Made(long Id, string Key, string? Expires, HttpClient Http);
}
