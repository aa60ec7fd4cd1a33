using System.Net;
using Signpost.Dashboard.Domains;
using Signpost.Domains;
using Signpost.Testing;
using Signpost.Tests.Domains;

namespace Signpost.Tests.Dashboard;

/// <summary>The pages of domains, without script. The main domain is for server admins only.</summary>
public sealed class DomainPageTests(SharedDomainServer shared) : SharingTests(shared)
{
    private const string Path = "/dashboard/domains";

    private readonly SharedDomainServer _shared = shared;

    [Fact]
    public void Each_field_of_the_API_stands_in_a_form() =>
        Assert.Equal(
            DomainFields.Parameters().Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            DomainPages.Fields.Append("host").Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task A_domain_is_added_verified_and_changed_and_what_is_typed_is_kept()
    {
        var somebody = await NewPersonAsync();
        using var person = await SignInAsync(somebody.Email);

        var wrong = await person.SendAsync($"{Path}?edit=new", Path, Cancel, ("host", "https://<b>x"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("https://<b>x", WebUtility.HtmlDecode(wrong.Body), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>x", wrong.Body, StringComparison.Ordinal);
        var added = await person.SendAsync($"{Path}?edit=new", Path, Cancel, ("host", "page.example"));
        var page = added.Location!;
        var waiting = await person.GetAsync(page, Cancel);
        Assert.Contains("data-state=\"Waiting\"", waiting.Body, StringComparison.Ordinal);
        await person.SendAsync(page, $"{page}/verify", Cancel);
        Assert.Contains("data-state=\"Waiting\"", (await person.GetAsync(page, Cancel)).Body, StringComparison.Ordinal);

        var api = page.Replace("/dashboard", "/api", StringComparison.Ordinal);
        var proof = (await SendAsync(HttpMethod.Get, api, http: somebody.Http)).Json["data"]!["verification"]!;
        Assert.Contains($"<code>{proof["value"]}</code>", waiting.Body, StringComparison.Ordinal);
        await _shared.Dns.AddAsync(((string)proof["name"]!, (string)proof["value"]!));
        var verified = await person.SubmitAsync(page, $"{page}/verify", Cancel);
        Assert.Contains("data-state=\"Verified\"", verified.Body, StringComparison.Ordinal);

        (string Name, string Value)[] fields =
        [
            ("is_enabled", "0"),
            ("is_enabled", "1"),
            ("is_case_sensitive", "0"),
            ("is_case_sensitive", "1"),
            ("custom_index_url", "https://example.org/"),
            ("custom_not_found_url", "https://example.org/lost"),
            ("scheme", "http://"),
            ("alias_of", ""),
            ("apple_app_site_association", "{\"applinks\":{}}"),
            ("asset_links", "[]"),
            ("shared_with", "bo@example.org, everyone"),
        ];
        (string, string)[] mistaken = [.. fields[..^1], ("shared_with", "bo@example.org, nobody at all")];
        var refused = await person.SendAsync(page, page, Cancel, mistaken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("href=\"#shared_with\"", refused.Body, StringComparison.Ordinal);
        Assert.Contains("bo@example.org, nobody at all", refused.Body, StringComparison.Ordinal);
        Assert.Contains("https://example.org/lost", refused.Body, StringComparison.Ordinal);
        var crowd = string.Join(',', Enumerable.Range(0, 5_000).Select(i => $"{i}@example.org"));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await person.SendAsync(page, page, Cancel, ("shared_with", crowd))).Status
        );
        Assert.Equal(page, (await person.SendAsync(page, page, Cancel, fields)).Location);

        var stored = (await SendAsync(HttpMethod.Get, api, http: somebody.Http)).Json["data"]!;
        Assert.Equal("https://example.org/lost", $"{stored["custom_not_found_url"]}");
        Assert.Equal(
            ("http://", true, true),
            ($"{stored["scheme"]}", (bool)stored["is_enabled"]!, (bool)stored["is_case_sensitive"]!)
        );
        Assert.Equal(2, stored["shared_with"]!.AsArray().Count);
        Assert.Equal("[]", $"{stored["asset_links"]}");
        await person.SendAsync(page, page, Cancel, ("is_enabled", "0"));
        stored = (await SendAsync(HttpMethod.Get, api, http: somebody.Http)).Json["data"]!;
        Assert.False((bool)stored["is_enabled"]!);
    }

    [Fact]
    public async Task A_domain_with_links_is_deleted_only_by_its_name_and_says_whose_links_go()
    {
        var (owner, guest) = (await NewPersonAsync(), await NewPersonAsync());
        var domain = await NewDomainAsync(owner.Http, guest.Email);
        await NewLinkAsync(owner.Http, ("domain_id", $"{domain.Id}"));
        var link = await NewLinkAsync(guest.Http, ("domain_id", $"{domain.Id}"));
        using var person = await SignInAsync(owner.Email);
        var page = $"{Path}/{domain.Id}";

        var links = await person.GetAsync(page, Cancel);
        Assert.Contains($"{page}/links/{link}/delete", links.Body, StringComparison.Ordinal);
        await person.SendAsync(page, $"{page}/links/{link}", Cancel, ("is_enabled", "0"));
        var blocked = await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: guest.Http);
        Assert.True((bool)blocked.Json["data"]!["is_blocked"]!);

        var question = await person.GetAsync($"{page}/delete", Cancel);
        Assert.Contains(
            "Links on this domain: 2. Accounts that have them: 2.",
            question.Body,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("value=\"move\"", question.Body, StringComparison.Ordinal);
        foreach (
            var typed in (IEnumerable<(string, string)[]>)
                [
                    [],
                    [("links", "delete")],
                    [("confirm", domain.Host)],
                    [("links", "delete"), ("confirm", "x.example")],
                ]
        )
            Assert.Equal(
                HttpStatusCode.BadRequest,
                (await person.SendAsync($"{page}/delete", $"{page}/delete", Cancel, typed)).Status
            );
        var deleted = await person.SendAsync(
            $"{page}/delete",
            $"{page}/delete",
            Cancel,
            ("links", "delete"),
            ("confirm", $" {domain.Host.ToUpperInvariant()}")
        );

        Assert.Equal(Path, deleted.Location);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, $"/api/links/{link}", guest.Http));
    }

    [Fact]
    public async Task Editors_and_viewers_of_a_team_read_domains_and_change_none()
    {
        var owner = await NewTeamAsync();
        var domain = await NewDomainAsync(owner.Key);
        foreach (var role in (string[])["editor", "viewer"])
        {
            var member = await JoinAsync(owner, role);
            using var person = await SignInAsync(member.Person.Email);
            var page = await person.GetAsync($"{Path}/{domain.Id}?account={owner.Team}", Cancel);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.DoesNotContain($"action=\"{Path}", page.Body, StringComparison.Ordinal);
            var delete = await person.GetAsync($"{Path}/{domain.Id}/delete", Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, delete.Status);
            foreach (var action in (string[])["", $"/{domain.Id}", $"/{domain.Id}/verify", $"/{domain.Id}/delete"])
            {
                var refused = await person.PostAsync(
                    Path + action,
                    Cancel,
                    ("form_token", page.Token),
                    ("account", $"{owner.Team}"),
                    ("is_enabled", "0")
                );
                Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
            }
        }

        using var stranger = await SignInAsync((await NewPersonAsync()).Email);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Path}/{domain.Id}", Cancel)).Status);
        var foreign = await stranger.SendAsync(Path, $"{Path}/{domain.Id}", Cancel, ("is_enabled", "0"));
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        var kept = await SendAsync(HttpMethod.Get, domain.Path, http: owner.Key);
        Assert.True((bool)kept.Json["data"]!["is_enabled"]!);
    }

    private async Task<Person> SignInAsync(string email)
    {
        var person = new Person(Server);
        await person.SignInAsync(email, TestServer.AdminPassword, Cancel);
        return person;
    }
}
