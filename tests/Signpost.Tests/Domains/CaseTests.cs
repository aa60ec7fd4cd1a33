using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Core.Links;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Links;
using Signpost.Tests.Storage;

namespace Signpost.Tests.Domains;

/// <summary>Domains where case matters in aliases, and the change of that rule while visitors come.</summary>
public sealed class CaseTests(SharedServer shared) : ApiTests(shared), IAsyncLifetime
{
    private const string Field = "is_case_sensitive";

    // Letters of several scripts, marks that compose, letters that fold to others, emoji with a selector.
    private static readonly string[] Pieces =
    [
        .. "Sale sALE x7K \u00C9t\u00E9 E\u0301te\u0301 \u03A3\u03AF\u03B3\u03BC\u03B1\u03C2 \u0421\u0430\u0439\u0442".Split(
            ' '
        ),
        .. "STRASSE stra\u00DFe \u1E9E \u212Ang \u017Ft \U00010400 \u2764\uFE0F \u24C2\uFE0F \uD55C q\u0307\u0323".Split(
            ' '
        ),
    ];

    private Slices Slices => Server.Services.GetRequiredService<Slices>();

    public ValueTask InitializeAsync()
    {
        Server.Services.GetRequiredService<JobRunner>().Pause = TimeSpan.Zero;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        (Slices.Most, Slices.AfterSlice) = (2_048, _ => { });
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Where_case_matters_each_spelling_is_a_link_of_its_own()
    {
        var (host, domain) = await ServedAsync(isSensitive: true);
        var upper = await LinkAsync(domain, "Sale", "https://to.example/upper");
        var lower = await LinkAsync(domain, "sale", "https://to.example/lower");
        var accent = await LinkAsync(domain, "\u00C9t\u00E9", "https://to.example/accent");

        Assert.Equal("302 https://to.example/upper", await FollowAsync(host, "Sale/"));
        Assert.Equal("302 https://to.example/lower", await FollowAsync(host, "sale"));
        Assert.Equal("302 https://to.example/accent", await FollowAsync(host, "E\u0301te\u0301"));
        foreach (var unknown in (string[])["SALE", "\u00E9t\u00E9"])
            Assert.Equal("404", await FollowAsync(host, unknown));
        Assert.Contains(
            "/sale does not lead to this link",
            (await PostAsync($"/api/links/{upper}/explain", ("path", "sale"))).Body,
            StringComparison.Ordinal
        );
        Assert.Equal([upper], await IdsAsync($"url=Sale&domain_id={domain}"));
        Assert.Equal([lower], await IdsAsync($"url={host}/sale"));
        Assert.Equal([accent], await IdsAsync($"url=E%CC%81t%C3%A9&domain_id={domain}"));
        Assert.Equal([upper, lower], (await IdsAsync($"search=SALE&domain_id={domain}")).Order());

        var again = await SendLinkAsync(domain, "Sale", "https://to.example/upper", ("find_existing", "1"));
        var taken = await SendLinkAsync(domain, "Sale", "https://to.example/other");
        var other = await SendLinkAsync(domain, "sALE", "https://to.example/upper", ("find_existing", "1"));
        var reserved = await SendLinkAsync(domain, "ROBOTS.txt", "https://to.example/");
        var loop = await SendLinkAsync(domain, "Loop", $"https://{host}/Loop");
        var noLoop = await SendLinkAsync(domain, "Loop", $"https://{host}/loop");
        var ring = await SendLinkAsync(domain, "loop", $"https://{host}/Loop");
        Assert.Equal((HttpStatusCode.OK, upper), (again.Status, IdOf(again)));
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
        Assert.Equal(HttpStatusCode.Created, other.Status);
        Assert.Equal(["url"], reserved.WrongFields);
        Assert.Equal(["location_url"], loop.WrongFields);
        Assert.Equal(HttpStatusCode.Created, noLoop.Status);
        Assert.Equal(["location_url"], ring.WrongFields);
    }

    [Fact]
    public async Task Where_case_matters_pages_and_random_aliases_know_it()
    {
        var (host, domain) = await ServedAsync(isSensitive: true);
        await SendLinkAsync(domain, "Locked", "https://to.example/upper", ("password", "open"));
        await SendLinkAsync(domain, "locked", "https://to.example/lower", ("password", "sesame"));
        foreach (var (alias, password) in (IEnumerable<(string, string)>)[("Locked", "open"), ("locked", "sesame")])
        {
            var form = Api.Bodies.Form(("password", password));
            var unlocked = await SendAsync(
                HttpMethod.Post,
                $"/_signpost/unlock/{alias}",
                form,
                Server.Anonymous,
                ("Host", host)
            );
            Assert.Equal((HttpStatusCode.SeeOther, $"/{alias}"), (unlocked.Status, unlocked.Headers["Location"]));
        }

        await SendLinkAsync(domain, "Shown", "https://to.example/", ("statistics_is_public", "1"));
        foreach (
            var (alias, status) in (IEnumerable<(string, HttpStatusCode)>)
                [("Shown", HttpStatusCode.OK), ("shown", HttpStatusCode.NotFound)]
        )
            Assert.Equal(
                status,
                (await SendAsync(HttpMethod.Get, $"/l/stats/{alias}?domain={host}", http: Server.Anonymous)).Status
            );

        var bulk = await PostAsync(
            "/api/links",
            ("is_bulk", "1"),
            ("domain_id", $"{domain}"),
            ("location_urls", string.Join('\n', Enumerable.Repeat("https://to.example/", 40)))
        );
        string[] drawn = [.. bulk.Json["data"]!["links"]!.AsArray().Select(link => link!["url"]!.GetValue<string>())];
        Assert.All(drawn, alias => Assert.Matches("^[2-9a-hjkmnp-zA-HJ-NP-Z]{7}$", alias));
        Assert.Contains(drawn, alias => alias.Any(char.IsAsciiLetterUpper) && alias.Any(char.IsAsciiLetterLower));
        Assert.Equal("302 https://to.example/", await FollowAsync(host, drawn[0]));
    }

    [Fact]
    public async Task A_change_tells_the_clicks_by_another_case_and_is_refused_when_aliases_would_collide()
    {
        var (host, domain) = await ServedAsync();
        var id = await LinkAsync(domain, "Sale", "https://to.example/1");
        foreach (var spelling in (string[])["Sale", "Sale/", "sale", "SALE"])
            Assert.Equal("302 https://to.example/1", await FollowAsync(host, spelling));
        await Patience.UntilAsync(
            async () => (await DomainAsync(domain))["other_case_clicks"]!.GetValue<long>() == 2,
            "Two clicks by another case"
        );

        var on = await ChangeAsync(domain, isSensitive: true);
        Assert.Equal(HttpStatusCode.OK, on.Status);
        Assert.Contains("2 clicks of the last 30 days came by another case", on.Body, StringComparison.Ordinal);
        Assert.True(on.Json["data"]![Field]!.GetValue<bool>());
        await EndAsync(domain);
        Assert.Equal("302 https://to.example/1", await FollowAsync(host, "Sale"));
        Assert.Equal("404", await FollowAsync(host, "sale"));

        await PostAsync($"/api/links/{id}", ("expiration_url", $"http://www.{host}/SALE"));
        var loop = await ChangeAsync(domain, isSensitive: false);
        Assert.Equal(HttpStatusCode.Conflict, loop.Status);
        Assert.Equal([Field], loop.WrongFields);
        Assert.Contains("The link Sale would lead to itself", loop.Body, StringComparison.Ordinal);
        await PostAsync($"/api/links/{id}", ("expiration_url", ""));

        var twin = await LinkAsync(domain, "sale", "https://to.example/2");
        var off = await ChangeAsync(domain, isSensitive: false);
        Assert.Equal(HttpStatusCode.Conflict, off.Status);
        Assert.Equal([Field, Field], off.WrongFields);
        Assert.Contains("The alias Sale differs", off.Body, StringComparison.Ordinal);
        Assert.Contains("The alias sale differs", off.Body, StringComparison.Ordinal);
        await SendAsync(HttpMethod.Delete, $"/api/links/{twin}?permanent=1");
        await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1");
        Assert.Equal(["Sale", "sale"], await RetiredAsync(domain));

        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(domain, isSensitive: false)).Status);
        await EndAsync(domain);
        Assert.Equal(["sale"], await RetiredAsync(domain));
        await LinkAsync(domain, "SALE", "https://to.example/3");
        Assert.Equal("302 https://to.example/3", await FollowAsync(host, "sale"));
    }

    [Fact]
    public async Task Before_during_and_after_a_change_each_alias_leads_to_its_link_and_to_no_other()
    {
        var (host, domain) = await ServedAsync();
        var random = new Random(18);
        Dictionary<string, string> links = [];
        List<long> twins = [];
        for (var i = 0; i < 16; i++)
        {
            var alias = $"{Pieces[random.Next(Pieces.Length)]}{Pieces[random.Next(Pieces.Length)]}{i}";
            await LinkAsync(domain, alias, $"https://to.example/{i}");
            links[alias] = $"302 https://to.example/{i}";
        }

        await CheckAsync("302");
        await ChangeAndCheckAsync(isSensitive: true);
        await CheckAsync(null);
        foreach (var alias in links.Keys.Where(alias => Folded(alias) != Alias.KeyOf(alias, AliasCase.Kept)))
            Assert.Equal("404", await FollowAsync(host, Folded(alias)));
        await ChangeAndCheckAsync(isSensitive: false);
        await CheckAsync("302");

        // After each slice the job fails as if the server were killed, and begins again.
        async Task ChangeAndCheckAsync(bool isSensitive)
        {
            ConcurrentQueue<Exception> failures = [];
            var slices = 0;
            Slices.Most = 4;
            Slices.AfterSlice = _ =>
            {
                Interlocked.Increment(ref slices);
                try
                {
                    CheckAsync(slices == 3 ? "302 404" : null).GetAwaiter().GetResult();
                    MakeTwinAsync(isSensitive, slices).GetAwaiter().GetResult();
                }
                catch (Exception error)
                {
                    failures.Enqueue(error);
                }
                throw new InvalidOperationException("Stopped by the test.");
            };
            var changed = await ChangeAsync(domain, isSensitive);
            Assert.True(changed.Status == HttpStatusCode.OK, changed.Body);
            await EndAsync(domain);
            Slices.AfterSlice = _ => { };
            Assert.Empty(failures);
            Assert.InRange(slices, 5, 40);
            foreach (var twin in twins)
                await SendAsync(HttpMethod.Delete, $"/api/links/{twin}?permanent=1");
            twins.Clear();
        }

        // A new link that differs from the oldest only in case, or is refused.
        async Task MakeTwinAsync(bool isSensitive, int slice)
        {
            var alias = links.Single(link => link.Value.EndsWith("/0", StringComparison.Ordinal)).Key;
            var spelling = slice % 2 == 0 ? alias.ToUpperInvariant() : Folded(alias);
            if (spelling == alias || !isSensitive || twins is not [])
                return;
            var made = await SendLinkAsync(domain, spelling, "https://to.example/twin");
            Assert.Contains(made.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]);
            if (made.Status != HttpStatusCode.Created)
                return;
            Assert.Equal("302 https://to.example/twin", await FollowAsync(host, spelling));
            Assert.Equal(links[alias], await FollowAsync(host, alias));
            twins.Add(IdOf(made));
        }

        // A network may ask for few unknown aliases, so other spellings are asked seldom.
        async Task CheckAsync(string? statusesOfOthers)
        {
            foreach (var (alias, expected) in links)
            {
                Assert.Equal(expected, await FollowAsync(host, alias.Normalize(NormalizationForm.FormD)));
                if (statusesOfOthers is null)
                    continue;
                var other = await FollowAsync(host, Folded(alias));
                Assert.True(other == "404" || other == expected, $"{alias}: {other}");
                Assert.Contains(other[..3], statusesOfOthers, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Visitors_who_come_during_a_change_find_every_link()
    {
        const int count = 24;
        var (host, domain) = await ServedAsync();
        for (var i = 0; i < count; i++)
            await LinkAsync(domain, $"Link{i}X", $"https://to.example/{i}");
        // Some are in memory before the change, and some are not.
        for (var i = 0; i < count; i += 2)
            Assert.Equal($"302 https://to.example/{i}", await FollowAsync(host, $"LINK{i}x"));

        Slices.Most = 4;
        var slices = 0;
        Slices.AfterSlice = _ =>
        {
            Interlocked.Increment(ref slices);
            Patience.PassAsync(TimeSpan.FromMilliseconds(2)).GetAwaiter().GetResult();
        };
        foreach (var isSensitive in (bool[])[true, false])
        {
            var isOver = false;
            var made = 0;
            var visitors = Enumerable.Range(0, 2).Select(VisitAsync).Append(MakeAsync()).ToList();
            var changed = await ChangeAsync(domain, isSensitive);
            Assert.True(changed.Status == HttpStatusCode.OK, changed.Body);
            await EndAsync(domain);
            Volatile.Write(ref isOver, true);
            await Task.WhenAll(visitors).OrFail("The end of the visits");
            Assert.True(made > 0, "Nobody made a link.");
            Assert.Equal(isSensitive ? "404" : "302 https://to.example/7", await FollowAsync(host, "link7x"));

            async Task VisitAsync(int visitor)
            {
                for (var i = visitor; !Volatile.Read(ref isOver); i = (i + 1) % count)
                    Assert.Equal($"302 https://to.example/{i}", await FollowAsync(host, $"Link{i}X"));
            }

            async Task MakeAsync()
            {
                for (var i = 0; !Volatile.Read(ref isOver); i++)
                {
                    await LinkAsync(domain, $"New{isSensitive}{i}", $"https://new.example/{i}");
                    Assert.Equal($"302 https://new.example/{i}", await FollowAsync(host, $"New{isSensitive}{i}"));
                    made++;
                }
            }
        }

        Assert.True(slices > 12, $"Only {slices} slices");
    }

    [Fact]
    public async Task An_alias_that_was_given_up_in_an_unknown_spelling_stays_protected_in_every_case()
    {
        var (_, domain) = await ServedAsync();
        // As before the upgrade to the version that keeps the spelling.
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    INSERT INTO retired_aliases (domain_id, alias_key, alias, account_id, until)
                    VALUES (@domain, 'old', '', 987654321, @until)
                    """,
                    ("@domain", domain),
                    ("@until", long.MaxValue)
                ),
            Cancel
        );
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(domain, isSensitive: true)).Status);
        await EndAsync(domain);

        foreach (var spelling in (string[])["Old", "old", "OLD"])
            Assert.Equal(
                HttpStatusCode.Conflict,
                (await SendLinkAsync(domain, spelling, "https://to.example/")).Status
            );
        await LinkAsync(domain, "Older", "https://to.example/");
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task A_slice_changes_all_its_links_by_one_statement()
    {
        const int count = 40;
        var (host, domain) = await ServedAsync();
        for (var i = 0; i < count; i++)
            await LinkAsync(domain, $"Sliced{i}", $"https://to.example/{i}");
        for (var i = 0; i < 4; i++)
            await SendAsync(
                HttpMethod.Delete,
                $"/api/links/{await LinkAsync(domain, $"Gone{i}", "https://to.example/")}?permanent=1"
            );
        using var statements = await WrittenStatements.FollowAsync(Server.Database, Cancel);
        var slices = 0;
        Slices.Most = 16;
        Slices.AfterSlice = _ => Interlocked.Increment(ref slices);

        foreach (var isSensitive in (bool[])[true, false])
        {
            statements.Take();
            Volatile.Write(ref slices, 0);
            Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(domain, isSensitive)).Status);
            await EndAsync(domain);
            var written = statements.Take();
            Assert.InRange(written.Count(IsOfLinks) + written.Count(IsOfRetired), 2, Volatile.Read(ref slices));
            Assert.Equal("302 https://to.example/7", await FollowAsync(host, "Sliced7"));
            Assert.Equal(isSensitive ? "404" : "302 https://to.example/7", await FollowAsync(host, "sliced7"));
        }

        static bool IsOfLinks(string statement) =>
            statement.StartsWith("UPDATE links SET alias_key", StringComparison.Ordinal);
        static bool IsOfRetired(string statement) =>
            statement.StartsWith("INSERT INTO retired_aliases", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_given_up_aliases_that_become_one_the_one_that_stays_for_longest_is_kept()
    {
        var (_, domain) = await ServedAsync(isSensitive: true);
        var until = Server.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(20).ToUnixTimeMilliseconds();
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    INSERT INTO retired_aliases (domain_id, alias_key, alias, account_id, until)
                    VALUES (@domain, 'GONE', 'GONE', 1, @until), (@domain, 'Gone', 'Gone', 2, @until + 2),
                        (@domain, 'gone', 'gone', 3, @until + 1), (@domain, 'Left', 'Left', 4, @until),
                        (@domain, 'left', 'left', 5, @until + 1)
                    """,
                    ("@domain", domain),
                    ("@until", until)
                ),
            Cancel
        );

        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(domain, isSensitive: false)).Status);
        await EndAsync(domain);

        await using var reader = Server.Database.Read();
        Assert.Equal(
            [("gone", "Gone", 2L), ("left", "left", 5L)],
            reader
                .RetiredAliases.Where(alias => alias.DomainId == domain)
                .OrderBy(alias => alias.AliasKey)
                .Select(alias => ValueTuple.Create(alias.AliasKey, alias.Alias, alias.AccountId))
                .ToList()
        );
    }

    [Fact]
    public async Task A_change_turns_around_when_a_new_link_collides()
    {
        var (host, domain) = await ServedAsync(isSensitive: true);
        foreach (var alias in (string[])["Alpha", "Beta", "Zeta"])
            await LinkAsync(domain, alias, $"https://to.example/{alias}");
        Slices.Most = 1;
        Reply? made = null;
        long[]? found = null;
        Slices.AfterSlice = _ =>
        {
            found ??= IdsAsync($"url=Zeta&domain_id={domain}").GetAwaiter().GetResult();
            made ??= SendLinkAsync(domain, "zeta", "https://to.example/new").GetAwaiter().GetResult();
        };

        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(domain, isSensitive: false)).Status);
        await EndAsync(domain);

        Assert.Single(found!);
        Assert.Equal(HttpStatusCode.Created, made!.Status);
        Assert.True((await DomainAsync(domain))[Field]!.GetValue<bool>());
        foreach (var alias in (string[])["Alpha", "Beta", "Zeta"])
            Assert.Equal($"302 https://to.example/{alias}", await FollowAsync(host, alias));
        Assert.Equal("302 https://to.example/new", await FollowAsync(host, "zeta"));
        Assert.Equal("404", await FollowAsync(host, "alpha"));
    }

    [Fact]
    public async Task A_link_that_moves_gets_its_key_by_the_rule_of_its_new_domain()
    {
        var (_, domain) = await ServedAsync(isSensitive: true);
        var name = $"M{Guid.NewGuid():N}";
        var upper = await LinkAsync(domain, name, "https://to.example/upper");
        var lower = await LinkAsync(domain, name.ToLowerInvariant(), "https://to.example/lower");

        var refused = await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}?links=move");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains(name, refused.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"/api/links/{lower}", ("domain_id", "0"))).Status);
        var taken = await PostAsync($"/api/links/{upper}", ("domain_id", "0"));
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
        Assert.Equal(["domain_id"], taken.WrongFields);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"/api/links/{lower}", ("domain_id", $"{domain}"))).Status);
        await SendAsync(HttpMethod.Delete, $"/api/links/{lower}?permanent=1");

        var moved = await SendAsync(HttpMethod.Delete, $"/api/domains/{domain}?links=move");
        Assert.True(moved.Status == HttpStatusCode.NoContent, moved.Body);
        Assert.Equal("302 https://to.example/upper", await FollowAsync("main.example", name.ToUpperInvariant()));
    }

    private async Task<(string Host, long Id)> ServedAsync(bool isSensitive = false)
    {
        var host = $"{Guid.NewGuid():N}.example";
        var made = await PostAsync("/api/domains", ("host", host), (Field, isSensitive ? "1" : "0"));
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        Assert.Equal(isSensitive, made.Json["data"]![Field]!.GetValue<bool>());
        var id = IdOf(made);
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(transaction, "UPDATE domains SET verified_at = 1 WHERE id = @id", ("@id", id)),
            Cancel
        );
        Server.Services.GetRequiredService<ChangeFeed>().PublishDomain(new(host));
        return (host, id);
    }

    private Task<Reply> ChangeAsync(long domain, bool isSensitive) =>
        PostAsync($"/api/domains/{domain}", (Field, isSensitive ? "1" : "0"));

    private Task EndAsync(long domain) =>
        Patience.UntilAsync(
            async () => !(await DomainAsync(domain))["is_changing_case"]!.GetValue<bool>(),
            "The end of the change"
        );

    private async Task<JsonNode> DomainAsync(long id) => (await GetAsync($"/api/domains/{id}")).Json["data"]!;

    private async Task<long> LinkAsync(long domain, string alias, string location)
    {
        var made = await SendLinkAsync(domain, alias, location);
        Assert.True(made.Status == HttpStatusCode.Created, $"{alias}: {made.Body}");
        return IdOf(made);
    }

    private Task<Reply> SendLinkAsync(
        long domain,
        string alias,
        string location,
        params (string Name, string Value)[] fields
    ) => PostAsync("/api/links", [("url", alias), ("location_url", location), ("domain_id", $"{domain}"), .. fields]);

    private async Task<long[]> IdsAsync(string query) =>
        [
            .. (await GetAsync($"/api/links?{query}")).Json["data"]!
                .AsArray()
                .Select(link => link!["id"]!.GetValue<long>()),
        ];

    private async Task<string[]> RetiredAsync(long domain)
    {
        await using var db = Server.Database.Read();
        return
        [
            .. db
                .RetiredAliases.Where(alias => alias.DomainId == domain)
                .Select(alias => alias.AliasKey)
                .AsEnumerable()
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<string> FollowAsync(string host, string path)
    {
        using var response = await Server.FollowAsync(Alias.PathOf(path), null, ("Host", host));
        return $"{(int)response.StatusCode} {response.Headers.Location?.OriginalString}".TrimEnd();
    }

    private static string Folded(string alias) => Alias.KeyOf(alias, AliasCase.Ignored);

    private static long IdOf(Reply reply) => reply.Json["data"]!["id"]!.GetValue<long>();
}
