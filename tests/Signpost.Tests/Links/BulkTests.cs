using System.Net;
using Signpost.Addressing;
using Signpost.Core.Links;
using Signpost.Links;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Storage;

namespace Signpost.Tests.Links;

/// <summary>Many links at once: all or none.</summary>
public sealed class BulkTests(SharedServer shared) : ApiTests(shared)
{
    [Theory]
    [InlineData("https://a.example/\nhttps://b.example/")]
    [InlineData("\r\n https://a.example/ \r\n\r\n\thttps://b.example/\r\n")]
    public async Task Each_line_becomes_a_link_in_order(string lines)
    {
        var reply = await PostAsync("/api/links", ("is_bulk", "1"), ("location_urls", lines), ("utm_source", "mail"));

        Assert.Equal(HttpStatusCode.Created, reply.Status);
        var links = reply.Json["data"]!["links"]!.AsArray();
        Assert.Equal(
            reply.Json["data"]!["ids"]!.ToJsonString(),
            $"[{string.Join(',', links.Select(link => link!["id"]!.ToJsonString()))}]"
        );
        string[] targets = ["https://a.example/", "https://b.example/"];
        Assert.Equal(targets.Length, links.Count);
        foreach (var (link, target) in links.Zip(targets))
        {
            var stored = await ReadAsync(link!["id"]!.GetValue<long>());
            Assert.Equal(target, stored["location_url"]!.GetValue<string>());
            Assert.Equal("mail", stored["settings"]!["utm_source"]!.GetValue<string>());
            Assert.Matches("^[23456789abcdefghjkmnpqrstuvwxyz]{7}$", link["url"]!.GetValue<string>());
            Assert.Equal($"{Server.Url}/{link["url"]}", link["short_url"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task The_response_holds_each_address_as_it_was_sent()
    {
        string[] sent = ["https://a.example", "HTTPS://B.example/it's", "c.example", "https://münchen.example/ä"];

        var reply = await PostAsync("/api/links", ("is_bulk", "1"), ("location_urls", string.Join('\n', sent)));

        var links = reply.Json["data"]!["links"]!.AsArray();
        Assert.Equal(sent.Length, links.Count);
        foreach (var link in links)
        {
            var stored = await ReadAsync(link!["id"]!.GetValue<long>());
            Assert.Equal(stored["location_url"]!.GetValue<string>(), link["location_url"]!.GetValue<string>());
        }
        Assert.Equal(sent[0], links[0]!["location_url"]!.GetValue<string>());
        Assert.Equal(sent[1], links[1]!["location_url"]!.GetValue<string>());
    }

    [Fact]
    public async Task JSON_may_send_an_array()
    {
        var reply = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Json("""{"is_bulk":true,"location_urls":["https://a.example/","https://b.example/"]}""")
        );

        Assert.Equal(HttpStatusCode.Created, reply.Status);
        Assert.Equal(2, reply.Json["data"]!["ids"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("https://a.example/\r\njavascript:alert(1)\r\nhttps://b.example/", "Line 2: ")]
    [InlineData("\n\nhttps://a.example/\nhttps://a b/\n", "Line 4: ")]
    public async Task One_wrong_line_is_named_and_stops_all(string lines, string title)
    {
        var before = await TotalAsync();

        var reply = await PostAsync("/api/links", ("is_bulk", "1"), ("location_urls", lines));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(["location_urls"], reply.WrongFields);
        Assert.StartsWith(title, reply.Json["errors"]![0]!["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(before, await TotalAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    public async Task A_bulk_without_addresses_is_an_error(string lines) =>
        Assert.Equal(
            ["location_urls"],
            (
                await PostAsync(
                    "/api/links",
                    ("is_bulk", "1"),
                    ("location_urls", lines),
                    ("location_url", "https://a.example")
                )
            ).WrongFields
        );

    [Fact]
    public async Task A_thousand_are_made_and_one_more_is_too_many()
    {
        var thousand = string.Join('\n', Enumerable.Range(0, 1000).Select(n => $"https://example.org/{n}"));

        var made = await PostAsync("/api/links", ("is_bulk", "1"), ("location_urls", thousand));
        var refused = await PostAsync(
            "/api/links",
            ("is_bulk", "1"),
            ("location_urls", thousand + "\nhttps://example.org/")
        );

        Assert.Equal(HttpStatusCode.Created, made.Status);
        var aliases = made.Json["data"]!["links"]!
            .AsArray()
            .Select(link => link!["url"]!.GetValue<string>())
            .ToHashSet();
        Assert.Equal(1000, aliases.Count);
        Assert.Equal(["location_urls"], refused.WrongFields);
    }

    [Fact]
    public async Task A_flood_of_wrong_lines_gets_no_flood_of_errors()
    {
        var lines = string.Concat(Enumerable.Repeat("x\n", 100_000));

        var reply = await PostAsync("/api/links", ("is_bulk", "1"), ("location_urls", lines));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(1001, reply.WrongFields.Length);
    }

    [Fact]
    public async Task A_picture_is_shared_until_the_last_link_of_the_bulk_is_gone()
    {
        var body = Bodies
            .Multipart(("is_bulk", "1"), ("location_urls", "https://a.example/\nhttps://b.example/"))
            .WithFile("cloaking_favicon", Bodies.Png);
        var ids = (await SendAsync(HttpMethod.Post, "/api/links", body)).Json["data"]!["ids"]!.AsArray();
        var picture = (await ReadAsync(ids[0]!.GetValue<long>()))["settings"]!["cloaking_favicon"]!.GetValue<string>();

        await SendAsync(HttpMethod.Delete, $"/api/links/{ids[0]}?permanent=1");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(picture)).Status);
        await SendAsync(HttpMethod.Delete, $"/api/links/{ids[1]}?permanent=1");
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(picture)).Status);
    }

    [Fact]
    [Trait("Database", "SQLite")]
    public async Task Its_statements_do_not_grow_with_its_lines_so_other_writes_wait_for_few()
    {
        var pixel = await Server.CreatePixelAsync("facebook", "123456");
        using var statements = await WrittenStatements.FollowAsync(Server.Database, Cancel);

        foreach (var lines in (int[])[2, 300])
        {
            var addresses = string.Join('\n', Enumerable.Range(0, lines).Select(n => $"https://example.org/{n}"));
            var body = Bodies
                .Multipart(
                    ("is_bulk", "1"),
                    ("location_urls", addresses),
                    ("pixels_ids[]", $"{pixel}"),
                    ("tags[]", "one"),
                    ("tags[]", "two")
                )
                .WithFile("cloaking_favicon", Bodies.Png);
            statements.Take();
            var made = await SendAsync(HttpMethod.Post, "/api/links", body);
            Assert.True(made.Status == HttpStatusCode.Created, made.Body);

            var written = statements.Take();
            foreach (
                var start in (string[])
                    [
                        "INSERT INTO links ",
                        "INSERT INTO link_versions ",
                        "INSERT INTO link_pixels ",
                        "INSERT INTO link_tags ",
                        "UPDATE \"links\" ",
                    ]
            )
                Assert.Single(written, statement => statement.StartsWith(start, StringComparison.Ordinal));
            // The server writes other things, too, from time to time.
            Assert.InRange(written.Length, 5, 40);
        }
    }

    [Fact]
    public async Task Links_that_were_made_before_fit_until_an_alias_is_taken_or_the_rule_changes()
    {
        LinkRow template = new()
        {
            AccountId = 1,
            Alias = "",
            AliasKey = "",
            LocationUrl = "",
            CreatedAt = 1,
            UpdatedAt = 1,
        };
        Assert.True(TargetUrl.TryParse("https://example.org/", out var url, out _));
        LinkBatch made;
        await using (var reader = Server.Database.Read())
            made = await LinkBatch.MakeAsync(
                reader,
                default,
                template,
                [.. Enumerable.Range(1, 3).Select(n => new BulkLine(n, url))]
            );
        var taken = made.Rows[1].AliasKey;

        Assert.True(await FitAsync(default));
        Assert.False(await FitAsync(new CaseRule(AliasCase.Kept, IsChanging: false)));
        Assert.False(
            await FitAsync(
                default,
                db =>
                    db.RetiredAliases.Add(
                        new()
                        {
                            DomainId = 0,
                            AliasKey = taken,
                            Alias = taken,
                            AccountId = 2,
                            Until = 1,
                        }
                    )
            )
        );
        Assert.False(
            await FitAsync(
                default,
                db =>
                    db.ReservedAliases.Add(
                        new()
                        {
                            DomainId = 0,
                            AliasKey = taken,
                            JobId = 1,
                        }
                    )
            )
        );
        Assert.False(await FitAsync(default, db => db.Insert([Taking(template, taken)])));

        // Nothing of it stays.
        async Task<bool> FitAsync(CaseRule rule, Action<SignpostDb>? first = null)
        {
            var fits = false;
            await Assert.ThrowsAsync<OperationCanceledException>(() =>
                Server.Database.WriteAsync<int>(
                    async db =>
                    {
                        first?.Invoke(db);
                        await db.SaveChangesAsync(Cancel);
                        fits = await made.FitAsync(db, rule);
                        throw new OperationCanceledException();
                    },
                    Cancel
                )
            );
            return fits;
        }
    }

    private static LinkRow Taking(LinkRow template, string alias)
    {
        var row = template.Copy();
        (row.Alias, row.AliasKey) = (alias, alias);
        return row;
    }

    private async Task<int> TotalAsync() => (await GetAsync("/api/links")).Json["meta"]!["total"]!.GetValue<int>();
}
