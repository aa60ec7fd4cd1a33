using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>The responses of writes: the whole thing for keys that may read it, else what they need to go on.</summary>
public sealed class WholeResponseTests(SharedServer shared) : ApiTests(shared)
{
    private static int _made;

    public static TheoryData<string, string> Kinds =>
        new()
        {
            { "links", "id url short_url" },
            { "projects", "id" },
            { "pixels", "id" },
            { "splash-pages", "id" },
            { "domains", "id" },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_write_returns_the_whole_thing_as_GET_returns_it(string kind, string few)
    {
        Assert.NotEmpty(few);
        foreach (var type in Bodies.Types)
        {
            var made = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Of(type, Sample(kind)));
            Assert.Equal(HttpStatusCode.Created, made.Status);
            var id = made.Json["data"]!["id"]!.GetValue<long>();
            Assert.Equal((await GetAsync($"/api/{kind}/{id}")).Body, made.Body);

            foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch])
            {
                var changed = await SendAsync(method, $"/api/{kind}/{id}", Bodies.Of(type, Change(kind)));
                Assert.Equal(HttpStatusCode.OK, changed.Status);
                Assert.Equal((await GetAsync($"/api/{kind}/{id}")).Body, changed.Body);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_key_that_may_only_write_gets_only_these_fields(string kind, string few)
    {
        using var writer = await ClientAsync("links:write");

        var made = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(Sample(kind)), writer);
        var id = made.Json["data"]!["id"]!;
        var changed = await SendAsync(HttpMethod.Put, $"/api/{kind}/{id}", Bodies.Form(Change(kind)), writer);

        Assert.Equal((HttpStatusCode.Created, few), (made.Status, Names(made)));
        Assert.Equal((HttpStatusCode.OK, few), (changed.Status, Names(changed)));
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await SendAsync(HttpMethod.Get, $"/api/{kind}/{id}", http: writer)).Status
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_kept_response_shows_no_more_than_the_repeating_key_may_read(string kind, string few)
    {
        using var writer = await ClientAsync("links:write");
        var sample = Sample(kind);
        var key = ("Idempotency-Key", $"whole-{kind}");

        var first = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(sample), null, key);
        var repeated = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(sample), writer, key);
        var again = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(sample), null, key);

        Assert.Equal(few, Names(repeated));
        Assert.Equal(first.Json["data"]!["id"]!.GetValue<long>(), repeated.Json["data"]!["id"]!.GetValue<long>());
        Assert.Equal(first.Body, again.Body);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_deleted_thing_leaves_no_kept_response(string kind, string few)
    {
        Assert.NotEmpty(few);
        var mark = $"kept{Guid.NewGuid():N}";
        var body = Sample(kind, mark);
        var made = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(body), null, ("Idempotency-Key", mark));
        var path = $"/api/{kind}/{made.Json["data"]!["id"]}";
        await SendAsync(HttpMethod.Post, path, Bodies.Form(Change(kind)), null, ("Idempotency-Key", mark));
        Assert.NotEqual(0, await KeptAsync(mark));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, path)).Status);

        Assert.Equal(0, await KeptAsync(mark));
    }

    [Fact]
    public async Task A_bulk_returns_its_links_with_their_addresses()
    {
        string[] lines = ["https://example.org/1", "https://example.org/2"];
        var body = Bodies.Form(("is_bulk", "1"), ("location_urls", string.Join('\n', lines)));

        var data = (await SendAsync(HttpMethod.Post, "/api/links", body)).Json["data"]!;

        Assert.Equal("ids links", string.Join(' ', data.AsObject().Select(field => field.Key)));
        foreach (var (link, line) in data["links"]!.AsArray().Zip(lines))
        {
            Assert.Equal(
                "id url short_url location_url",
                string.Join(' ', link!.AsObject().Select(field => field.Key))
            );
            Assert.Equal(line, link!["location_url"]!.GetValue<string>());
            Assert.Equal($"{Server.Url}/{link["url"]}", link["short_url"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_new_key_is_returned_whole_with_its_end()
    {
        var made = await PostAsync("/api/api-keys", ("name", "Shop"), ("expires", "2990-01-01 10:00:00"));

        var data = made.Json["data"]!.AsObject();
        Assert.Equal("2990-01-01 10:00:00", data["expires"]!.GetValue<string>());
        Assert.StartsWith("sp_", data["key"]!.GetValue<string>(), StringComparison.Ordinal);
        var read = (await GetAsync($"/api/api-keys/{data["id"]}")).Json["data"]!;
        data.Remove("key");
        Assert.Equal(read.ToJsonString(), data.ToJsonString());
    }

    [Fact]
    public async Task A_key_that_may_not_read_the_account_gets_the_new_key_and_its_end()
    {
        using var writer = await ClientAsync("account:write");

        var made = await SendAsync(HttpMethod.Post, "/api/api-keys", Bodies.Form(("name", "Shop")), writer);

        Assert.Equal((HttpStatusCode.Created, "id key expires"), (made.Status, Names(made)));
    }

    private async Task<int> KeptAsync(string mark)
    {
        await using var db = Server.Database.Read();
        return (await db.KeptResponses.ToListAsync(Cancel)).Count(kept =>
            Encoding.UTF8.GetString(kept.Body).Contains(mark, StringComparison.Ordinal)
        );
    }

    private async Task<HttpClient> ClientAsync(string scope)
    {
        var made = await PostAsync("/api/api-keys", ("name", scope), ("scopes", scope));
        return Server.NewClient(made.Json["data"]!["key"]!.GetValue<string>());
    }

    private static (string Name, string Value)[] Sample(string kind, string? mark = null)
    {
        var name = mark ?? $"whole{Interlocked.Increment(ref _made)}";
        return kind switch
        {
            "links" => [("location_url", $"https://example.org/{name}"), ("utm_source", "a"), ("clicks_limit", "5")],
            "pixels" => [("name", name), ("type", "facebook"), ("pixel", "1234567")],
            "domains" => [("host", $"{name}.example")],
            _ => [("name", name)],
        };
    }

    private static (string Name, string Value) Change(string kind) =>
        kind switch
        {
            "links" => ("cloaking_title", "Changed"),
            "domains" => ("is_enabled", "0"),
            _ => ("name", "Changed"),
        };

    private static string Names(Reply reply) =>
        string.Join(' ', reply.Json["data"]!.AsObject().Select(field => field.Key));
}
