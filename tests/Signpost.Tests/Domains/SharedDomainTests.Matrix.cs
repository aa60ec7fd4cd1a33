using System.Net;

namespace Signpost.Tests.Domains;

/// <content>Runs the table of <c>docs/domains.md</c>: who does what on whose domain.</content>
public sealed partial class SharedDomainTests
{
    [Fact]
    public async Task Everybody_does_what_the_table_says_and_nothing_else()
    {
        var owner = await NewTeamAsync("Owners");
        var domain = await NewDomainAsync(owner.Key);
        var guests = await NewTeamAsync("Guests");
        var (named, former, stranger) = (await NewPersonAsync(), await NewPersonAsync(), await NewPersonAsync());
        await ShareAsync(domain, named.Email, $"{guests.Team}", former.Email);
        var ofFormer = await LinkAsync(former.Http, domain);
        await ShareAsync(domain, named.Email, $"{guests.Team}");
        var foreign = await LinkAsync(guests.Key, domain);

        var members = new Dictionary<string, HttpClient>
        {
            ["the domain's owner: `owner`"] = owner.Key,
            ["the domain's owner: `admin`"] = (await JoinAsync(owner, "admin")).Key,
            ["the domain's owner: `editor`"] = (await JoinAsync(owner, "editor")).Key,
            ["the domain's owner: `viewer`"] = (await JoinAsync(owner, "viewer")).Key,
        };
        var others = new Dictionary<string, HttpClient>
        {
            ["a person in the list"] = named.Http,
            ["a team in the list: `owner`"] = guests.Key,
            ["a team in the list: `editor`"] = (await JoinAsync(guests, "editor")).Key,
            ["a team in the list: `viewer`"] = (await JoinAsync(guests, "viewer")).Key,
        };

        List<string> rows = [];
        foreach (var (name, http) in members)
            rows.Add(await RowAsync(name, http, domain, await LinkAsync(owner.Key, domain), foreign));
        foreach (var (name, http) in others)
            rows.Add(
                await RowAsync(
                    name,
                    http,
                    domain,
                    await LinkAsync(http == named.Http ? http : guests.Key, domain),
                    foreign
                )
            );
        rows.Add(await RowAsync("an account that was in the list", former.Http, domain, ofFormer, foreign));
        rows.Add(await RowAsync("any other account", stranger.Http, domain, null, foreign));
        await ShareAsync(domain, "everyone");
        var any = await NewPersonAsync();
        rows.Insert(
            8,
            await RowAsync(
                "any account, shared with `everyone`",
                any.Http,
                domain,
                await LinkAsync(any.Http, domain),
                foreign
            )
        );

        // Other tests of this server look for accounts without a domain.
        await ShareAsync(domain);

        Assert.Equal(Documented(), rows);
    }

    private static IEnumerable<string> Documented() =>
        File.ReadLines(Path.Combine(ArchitectureTests.Root, "docs/domains.md"))
            .SkipWhile(line => !line.StartsWith("| Account |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'));

    /// <param name="own">A link of the account on the domain; null: it has none.</param>
    /// <param name="foreign">A link that belongs neither to the account nor to the owner of the domain.</param>
    private async Task<string> RowAsync(string name, HttpClient http, SharedDomain domain, long? own, long foreign)
    {
        var isOwner = name.StartsWith("the domain's", StringComparison.Ordinal);
        // The team's own list of links holds none of others.
        Assert.Equal(
            name.StartsWith("a team", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.NotFound,
            await StatusAsync(HttpMethod.Get, $"/api/links/{foreign}", http)
        );
        string[] cells =
        [
            name,
            Cell((await TryLinkAsync(http, domain)).Status),
            own is null ? "–" : Cell((await PostAsAsync(http, $"/api/links/{own}", ("is_enabled", "1"))).Status),
            own is null
                ? "–"
                : Cell((await PostAsAsync(http, $"/api/links/{own}", ("url", $"{Guid.NewGuid():N}"))).Status),
            Cell(await StatusAsync(HttpMethod.Get, $"{domain.Path}/links", http)),
            Cell((await PostAsAsync(http, $"{domain.Path}/links/{foreign}", ("is_enabled", "1"))).Status),
            Cell(await StatusAsync(HttpMethod.Delete, $"{domain.Path}/links/{await ToDeleteAsync()}", http)),
            Cell((await PostAsAsync(http, domain.Path)).Status),
            Cell(await StatusAsync(HttpMethod.Get, $"/api/statistics?domain_id={domain.Id}", http)),
        ];
        return $"| {string.Join(" | ", cells)} |";

        async Task<long> ToDeleteAsync() => isOwner ? await LinkAsync(await GuestAsync(domain), domain) : foreign;
    }

    // A new person to whom the domain is open for a moment.
    private async Task<HttpClient> GuestAsync(SharedDomain domain)
    {
        var list = (await SendAsync(HttpMethod.Get, domain.Path, http: domain.Owner)).Json["data"]!["shared_with"]!;
        var guest = await NewPersonAsync();
        await ShareAsync(domain, [.. list.AsArray().Select(name => (string)name!), guest.Email]);
        return guest.Http;
    }

    private static string Cell(HttpStatusCode status) => (int)status < 300 ? "yes" : $"{(int)status}";
}
