using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Dashboard;

/// <summary>The page of the server, which exists for server admins only.</summary>
public sealed partial class ServerPageTests(SharedServer shared) : TeamTests(shared)
{
    private const string Path = "/dashboard/server";
    private const string Canary = "canary-f00d-4711";

    private static readonly string[] Tabs = ["", "/people", "/domains", "/settings"];

    [Fact]
    public async Task Nobody_but_an_admin_finds_the_page_or_a_way_to_it()
    {
        var owner = await NewTeamAsync();
        using var person = await SignInAsync(owner.Person.Email);
        var unknown = await person.GetAsync("/dashboard/there-is-nothing", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        foreach (var tab in Tabs)
        {
            var seen = await person.GetAsync($"{Path}{tab}?account={owner.Team}", Cancel);
            Assert.Equal((unknown.Status, unknown.Body), (seen.Status, seen.Body));
        }

        var links = await person.GetAsync("/dashboard/links", Cancel);
        Assert.DoesNotContain(Path, links.Body, StringComparison.Ordinal);
        foreach (var action in (string[])["state", "reset"])
        {
            var sent = await person.PostAsync(
                $"{Path}/people/{owner.Person.Id}/{action}",
                Cancel,
                ("form_token", links.Token),
                ("is_disabled", "1")
            );
            Assert.Equal(HttpStatusCode.NotFound, sent.Status);
        }

        Assert.True(await person.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task An_admin_sees_the_state_of_the_server_its_people_and_all_domains()
    {
        var somebody = await NewPersonAsync();
        var host = $"d{somebody.Id}.example.org";
        await PostAsAsync(somebody.Http, "/api/domains", ("host", host));
        using var admin = await SignInAsync(TestServer.AdminEmail);

        var state = await admin.GetAsync(Path, Cancel);
        Assert.Contains($"href=\"{Path}\" aria-current=\"page\"", state.Body, StringComparison.Ordinal);
        Assert.Contains(Server.Database.EngineVersion, state.Body, StringComparison.Ordinal);
        var ready = JsonNode.Parse(await Server.Anonymous.GetStringAsync("/readyz", Cancel))!;
        Assert.Contains($"<bdi dir=\"ltr\">{ready["node"]}</bdi>", state.Body, StringComparison.Ordinal);
        Assert.Equal((string)ready["status"]! == "ready", Ready().IsMatch(state.Body));
        Assert.Contains("None is known", state.Body, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(System.IO.Path.Combine(Server.DataDirectory, "last-backup"), [], Cancel);
        Assert.DoesNotContain("None is known", (await admin.GetAsync(Path, Cancel)).Body, StringComparison.Ordinal);

        var domains = await admin.GetAsync($"{Path}/domains", Cancel);
        Assert.Contains(host, domains.Body, StringComparison.Ordinal);
        Assert.Contains(somebody.Email, domains.Body, StringComparison.Ordinal);
        var people = await admin.GetAsync($"{Path}/people", Cancel);
        Assert.Contains(somebody.Email, people.Body, StringComparison.Ordinal);
        Assert.Contains(
            "rel=\"prev\"",
            (await admin.GetAsync($"{Path}/people?page=99", Cancel)).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_admin_disables_a_person_with_an_undo_and_hands_over_an_address()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignInAsync(somebody.Email);
        using var admin = await SignInAsync(TestServer.AdminEmail);
        var (page, own) = ($"{Path}/people", $"{Path}/people/{somebody.Id}");

        var disabled = await admin.SubmitAsync(page, $"{own}/state", Cancel, ("is_disabled", "1"));
        Assert.Contains($"action=\"{own}/state\"", Toast().Match(disabled.Body).Value, StringComparison.Ordinal);
        Assert.False(await person.IsSignedInAsync(Cancel));
        var refused = await admin.SubmitAsync(page, $"{own}/reset", Cancel);
        Assert.Contains("Nothing was changed.", refused.Body, StringComparison.Ordinal);
        await admin.SubmitAsync(page, $"{own}/state", Cancel, ("is_disabled", "0"));
        Assert.False(
            (bool)(await SendAsync(HttpMethod.Get, $"/api/users/{somebody.Id}")).Json["data"]!["is_disabled"]!
        );

        var promoted = await admin.SubmitAsync(page, $"{own}/state", Cancel, ("role", "admin"));
        Assert.Contains("name=\"role\" value=\"user\"", Toast().Match(promoted.Body).Value, StringComparison.Ordinal);
        Assert.Equal("admin", await RoleAsync());
        await admin.SubmitAsync(page, $"{own}/state", Cancel, ("role", "user"));
        Assert.Equal("user", await RoleAsync());
        var nonsense = await admin.SubmitAsync(page, $"{own}/state", Cancel, ("role", "king"));
        Assert.Contains("Nothing was changed.", nonsense.Body, StringComparison.Ordinal);

        var question = await admin.GetAsync($"{own}/reset", Cancel);
        Assert.Contains(WebUtility.HtmlEncode(somebody.Email), question.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("/login/reset/", question.Body, StringComparison.Ordinal);
        var made = await admin.SubmitAsync($"{own}/reset", $"{own}/reset", Cancel);
        Assert.Contains($"Hand this address over to {somebody.Email}.", made.Body, StringComparison.Ordinal);
        var onSecond = await admin.SendAsync(page, $"{own}/state?page=2", Cancel, ("role", "king"));
        Assert.Equal($"{page}?page=2", onSecond.Location);
        var address = Address().Match(made.Body).Groups["path"].Value;
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync(address, Cancel)).Status);
        Assert.DoesNotContain(address, (await admin.GetAsync(page, Cancel)).Body, StringComparison.Ordinal);

        async Task<string> RoleAsync() =>
            $"{(await SendAsync(HttpMethod.Get, $"/api/users/{somebody.Id}")).Json["data"]!["role"]}";
    }

    [Fact]
    public async Task No_secret_of_a_setting_stands_on_a_page()
    {
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_API_KEY", $"sp_{Canary}_{new string('k', 32)}"),
            ("SIGNPOST_SMTP_URL", $"smtp://user:{Canary}@127.0.0.1:1?tls=none"),
            ("SIGNPOST_MAIL_FROM", "links@example.org"),
            ("SIGNPOST_OIDC_AUTHORITY", "http://127.0.0.1:1"),
            ("SIGNPOST_OIDC_CLIENT_ID", "signpost"),
            ("SIGNPOST_OIDC_CLIENT_SECRET", Canary),
            ("SIGNPOST_TRASH_DAYS", "11")
        );
        using var admin = new Person(server);
        await admin.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        foreach (var tab in Tabs)
        {
            var seen = await admin.GetAsync($"{Path}{tab}", Cancel);
            Assert.Equal(HttpStatusCode.OK, seen.Status);
            Assert.DoesNotContain(Canary, seen.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(TestServer.AdminPassword, seen.Body, StringComparison.Ordinal);
            if (tab is not "/settings")
                continue;
            foreach (var name in (string[])["API_KEY", "ADMIN_PASSWORD", "SMTP_URL", "OIDC_CLIENT_SECRET"])
                Assert.Matches($"<code>SIGNPOST_{name}</code></td>\\s*<td[^>]*><bdi[^>]*>set</bdi>", seen.Body);
            Assert.Matches("<code>SIGNPOST_TRASH_DAYS</code></td>\\s*<td[^>]*><bdi[^>]*>11</bdi>", seen.Body);
        }
    }

    private async Task<Person> SignInAsync(string email)
    {
        var person = new Person(Server);
        await person.SignInAsync(email, TestServer.AdminPassword, Cancel);
        return person;
    }

    [GeneratedRegex("The server is well")]
    private static partial Regex Ready();

    [GeneratedRegex("class=\"toast\".*", RegexOptions.Singleline)]
    private static partial Regex Toast();

    [GeneratedRegex("<code>https?://[^/]+(?<path>/login/reset/[^<]+)</code>")]
    private static partial Regex Address();
}
