using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Titles, notes and tags of links, and the tags themselves.</summary>
public sealed class TagTests(SharedServer shared) : ApiTests(shared)
{
    // The list as it is sent in JSON, null: the field is absent; then the tags of the link.
    private static readonly (string? Sent, string[] Tags)[] Edits =
    [
        ("""["Spring"," Sale "]""", ["Sale", "Spring"]),
        (null, ["Sale", "Spring"]),
        ("""["SALE","Größe 😀"]""", ["Größe 😀", "Sale"]),
        ("""["new","NEW","New"]""", ["new"]),
        ("[]", []),
        ("""["a, b","null","",null]""", ["a, b"]),
        ("null", []),
        ("\"Spring\"", ["Spring"]),
        ("\"\"", []),
    ];

    [Fact]
    public async Task A_list_of_tags_replaces_absent_keeps_and_empty_clears()
    {
        using var http = await StrangerAsync();
        var link = await NewAsync(http, "{}");

        foreach (var (sent, expected) in Edits)
        {
            var body = sent is null ? """{"title":"x"}""" : $$"""{"tags":{{sent}}}""";
            var changed = await SendAsync(HttpMethod.Post, $"/api/links/{link}", Bodies.Json(body), http);

            Assert.True(changed.Status == HttpStatusCode.OK, changed.Body);
            Assert.Equal(expected, TagsOf(changed.Json["data"]!));
            Assert.Equal(changed.Body, (await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: http)).Body);
        }

        Assert.Equal(
            ["Größe 😀 0", "Sale 0", "Spring 0", "a, b 0", "new 0"],
            (await TagsAsync(http)).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_kind_of_body_has_tags_and_a_wrong_one_stores_nothing()
    {
        using var http = await StrangerAsync();
        var link = await NewAsync(http, """{"tags":["kept"]}""");
        foreach (var type in Bodies.Types.Where(type => type != "json"))
        {
            var two = Bodies.Of(type, ("tags[]", "one"), ("tags[]", "two"));
            var changed = await SendAsync(HttpMethod.Post, $"/api/links/{link}", two, http);
            Assert.Equal(["one", "two"], TagsOf(changed.Json["data"]!));
        }

        var many = string.Join(',', Enumerable.Range(0, 21).Select(number => $"\"t{number}\""));
        foreach (
            var (sent, field) in ((string, string)[])
                [($"[{many}]", "tags"), ($"[\"{new string('a', 65)}\"]", "tags[0]"), ("[\"a\\u0001\"]", "tags[0]")]
        )
        {
            var wrong = await SendAsync(
                HttpMethod.Post,
                $"/api/links/{link}",
                Bodies.Json($$"""{"title":"new","tags":{{sent}}}"""),
                http
            );
            Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
            Assert.StartsWith(field.Split('[')[0], Assert.Single(wrong.WrongFields), StringComparison.Ordinal);
        }

        var read = (await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: http)).Json["data"]!;
        Assert.Null(read["title"]);
        Assert.Equal(["one", "two"], TagsOf(read));
        Assert.DoesNotContain(await TagsAsync(http), tag => tag.StartsWith('t') && tag != "two 1");
    }

    [Fact]
    public async Task A_tag_is_made_changed_and_deleted_and_its_links_follow()
    {
        using var http = await StrangerAsync();
        var made = await PostAsync(http, "/api/tags", ("name", "Spring"), ("color", "#AbCdEf"));
        var id = (long)made.Json["data"]!["id"]!;
        var link = await NewAsync(http, """{"tags":["SPRING","other"]}""");

        var taken = await PostAsync(http, "/api/tags", ("name", "sPRING"));
        var other = await PostAsync(http, "/api/tags", ("name", "Other "));
        var renamed = await PostAsync(http, $"/api/tags/{id}", ("name", "spring!"));
        var clash = await PostAsync(http, $"/api/tags/{id}", ("name", "OTHER"));
        var read = await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: http);
        var deleted = await SendAsync(HttpMethod.Delete, $"/api/tags/{id}", http: http);
        var after = await SendAsync(HttpMethod.Get, $"/api/links/{link}", http: http);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("#abcdef", (string)made.Json["data"]!["color"]!);
        Assert.All(
            [taken, other, clash],
            reply => Assert.Equal((HttpStatusCode.Conflict, "name"), (reply.Status, reply.WrongFields[0]))
        );
        Assert.Equal(("spring!", 1), ((string)renamed.Json["data"]!["name"]!, (int)renamed.Json["data"]!["links"]!));
        Assert.Equal(["other", "spring!"], TagsOf(read.Json["data"]!));
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal(["other"], TagsOf(after.Json["data"]!));
        Assert.Equal(["other 1"], await TagsAsync(http));
    }

    [Fact]
    public async Task Links_in_the_trash_do_not_count_for_their_tags()
    {
        using var http = await StrangerAsync();
        var kept = await NewAsync(http, """{"tags":["a"]}""");
        var gone = await NewAsync(http, """{"tags":["a","b"]}""");

        await SendAsync(HttpMethod.Delete, $"/api/links/{kept}", http: http);
        await SendAsync(HttpMethod.Delete, $"/api/links/{gone}", http: http);
        var trashed = await TagsAsync(http);
        await SendAsync(HttpMethod.Post, $"/api/trash/{kept}/restore", http: http);
        await SendAsync(HttpMethod.Delete, $"/api/trash/{gone}", http: http);

        Assert.Equal(["b 0", "a 0"], trashed);
        Assert.Equal(["b 0", "a 1"], await TagsAsync(http));
    }

    [Fact]
    public async Task Lists_are_filtered_by_tag_and_searched_in_titles_and_notes()
    {
        using var http = await StrangerAsync();
        var first = await NewAsync(http, """{"title":"Summer SALE","tags":["Sale","x"]}""");
        var second = await NewAsync(http, """{"note":"for summer","tags":["sale"]}""");
        var third = await NewAsync(http, """{"title":"else"}""");

        await CheckAsync("tag=SALE", second, first);
        await CheckAsync("tag=X&tag=nobody%27s&tag=sale", second, first);
        await CheckAsync("tag=sale&not_tag=x", second);
        await CheckAsync("not_tag=x&not_tag=null", second);
        await CheckAsync("tag=null&tag=x", third, first);
        await CheckAsync("tag=", third, second, first);
        await CheckAsync("tag=sale&search=mmer&search_by=title", first);
        await CheckAsync("search=SUMMER&search_by=note", second);
        await CheckAsync("tag=nobody%27s");
        await SendAsync(HttpMethod.Delete, $"/api/links/{second}", http: http);
        Assert.Equal(["Sale 1", "x 1"], (await TagsAsync(http)).Order(StringComparer.Ordinal));

        async Task CheckAsync(string query, params long[] expected)
        {
            var list = await SendAsync(HttpMethod.Get, $"/api/links?{query}", http: http);
            long[] ids = [.. list.Json["data"]!.AsArray().Select(link => (long)link!["id"]!)];
            Assert.Equal(expected, ids);
            Assert.Equal(ids.Length, (int)list.Json["meta"]!["total"]!);
        }
    }

    [Fact]
    public async Task A_bulk_gives_all_its_links_title_note_and_tags_and_an_existing_link_is_found_by_them()
    {
        using var http = await StrangerAsync();
        var bulk = await PostAsync(
            http,
            "/api/links",
            ("is_bulk", "1"),
            ("location_urls", "https://a.example/\nhttps://b.example/"),
            ("title", "T"),
            ("note", "N\nM"),
            ("tags[]", "one"),
            ("tags[]", "two")
        );
        foreach (var id in bulk.Json["data"]!["ids"]!.AsArray())
        {
            var link = (await SendAsync(HttpMethod.Get, $"/api/links/{id}", http: http)).Json["data"]!;
            Assert.Equal(("T", "N\nM"), ((string)link["title"]!, (string)link["note"]!));
            Assert.Equal(["one", "two"], TagsOf(link));
        }

        foreach (
            var (sent, status) in (((string, string)[], HttpStatusCode)[])
                [
                    ([], HttpStatusCode.OK),
                    ([("title", "T"), ("tags[]", "TWO"), ("tags[]", "one")], HttpStatusCode.OK),
                    ([("title", "other")], HttpStatusCode.Created),
                    ([("title", "T"), ("tags[]", "one")], HttpStatusCode.Created),
                ]
        )
        {
            var found = await PostAsync(
                http,
                "/api/links",
                [("location_url", "https://a.example/"), ("find_existing", "1"), .. sent]
            );
            Assert.Equal(status, found.Status);
        }
    }

    [Fact]
    public async Task Term_and_content_are_set_on_the_destination_and_visitors_see_no_title_note_or_tag()
    {
        var link = await ReadAsync(
            await CreateAsync(
                ("utm_term", "red shoes"),
                ("utm_content", "top"),
                ("title", "hidden-title"),
                ("note", "hidden-note"),
                ("tags[]", "hidden-tag"),
                ("statistics_is_public", "1")
            )
        );
        using var visit = await Server.FollowAsync((string)link["url"]!);
        Assert.Equal(
            "https://example.org/?utm_term=red%20shoes&utm_content=top",
            visit.Headers.Location!.OriginalString
        );

        await PostAsync($"/api/links/{link["id"]}", ("cloaking_is_enabled", "1"));
        using var page = await Server.FollowAsync((string)link["url"]!);
        using var statistics = await Server.Anonymous.GetAsync(new Uri((string)link["statistics_url"]!), Cancel);
        foreach (var response in (HttpResponseMessage[])[page, statistics])
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.DoesNotContain(
                "hidden-",
                await response.Content.ReadAsStringAsync(Cancel),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task No_kept_response_names_a_deleted_tag()
    {
        var key = ("Idempotency-Key", $"{Guid.NewGuid()}");
        const string Body = """{"location_url":"https://example.org/","tags":["forget \"me\" 😀"]}""";
        using var http = await StrangerAsync();
        var made = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Json(Body), http, key);
        var again = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Json(Body), http, key);
        var tag = (await SendAsync(HttpMethod.Get, "/api/tags", http: http)).Json["data"]![0]!;
        await SendAsync(HttpMethod.Delete, $"/api/tags/{tag["id"]}", http: http);

        var later = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Json(Body), http, key);

        Assert.Equal(made.Body, again.Body);
        Assert.NotEqual((long)made.Json["data"]!["id"]!, (long)later.Json["data"]!["id"]!);
    }

    private async Task<long> NewAsync(HttpClient http, string fields)
    {
        var body = JsonNode.Parse(fields)!.AsObject();
        body["location_url"] = "https://example.org/";
        var made = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Json(body.ToJsonString()), http);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return (long)made.Json["data"]!["id"]!;
    }

    private Task<Reply> PostAsync(HttpClient http, string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, Bodies.Form(fields), http);

    private async Task<string[]> TagsAsync(HttpClient http)
    {
        var list = await SendAsync(HttpMethod.Get, "/api/tags?results_per_page=100", http: http);
        return [.. list.Json["data"]!.AsArray().Select(tag => $"{tag!["name"]} {tag["links"]}")];
    }

    private static string[] TagsOf(JsonNode link) => [.. link["tags"]!.AsArray().Select(tag => (string)tag!)];
}
