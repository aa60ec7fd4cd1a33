using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;

namespace Signpost.Tests.Domains;

/// <summary>Domains that accounts share, from the first link on them to their end.</summary>
public sealed partial class SharedDomainTests(SharedDomainServer shared) : SharingTests(shared)
{
    [Fact]
    public async Task An_address_is_kept_alike_with_and_without_an_account_and_may_use_the_domain_later()
    {
        var owner = await NewPersonAsync();
        var known = await NewPersonAsync();
        var later = $"{Guid.NewGuid():N}@example.org";
        var proven = $"proven-{later}";
        string[] names = [known.Email, later, proven, "987654321"];
        var domain = await NewDomainAsync(owner.Http, [.. names, known.Email.ToUpperInvariant()]);

        var list = await ReadAsync(domain);
        var (laterId, email) = await NewUserAsync();
        using var moved = await ClientOfAsync(laterId);
        var before = await TryLinkAsync(moved, domain);
        await PostAsync($"/api/users/{laterId}", ("email", later));
        var after = await TryLinkAsync(moved, domain);
        await PostAsync($"/api/users/{known.Id}", ("email", email));
        var gone = await TryLinkAsync(known.Http, domain);
        await ConfirmAsync(email, proven);
        var confirmed = await TryLinkAsync(known.Http, domain);
        var wrong = await ShareAsync(domain, "nobody at all", "0", owner.Email);
        var many = await ShareAsync(domain, [.. Enumerable.Range(1, 201).Select(id => $"{id}")]);

        Assert.Equal(
            names.Order(StringComparer.OrdinalIgnoreCase),
            list["shared_with"]!
                .AsArray()
                .Select(name => ((string)name!).ToLowerInvariant())
                .Order(StringComparer.OrdinalIgnoreCase)
        );
        Assert.Equal(
            (HttpStatusCode.BadRequest, HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Created),
            (before.Status, after.Status, gone.Status, confirmed.Status)
        );
        Assert.Equal(["domain_id"], before.WrongFields);
        Assert.Equal(["shared_with[]", "shared_with[]"], wrong.WrongFields);
        Assert.Equal(HttpStatusCode.BadRequest, many.Status);
        Assert.Equal(list["shared_with"]!.ToJsonString(), (await ReadAsync(domain))["shared_with"]!.ToJsonString());
    }

    [Fact]
    public async Task Without_the_main_domain_a_link_goes_to_the_first_domain_of_its_account()
    {
        var owner = await NewPersonAsync();
        var user = await NewPersonAsync();
        await PostAsync($"/api/users/{user.Id}", ("role", "admin"));
        var onMain = await NewLinkAsync(user.Http, ("url", $"main{user.Id}"));
        var asAdmin = await AvailableAsync(user.Http);
        await PostAsync($"/api/users/{user.Id}", ("role", "user"));
        var none = await PostAsAsync(user.Http, "/api/links", ("location_url", "https://example.org/"));
        var domain = await NewDomainAsync(owner.Http, user.Email);

        var refused = await PostAsAsync(
            user.Http,
            "/api/links",
            ("location_url", "https://example.org/"),
            ("domain_id", "0")
        );
        var made = await PostAsAsync(user.Http, "/api/links", ("location_url", "https://example.org/first"));
        var again = await PostAsAsync(
            user.Http,
            "/api/links",
            ("location_url", "https://example.org/first"),
            ("find_existing", "1")
        );
        var kept = await PostAsAsync(
            user.Http,
            $"/api/links/{onMain}",
            ("url", $"main{user.Id}"),
            ("domain_id", "0"),
            ("location_url", "https://example.org/new")
        );
        var changed = await PostAsAsync(
            user.Http,
            $"/api/links/{onMain}",
            ("url", "other"),
            ("domain_id", $"{domain.Id}")
        );

        Assert.StartsWith("0 127.0.0.1", asAdmin[0], StringComparison.Ordinal);
        Assert.Equal(["domain_id"], none.WrongFields);
        Assert.Contains($"{domain.Id} ({domain.Host})", refused.Body, StringComparison.Ordinal);
        Assert.Equal(domain.Id, (long)made.Json["data"]!["domain_id"]!);
        Assert.Equal((HttpStatusCode.OK, IdOf(made)), (again.Status, IdOf(again)));
        Assert.Equal(HttpStatusCode.OK, kept.Status);
        Assert.Equal(["url", "domain_id"], changed.WrongFields);
        Assert.Equal([$"{domain.Id} {domain.Host} False"], await AvailableAsync(user.Http));
        Assert.Equal([$"{domain.Id} {domain.Host} True"], await AvailableAsync(owner.Http));
    }

    [Fact]
    public async Task The_owner_of_a_domain_disables_and_deletes_a_link_and_its_account_is_told()
    {
        var owner = await NewPersonAsync();
        var team = await NewTeamAsync("Guests");
        await PostAsync($"/api/users/{team.Person.Id}", ("name", "Grace"));
        var domain = await NewDomainAsync(owner.Http, $"{team.Team}");
        var link = await LinkAsync(team.Key, domain, "promo");
        var path = $"{domain.Path}/links/{link}";
        var mails = Box.Mails.Count;

        var listed = await SendAsync(HttpMethod.Get, $"{domain.Path}/links", http: owner.Http);
        var blocked = await PostAsAsync(owner.Http, path, ("is_enabled", "0"));
        var visited = await VisitAsync(domain, "promo");
        var enabled = await PostAsAsync(team.Key, $"/api/links/{link}", ("is_enabled", "1"));
        var stays = await PostAsAsync(team.Key, $"/api/links/{link}", ("url", "other"));
        var still = await VisitAsync(domain, "promo");
        await PostAsAsync(owner.Http, path, ("is_enabled", "1"));
        var allowed = await VisitAsync(domain, "promo");
        var deleted = await SendAsync(HttpMethod.Delete, path, http: owner.Http);
        var gone = await StatusAsync(HttpMethod.Get, $"/api/links/{link}", team.Key);
        var retired = await TryLinkAsync(team.Key, domain, "promo");
        var own = await TryLinkAsync(owner.Http, domain, "promo");
        await Box.TakeAsync(mails + 2);

        Assert.Equal(
            $$"""[{"id":{{link}},"url":"promo","short_url":"https://{{domain.Host}}/promo","location_url":"https://example.org/shared","is_enabled":true,"is_blocked":false,"is_in_trash":false,"owner":"Guests","clicks":0}]""",
            listed.Json["data"]!.ToJsonString()
        );
        Assert.Equal("false true", $"{blocked.Json["data"]!["is_enabled"]} {blocked.Json["data"]!["is_blocked"]}");
        Assert.Equal("true", $"{enabled.Json["data"]!["is_blocked"]}");
        Assert.Contains("is_enabled", enabled.Json["data"]!["warnings"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["url"], stays.WrongFields);
        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Found),
            (visited, still, allowed)
        );
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.Status, gone));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created), (retired.Status, own.Status));
        Assert.All(Box.Mails.Skip(mails), mail => Assert.Equal([team.Person.Email], mail.To));
        Assert.Equal(["link_removed", "link_allowed", "link_blocked"], await EventsAsync(team.Team, null));
        Assert.Equal(["link_removed", "link_allowed", "link_blocked"], await EventsAsync(owner.Id, owner.Id));
    }

    [Fact]
    public async Task The_owner_of_a_domain_sees_disables_and_deletes_links_in_the_trash_of_others()
    {
        var (owner, guest) = (await NewPersonAsync(), await NewPersonAsync());
        var domain = await NewDomainAsync(owner.Http, guest.Email);
        var (restored, deleted) = (
            await LinkAsync(guest.Http, domain, "back"),
            await LinkAsync(guest.Http, domain, "held")
        );
        foreach (var link in (long[])[restored, deleted])
            await SendAsync(HttpMethod.Delete, $"/api/links/{link}", http: guest.Http);

        var listed = await SendAsync(HttpMethod.Get, $"{domain.Path}/links", http: owner.Http);
        var taken = await TryLinkAsync(owner.Http, domain, "held");
        var blocked = await PostAsAsync(owner.Http, $"{domain.Path}/links/{restored}", ("is_enabled", "0"));
        await PostAsAsync(guest.Http, $"/api/trash/{restored}/restore");
        var visited = await VisitAsync(domain, "back");
        var removed = await SendAsync(HttpMethod.Delete, $"{domain.Path}/links/{deleted}", http: owner.Http);
        var gone = await StatusAsync(HttpMethod.Post, $"/api/trash/{deleted}/restore", guest.Http);
        var retired = await TryLinkAsync(guest.Http, domain, "held");
        var own = await TryLinkAsync(owner.Http, domain, "held");

        Assert.Equal(
            [$"{deleted} False True", $"{restored} False True"],
            listed.Json["data"]!
                .AsArray()
                .Select(link => $"{link!["id"]} {(bool)link["is_enabled"]!} {(bool)link["is_in_trash"]!}")
        );
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (taken.Status, blocked.Status));
        Assert.Equal(HttpStatusCode.NotFound, visited);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (removed.Status, gone));
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Created), (retired.Status, own.Status));
        Assert.Equal(["link_removed", "link_blocked"], await EventsAsync(guest.Id, null));
    }

    [Fact]
    public async Task After_un_sharing_links_go_on_and_a_deletion_says_how_many_it_touches()
    {
        var (owner, guest) = (await NewPersonAsync(), await NewPersonAsync());
        var domain = await NewDomainAsync(owner.Http, "everyone");
        var link = await LinkAsync(guest.Http, domain, "stays");
        await LinkAsync(owner.Http, domain);

        var counts = await ReadAsync(domain);
        var unshared = await ShareAsync(domain);
        var edited = await PostAsAsync(
            guest.Http,
            $"/api/links/{link}",
            ("url", "stays"),
            ("domain_id", $"{domain.Id}"),
            ("location_url", "https://example.org/edited")
        );
        var renamed = await PostAsAsync(guest.Http, $"/api/links/{link}", ("url", "Stays"));
        var drawn = await PostAsAsync(guest.Http, $"/api/links/{link}", ("url", ""));
        var visit = await VisitAsync(domain, "stays");
        var asked = await SendAsync(HttpMethod.Delete, domain.Path, http: owner.Http);
        var noMain = await SendAsync(HttpMethod.Delete, $"{domain.Path}?links=move", http: owner.Http);
        var deleted = await SendAsync(HttpMethod.Delete, $"{domain.Path}?links=delete", http: owner.Http);

        Assert.Equal("1 1", $"{counts["links_count"]} {counts["accounts_count"]}");
        Assert.Contains(
            "(links: 1, accounts: 1)",
            unshared.Json["data"]!["warnings"]!.ToJsonString(),
            StringComparison.Ordinal
        );
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Found), (edited.Status, visit));
        Assert.All([renamed, drawn], reply => Assert.Equal(["url"], reply.WrongFields));
        Assert.Contains("2 links, among them 1 of other accounts (accounts: 1)", asked.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (asked.Status, noMain.Status));
        Assert.Equal(
            (HttpStatusCode.NoContent, HttpStatusCode.NotFound),
            (deleted.Status, await StatusAsync(HttpMethod.Get, $"/api/links/{link}", guest.Http))
        );
        Assert.Equal(["shared_domain_deleted"], await EventsAsync(guest.Id, null));
    }

    [Fact]
    public async Task Each_account_counts_the_clicks_of_its_own_links_only()
    {
        var (owner, guest) = (await NewPersonAsync(), await NewPersonAsync());
        var domain = await NewDomainAsync(owner.Http, guest.Email);
        await LinkAsync(owner.Http, domain, "mine");
        var link = await LinkAsync(guest.Http, domain, "theirs");
        await VisitAsync(domain, "mine");
        await VisitAsync(domain, "theirs");
        await VisitAsync(domain, "theirs");

        await Patience.UntilAsync(
            async () => await RequestsAsync(guest.Http, "") == 2 && await RequestsAsync(owner.Http, "") == 1,
            "Counting three clicks"
        );
        var listed = await SendAsync(HttpMethod.Get, $"{domain.Path}/links", http: owner.Http);
        var export = await SendAsync(
            HttpMethod.Get,
            $"/api/statistics/export?domain_id={domain.Id}&format=ndjson",
            http: owner.Http
        );
        var foreign = await StatusAsync(HttpMethod.Get, $"/api/statistics/{link}", owner.Http);
        var orphans = await StatusAsync(HttpMethod.Get, $"/api/statistics/orphans?domain_id={domain.Id}", guest.Http);

        Assert.Equal(1, await RequestsAsync(owner.Http, $"&domain_id={domain.Id}"));
        Assert.Equal(2, (long)listed.Json["data"]![0]!["clicks"]!);
        Assert.Equal(
            1,
            export.Body.Split('\n').Count(line => line.Contains($"{domain.Host}/", StringComparison.Ordinal))
        );
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (foreign, orphans));
    }

    [Fact]
    public async Task A_link_moves_to_an_account_that_may_use_its_domain()
    {
        var owner = await NewPersonAsync();
        var team = await NewTeamAsync();
        var domain = await NewDomainAsync(owner.Http, team.Person.Email);
        var link = await LinkAsync(team.Person.Http, domain);

        var refused = await PostAsAsync(team.Person.Http, $"/api/links/{link}/move", ("team_id", $"{team.Team}"));
        await ShareAsync(domain, $"{team.Team}");
        var moved = await PostAsAsync(team.Person.Http, $"/api/links/{link}/move", ("team_id", $"{team.Team}"));

        Assert.Equal(["team_id"], refused.WrongFields);
        Assert.Equal(HttpStatusCode.OK, moved.Status);
        Assert.Equal("1 1", await CountsAsync(domain));
    }

    [Fact]
    public async Task The_heir_of_a_domain_owns_the_links_it_had_there_and_others_end_with_the_domain()
    {
        var (owner, heir, guest) = (await NewPersonAsync(), await NewPersonAsync(), await NewPersonAsync());
        var domain = await NewDomainAsync(owner.Http, heir.Email, guest.Email);
        var own = await LinkAsync(heir.Http, domain, "heir");
        var other = await LinkAsync(guest.Http, domain, "guest");
        await PostAsAsync(owner.Http, $"{domain.Path}/links/{own}", ("is_enabled", "0"));

        var asked = await SendAsync(HttpMethod.Delete, $"/api/users/{owner.Id}");
        var given = await SendAsync(HttpMethod.Delete, $"/api/users/{owner.Id}?links=transfer&to={heir.Id}");
        var counts = await CountsAsync(domain with { Owner = heir.Http });
        var disabled = await VisitAsync(domain, "heir");
        await PostAsAsync(heir.Http, $"/api/links/{own}", ("is_enabled", "1"));
        var enabled = await VisitAsync(domain, "heir");
        var versions = await VersionsAsync(heir.Http, own);
        var goesOn = await VisitAsync(domain, "guest");
        await SendAsync(HttpMethod.Delete, $"/api/users/{heir.Id}?links=delete");

        Assert.Equal(["links"], asked.WrongFields);
        Assert.Equal((HttpStatusCode.NoContent, "1 1"), (given.Status, counts));
        Assert.Equal(["True is_enabled", "False is_enabled", "True "], versions);
        Assert.Equal(
            (HttpStatusCode.NotFound, HttpStatusCode.Found, HttpStatusCode.Found),
            (disabled, enabled, goesOn)
        );
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, $"/api/links/{other}", guest.Http));
        Assert.Equal([Told], await EventsAsync(guest.Id, null));
    }

    // Changes an e-mail address on the account page, and opens the address that the mail to the new one holds.
    private async Task ConfirmAsync(string from, string to)
    {
        var before = Box.Mails.Count;
        using var person = new Person(Server);
        await person.SignInAsync(from, TestServer.AdminPassword, Cancel);
        await person.SubmitAsync(
            "/dashboard/account",
            "/dashboard/account/email",
            Cancel,
            ("email", to),
            ("current", TestServer.AdminPassword)
        );
        await Box.TakeAsync(before + 2);
        var path = Box.Mails.Single(mail => mail.To.Single() == to).Path;
        await person.SubmitAsync(path, path, Cancel);
    }

    private async Task<JsonNode> ReadAsync(SharedDomain domain) =>
        (await SendAsync(HttpMethod.Get, domain.Path, http: domain.Owner)).Json["data"]!;

    private async Task<string> CountsAsync(SharedDomain domain) =>
        await ReadAsync(domain) is var read ? $"{read["links_count"]} {read["accounts_count"]}" : "";

    private async Task<string[]> AvailableAsync(HttpClient http) =>
        [
            .. (await SendAsync(HttpMethod.Get, "/api/domains/available", http: http)).Json["data"]!
                .AsArray()
                .Select(one => $"{one!["id"]} {one["host"]} {(bool)one["is_own"]!}"),
        ];

    private async Task<long> RequestsAsync(HttpClient http, string query)
    {
        var reply = await SendAsync(HttpMethod.Get, $"/api/statistics?type=kind{query}", http: http);
        return reply.Json["data"]!.AsArray().Sum(row => (long)row!["pageviews"]!);
    }

    // The newest events about an account that this person did; null: nobody is named.
    private async Task<string[]> EventsAsync(long account, long? actor)
    {
        var log = await GetAsync("/api/audit-log?results_per_page=1000");
        return
        [
            .. log.Json["data"]!
                .AsArray()
                .Where(line => (long?)line!["user_id"] == account && (long?)line["actor_id"] == actor)
                .Select(line => (string)line!["event"]!)
                .Where(what =>
                    what.StartsWith("link_", StringComparison.Ordinal)
                    || what.StartsWith("shared_", StringComparison.Ordinal)
                ),
        ];
    }
}
