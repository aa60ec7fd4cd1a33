using System.Net;
using System.Text.Json.Nodes;
using Signpost.PersonalData;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Accounts;

/// <summary>The export of everything that is kept of a person.</summary>
public sealed class PersonExportTests(SharedServer shared) : TeamTests(shared)
{
    private const string Export = "/api/user/export";

    private static readonly string[] Lists =
    [
        "sessions",
        "api_keys",
        "memberships",
        "logs",
        "mails",
        "projects",
        "tags",
        "pixels",
        "splash_pages",
        "domains",
        "qr_codes",
        "qr_logos",
        "views",
        "utm_templates",
        "qr_presets",
        "links",
    ];

    [Fact]
    public async Task A_person_gets_everything_of_their_own_and_no_secret()
    {
        var (ada, team) = (await NewPersonAsync(), await NewTeamAsync("A team of others"));
        using var browser = new Person(Server);
        await browser.SignInAsync(ada.Email, TestServer.AdminPassword, Cancel);
        var invitation = IdOf(await InviteAsync(team, ada.Email, "viewer"));
        await PostAsAsync(ada.Http, $"/api/teams-member/{invitation}", ("status", "1"));
        await PostAsAsync(team.Key, "/api/projects", ("name", "A project of others"));
        await PostAsAsync(ada.Http, "/api/projects", ("name", "Spring"));
        await PostAsAsync(ada.Http, "/api/pixels", ("name", "Shop"), ("type", "facebook"), ("pixel", "1234567"));
        await PostAsAsync(ada.Http, "/api/splash-pages", ("name", "Welcome"));
        await PostAsAsync(ada.Http, "/api/domains", ("host", $"{Guid.NewGuid():N}.example.org"));
        await NewLinkAsync(ada.Http, ("password", "a secret of a link"), ("title", "Named"), ("tags[]", "Sale"));
        await PostAsAsync(ada.Http, "/api/qr-codes", ("name", "Poster"), ("url", "https://example.org/poster"));
        var key = (string)(await PostAsAsync(ada.Http, "/api/api-keys", ("name", "Laptop"))).Json["data"]!["key"]!;

        var reply = await SendAsync(HttpMethod.Get, Export, http: ada.Http);

        var data = reply.Json["data"]!;
        Assert.Equal(ada.Email, (string?)data["user"]!["email"]);
        Assert.True((bool)data["sign_in"]!["has_password"]!);
        Assert.Equal("Firefox on Linux", Only(data, "sessions", "device"));
        Assert.Contains("Laptop", data["api_keys"]!.AsArray().Select(one => (string?)one!["name"]));
        Assert.Equal("A team of others", Only(data, "memberships", "team_name"));
        Assert.Contains("signed_in", data["logs"]!.AsArray().Select(one => (string?)one!["type"]));
        // Also the activity of this person in the team.
        Assert.Contains(team.Team, data["logs"]!.AsArray().Select(one => (long?)one!["account_id"]));
        var created = data["logs"]!.AsArray().Single(one => (string?)one!["type"] is "user_created")!;
        Assert.Equal((null, null), ((long?)created["user_id"], (string?)created["ip"]));
        Assert.Equal("Spring", Only(data, "projects", "name"));
        Assert.Equal("Sale", Only(data, "tags", "name"));
        Assert.Equal("Named", Only(data, "links", "title"));
        Assert.Equal("Shop", Only(data, "pixels", "name"));
        Assert.Equal("Welcome", Only(data, "splash_pages", "name"));
        Assert.EndsWith(".example.org", Only(data, "domains", "host"), StringComparison.Ordinal);
        Assert.Equal("https://example.org/poster", Only(data, "qr_codes", "embedded_data"));
        Assert.Empty(data["qr_logos"]!.AsArray());
        Assert.Equal("https://example.org/team", Only(data, "links", "location_url"));
        Assert.Equal($"{Server.Url}/api/statistics/export", (string?)data["clicks"]);
        foreach (
            var secret in (string[])[key, TestServer.AdminPassword, "a secret of a link", "A project of others", "hash"]
        )
            Assert.DoesNotContain(secret, reply.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(browser.Cookies.GetAllCookies(), cookie => reply.Body.Contains(cookie.Value));
    }

    [Fact]
    public async Task Lists_of_several_pages_are_whole_and_the_response_begins_before_it_is_complete()
    {
        var ada = await NewPersonAsync();
        const int Count = PersonReader.AtOnce + 1;
        var lines = string.Join('\n', Enumerable.Range(0, Count).Select(i => $"https://example.org/{i}"));
        var bulk = await PostAsAsync(ada.Http, "/api/links", ("is_bulk", "1"), ("location_urls", lines));
        Assert.Equal(HttpStatusCode.Created, bulk.Status);

        using var response = await ada.Http.GetAsync(Export, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var data = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["data"]!;

        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.StartsWith(
            "attachment; filename=\"signpost-account-",
            response.Content.Headers.ContentDisposition!.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(
            bulk.Json["data"]!["ids"]!.AsArray().Select(id => (long)id!),
            data["links"]!.AsArray().Select(link => (long)link!["id"]!)
        );
    }

    [Fact]
    public async Task A_key_without_the_scope_of_links_gets_none_and_a_team_s_key_nothing()
    {
        var (ada, team) = (await NewPersonAsync(), await NewTeamAsync());
        await NewLinkAsync(ada.Http);
        using var narrow = await ClientOfAsync(ada.Id, ("scopes", "account:read"));

        var reply = await SendAsync(HttpMethod.Get, Export, http: narrow);
        var head = await SendAsync(HttpMethod.Head, Export, http: narrow);
        var refused = await SendAsync(HttpMethod.Get, Export, http: team.Key);

        Assert.Equal(
            [
                "projects",
                "tags",
                "pixels",
                "splash_pages",
                "domains",
                "qr_codes",
                "qr_logos",
                "views",
                "utm_templates",
                "qr_presets",
                "links",
            ],
            Lists.Where(list => reply.Json["data"]![list] is null)
        );
        Assert.Equal((HttpStatusCode.OK, ""), (head.Status, head.Body));
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    [Fact]
    public async Task The_account_page_gives_the_same_file_and_the_activity_tells_of_it()
    {
        var ada = await NewPersonAsync();
        await NewLinkAsync(ada.Http);
        using var browser = new Person(Server);
        await browser.SignInAsync(ada.Email, TestServer.AdminPassword, Cancel);

        var page = await browser.GetAccountAsync(Cancel);
        var file = await browser.GetAsync("/dashboard/account/export", Cancel);
        using var stranger = new Person(Server);
        var refused = await stranger.GetAsync("/dashboard/account/export", Cancel);

        Assert.Contains("href=\"/dashboard/account/export\" download", page.Body, StringComparison.Ordinal);
        var data = JsonNode.Parse(file.Body)!["data"]!;
        Assert.All(Lists, list => Assert.NotNull(data[list]));
        Assert.Single(data["links"]!.AsArray());
        Assert.Equal("/login?returnUrl=%2Fdashboard%2Faccount%2Fexport", refused.Location);
        await Patience.UntilAsync(
            async () => (await browser.GetAccountAsync(Cancel)).Body.Contains("The data of the account was exported"),
            "The line about the export"
        );
    }

    private static string Only(JsonNode data, string list, string field) =>
        (string)Assert.Single(data[list]!.AsArray())![field]!;
}
