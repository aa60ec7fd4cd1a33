using System.Net;
using System.Text;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Accounts;

/// <summary>API keys over the API.</summary>
public sealed class KeyApiTests(SharedServer shared) : PeopleTests(shared)
{
    [Fact]
    public async Task A_key_is_shown_once_works_at_once_and_ends_at_once()
    {
        var made = await PostAsync("/api/api-keys", ("name", "Laptop"), ("scopes[]", "links:read"));
        var id = made.Json["data"]!["id"]!.GetValue<long>();
        var key = made.Json["data"]!["key"]!.GetValue<string>();
        using var client = Server.NewClient(key);

        var works = await SendAsync(HttpMethod.Get, "/api/links", http: client);
        var shown = await GetAsync($"/api/api-keys/{id}");
        var revoked = await SendAsync(HttpMethod.Delete, $"/api/api-keys/{id}/");
        var ended = await SendAsync(HttpMethod.Get, "/api/links", http: client);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(HttpStatusCode.OK, works.Status);
        Assert.DoesNotContain(key, shown.Body, StringComparison.Ordinal);
        Assert.Equal("Laptop", (string)shown.Json["data"]!["name"]!);
        Assert.Equal(key[..8], (string)shown.Json["data"]!["prefix"]!);
        Assert.Equal("""["links:read"]""", shown.Json["data"]!["scopes"]!.ToJsonString());
        Assert.NotNull(shown.Json["data"]!["last_used_datetime"]);
        Assert.Equal(HttpStatusCode.NoContent, revoked.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, ended.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/api-keys/{id}")).Status);
    }

    [Theory]
    [InlineData("GET", "/api/links", "links:read")]
    [InlineData("POST", "/api/links", "links:write")]
    [InlineData("DELETE", "/api/links/1", "links:write")]
    [InlineData("GET", "/api/user", "account:read")]
    [InlineData("POST", "/api/user", "account:write")]
    [InlineData("GET", "/api/api-keys", "account:read")]
    [InlineData("POST", "/api/api-keys", "account:write")]
    [InlineData("GET", "/api/users", "admin")]
    [InlineData("GET", "/api/audit-log", "admin")]
    public async Task Without_its_scope_a_key_may_not(string method, string path, string scope)
    {
        string[] all = ["links:read", "links:write", "stats:read", "account:read", "account:write", "admin"];
        using var with = await KeyAsync(("scopes", scope));
        using var without = await KeyAsync(("scopes", string.Join(' ', all.Except([scope]))));

        var allowed = await SendAsync(new(method), path, null, with);
        var refused = await SendAsync(new(method), path, null, without);

        Assert.NotEqual(HttpStatusCode.Forbidden, allowed.Status);
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("403", (string)refused.Json["errors"]![0]!["status"]!);
    }

    [Fact]
    public async Task A_key_gives_no_scope_that_it_does_not_have()
    {
        using var weak = await KeyAsync(("scopes[]", "account:write"), ("scopes[]", "links:read"));

        var more = await SendAsync(HttpMethod.Post, "/api/api-keys", Bodies.Form(("scopes", "links:write")), weak);
        var same = await SendAsync(HttpMethod.Post, "/api/api-keys", Bodies.Form(("name", "Child")), weak);

        Assert.Equal((HttpStatusCode.BadRequest, "scopes"), (more.Status, Assert.Single(more.WrongFields)));
        Assert.Equal(HttpStatusCode.Created, same.Status);
        var child = await GetAsync($"/api/api-keys/{same.Json["data"]!["id"]}");
        Assert.Equal("""["links:read","account:write"]""", child.Json["data"]!["scopes"]!.ToJsonString());
    }

    [Fact]
    public async Task A_user_s_key_never_gets_the_scope_of_admins()
    {
        using var user = await NewClientAsync();
        var (id, _) = await NewUserAsync();

        var own = await SendAsync(HttpMethod.Post, "/api/api-keys", Bodies.Form(("scopes", "admin")), user);
        var given = await PostAsync($"/api/users/{id}/api-keys", ("scopes", "admin"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (own.Status, given.Status));
    }

    [Theory]
    [InlineData("scopes", "links:delete", "scopes")]
    [InlineData("scopes[3]", "*", "scopes[3]")]
    [InlineData("scopes", ",", "scopes")]
    [InlineData("expires", "2001-01-01 00:00", "expires")]
    [InlineData("expires", "tomorrow", "expires")]
    [InlineData("name", "LONG", "name")]
    public async Task A_wrong_field_is_named_and_no_key_is_made(string name, string value, string field)
    {
        var before = await CountAsync();

        var reply = await PostAsync("/api/api-keys", (name, value == "LONG" ? new string('n', 65) : value));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields);
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task An_expired_key_does_not_work()
    {
        var clock = new ManualClock();
        await using var server = await TestServer.StartAsync(clock, null);
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/api-keys",
            Bodies.Json("""{"name":"A day","scopes":["account:read"],"expires":"2026-03-02 12:00:00"}"""),
            server.Http
        );
        using var client = server.NewClient((string)made.Json["data"]!["key"]!);

        clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        var before = await SendAsync(HttpMethod.Get, "/api/user", http: client);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        var after = await SendAsync(HttpMethod.Get, "/api/user", http: client);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.Status, after.Status));
    }

    [Fact]
    public async Task A_repeated_creation_names_the_created_key_and_creates_none()
    {
        var send = (HttpClient http) =>
            SendAsync(
                HttpMethod.Post,
                "/api/api-keys",
                Bodies.Form(("name", "Once")),
                http,
                ("Idempotency-Key", "key-1")
            );
        using var other = await KeyAsync();

        var first = await send(Server.Http);
        var keys = await CountAsync();
        var again = await send(Server.Http);
        var withOtherKey = await send(other);

        Assert.Equal(HttpStatusCode.Created, first.Status);
        var sentence =
            $"The first request created the key {first.Json["data"]!["id"]}. A key is shown only once: revoke it and create another one.";
        foreach (var reply in (Reply[])[again, withOtherKey])
        {
            Assert.Equal(HttpStatusCode.Conflict, reply.Status);
            Assert.Equal(sentence, (string)reply.Json["errors"]![0]!["title"]!);
            Assert.Equal(["Idempotency-Key"], reply.WrongFields);
        }
        Assert.Equal(keys, await CountAsync());
        var key = (string)first.Json["data"]!["key"]!;
        await using var connection = Server.Database.OpenRead();
        await using var command = connection.Command(
            null,
            $"SELECT count(*) FROM kept_answers WHERE {Dialect.Of(connection).Contains("body", "@key")}",
            ("@key", Encoding.UTF8.GetBytes(key))
        );
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_key_in_a_query_or_a_cookie_does_not_work()
    {
        var query = await SendAsync(HttpMethod.Get, $"/api/user?api_key={TestServer.ApiKey}", http: Server.Anonymous);
        var cookie = await SendAsync(
            HttpMethod.Get,
            "/api/user",
            null,
            Server.Anonymous,
            ("Cookie", $"api_key={TestServer.ApiKey}")
        );

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (query.Status, cookie.Status));
    }

    private async Task<HttpClient> KeyAsync(params (string Name, string Value)[] fields)
    {
        var made = await PostAsync("/api/api-keys", fields);
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return Server.NewClient((string)made.Json["data"]!["key"]!);
    }

    private async Task<long> CountAsync() => (await GetAsync("/api/api-keys")).Json["meta"]!["total"]!.GetValue<long>();
}
