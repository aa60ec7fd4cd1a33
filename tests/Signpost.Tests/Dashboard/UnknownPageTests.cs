using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Domains;

namespace Signpost.Tests.Dashboard;

/// <summary>The page of unknown aliases.</summary>
public sealed partial class UnknownPageTests(SharedDomainServer shared) : SharingTests(shared)
{
    private const string Path = "/dashboard/unknown";

    [Fact]
    public async Task The_page_shows_what_the_API_tells_the_nearest_alias_and_a_filled_form()
    {
        var owner = await NewTeamAsync();
        var viewer = await JoinAsync(owner, "viewer");
        var domain = await NewDomainAsync(owner.Key);
        var poster = await LinkAsync(owner.Key, domain, "poster");
        using var person = await SignInAsync(owner.Person.Email);
        using var reader = await SignInAsync(viewer.Person.Email);
        var page = $"{Path}?account={owner.Team}&domain_id={domain.Id}";
        Assert.DoesNotContain("<tbody>", (await person.GetAsync(page, Cancel)).Body, StringComparison.Ordinal);

        foreach (var alias in (string[])["Postre", "postre", "straße"])
            await VisitAsync(domain, Uri.EscapeDataString(alias));
        for (var i = 0; i < 50; i++)
            await VisitAsync(domain, $"numbered-{i:D2}");
        var api = $"/api/statistics/orphans?domain_id={domain.Id}";
        await Patience.UntilAsync(async () =>
            (await SendAsync(HttpMethod.Get, api, http: owner.Key)).Json["data"]!.AsArray().Count == 52
        );

        var rows = (await SendAsync(HttpMethod.Get, api, http: owner.Key)).Json["data"]!.AsArray();
        var first = await person.GetAsync(page, Cancel);
        var second = await person.GetAsync($"{page}&page=2", Cancel);
        Assert.Equal(
            rows.Select(row => $"{row!["url"]} {row["pageviews"]}"),
            Rows(first).Concat(Rows(second)).Select(row => $"{row.Alias} {row.Count}")
        );
        Assert.Equal(("postre", 2), ($"{rows[0]!["url"]}", (int)rows[0]!["pageviews"]!));
        Assert.Contains($"href=\"/dashboard/links/{poster}\"><bdi>poster</bdi>", first.Body, StringComparison.Ordinal);
        Assert.Contains("No similar alias", first.Body, StringComparison.Ordinal);

        var create = $"/dashboard/links/new?url=postre&domain_id={domain.Id}";
        Assert.Contains($"href=\"{create}\"", WebUtility.HtmlDecode(first.Body), StringComparison.Ordinal);
        var form = await person.GetAsync(create, Cancel);
        Assert.Matches("name=\"url\"[^>]*value=\"postre\"", form.Body);
        Assert.Matches($"<option value=\"{domain.Id}\" selected", form.Body);

        var file = await person.GetAsync($"{Path}/export?domain_id={domain.Id}", Cancel);
        Assert.StartsWith("host,url,pageviews,last_date\r\n", file.Body, StringComparison.Ordinal);
        Assert.Contains($"\r\n{domain.Host},postre,2,{rows[0]!["last_date"]}\r\n", file.Body, StringComparison.Ordinal);
        Assert.Equal(54, file.Body.Split("\r\n").Length);

        // An alias that has a link by now keeps its requests.
        const string Offer = "links/new?url=straße";
        Assert.Contains(Offer, Uri.UnescapeDataString(second.Body), StringComparison.Ordinal);
        var made = await LinkAsync(owner.Key, domain, "straße");
        var taken = await person.GetAsync($"{page}&page=2", Cancel);
        Assert.Contains(
            $"href=\"/dashboard/links/{made}\">This alias has a link now",
            taken.Body,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Offer, Uri.UnescapeDataString(taken.Body), StringComparison.Ordinal);

        var seen = await reader.GetAsync(page, Cancel);
        Assert.Equal(Rows(first), Rows(seen));
        Assert.DoesNotContain("/dashboard/links/new?url", seen.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync($"{Path}?domain_id=x", Cancel)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await person.GetAsync($"{page}&limit=0", Cancel)).Status);
        var days = await person.GetAsync($"{page}&start_date=2027-02-01&end_date=2027-01-01", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, days.Status);
        Assert.Contains("href=\"#start_date\"", days.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_see_nothing_of_a_domain_and_only_admins_the_main_domain()
    {
        var owner = await NewPersonAsync();
        var domain = await NewDomainAsync(owner.Http);
        var somebody = await NewPersonAsync();
        using var stranger = await SignInAsync(somebody.Email);
        using var admin = await SignInAsync(TestServer.AdminEmail);

        foreach (var id in (long[])[0, domain.Id, 99_999])
        foreach (var below in (string[])["", "/export"])
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await stranger.GetAsync($"{Path}{below}?domain_id={id}", Cancel)).Status
            );
        var none = await stranger.GetAsync(Path, Cancel);
        Assert.Contains("href=\"/dashboard/domains\"", none.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"start_date\"", none.Body, StringComparison.Ordinal);
        var main = await admin.GetAsync(Path, Cancel);
        Assert.Equal(HttpStatusCode.OK, main.Status);
        Assert.Contains("name=\"start_date\"", main.Body, StringComparison.Ordinal);
    }

    private async Task<Person> SignInAsync(string email)
    {
        var person = new Person(Server);
        await person.SignInAsync(email, TestServer.AdminPassword, Cancel);
        return person;
    }

    private static List<(string Alias, string Count)> Rows(Sight page) =>
        [
            .. Row()
                .Matches(page.Body)
                .Select(match => (WebUtility.HtmlDecode(match.Groups["alias"].Value), match.Groups["count"].Value)),
        ];

    [GeneratedRegex(
        "<strong><bdi>(?<alias>[^<]*)</bdi></strong>.*?<td class=\"number\">(?<count>[0-9]+)</td>",
        RegexOptions.Singleline
    )]
    private static partial Regex Row();
}
