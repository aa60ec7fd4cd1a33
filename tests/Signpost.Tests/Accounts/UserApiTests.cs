using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Accounts;

/// <summary>Accounts over the API.</summary>
public sealed class UserApiTests(SharedServer shared) : PeopleTests(shared)
{
    [Fact]
    public async Task Everybody_reads_and_changes_their_own_account()
    {
        var (id, email) = await NewUserAsync(("name", "Grace"));
        using var grace = await ClientOfAsync(id);

        var changed = await SendAsync(
            HttpMethod.Post,
            "/api/user/",
            Bodies.Json(
                """{"name":" Grace Hopper ","timezone":"Europe/Berlin","language":"de","email":"x@y.z","role":"admin"}"""
            ),
            grace
        );
        var own = (await SendAsync(HttpMethod.Get, "/api/user", http: grace)).Json["data"]!;

        Assert.Equal($$$"""{"data":{"id":{{{id}}}}}""", changed.Body);
        Assert.Equal("Grace Hopper", (string)own["name"]!);
        Assert.Equal("Europe/Berlin", (string)own["timezone"]!);
        Assert.Equal("de", (string)own["language"]!);
        Assert.Equal(email, (string)own["email"]!);
        Assert.Equal("user", (string)own["role"]!);
        Assert.False((bool)own["two_factor_is_enabled"]!);
    }

    [Theory]
    [MemberData(nameof(Bodies.Types), MemberType = typeof(Bodies))]
    public async Task An_account_is_made_from_each_type_of_body(string type)
    {
        var email = $"{Guid.NewGuid():N}@example.org";

        var made = await SendAsync(
            HttpMethod.Post,
            "/api/users",
            Bodies.Of(type, ("email", email), ("password", " long enough "), ("name", "Ada"))
        );

        Assert.Equal(HttpStatusCode.Created, made.Status);
        var id = made.Json["data"]!["id"]!.GetValue<long>();
        Assert.Equal($$$"""{"data":{"id":{{{id}}}}}""", made.Body);
        Assert.Equal(email, (string)(await ReadUserAsync(id))["email"]!);
    }

    [Fact]
    public async Task Every_wrong_field_is_named_in_one_response_and_nothing_is_created()
    {
        var before = (await GetAsync("/api/users")).Json["meta"]!["total"]!.GetValue<long>();

        var reply = await PostAsync(
            "/api/users",
            ("email", "nobody"),
            ("password", "short"),
            ("name", new string('n', 129)),
            ("timezone", "../../etc/passwd"),
            ("language", "tlh"),
            ("role", "root"),
            ("is_disabled", "maybe")
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(
            ["email", "is_disabled", "language", "name", "password", "role", "timezone"],
            reply.WrongFields.Order(StringComparer.Ordinal)
        );
        Assert.Equal(before, (await GetAsync("/api/users")).Json["meta"]!["total"]!.GetValue<long>());
    }

    [Fact]
    public async Task Email_and_password_are_required()
    {
        var reply = await PostAsync("/api/users", ("name", "Nobody"));

        Assert.Equal(["email", "password"], reply.WrongFields);
    }

    [Theory]
    [InlineData("Berlin")]
    [InlineData("Europe/Atlantis")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("posix/Europe/Paris")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe/../UTC")]
    public async Task An_invalid_time_zone_is_refused(string zone)
    {
        var reply = await PostAsync("/api/user", ("timezone", zone));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(["timezone"], reply.WrongFields);
    }

    [Fact]
    public async Task A_password_is_measured_in_bytes_before_it_is_hashed()
    {
        var reply = await PostAsync("/api/users", ("email", "long@example.org"), ("password", new string('ü', 513)));

        Assert.Equal(["password"], reply.WrongFields);
    }

    [Fact]
    public async Task One_address_has_one_account_however_it_is_spelled()
    {
        var (_, email) = await NewUserAsync();

        var reply = await PostAsync("/api/users", ("email", email.ToUpperInvariant()), ("password", "long enough"));

        Assert.Equal(HttpStatusCode.Conflict, reply.Status);
        Assert.Equal(["email"], reply.WrongFields);
    }

    [Fact]
    public async Task The_same_idempotency_key_makes_one_account()
    {
        var body = () => Bodies.Form(("email", $"{nameof(UserApiTests)}@example.org"), ("password", "long enough"));

        var first = await SendAsync(HttpMethod.Post, "/api/users", body(), null, ("Idempotency-Key", "u1"));
        var again = await SendAsync(HttpMethod.Post, "/api/users/", body(), null, ("Idempotency-Key", "u1"));

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal((first.Status, first.Body), (again.Status, again.Body));
    }

    [Fact]
    public async Task Keys_of_a_disabled_account_do_not_work_until_it_is_enabled_again()
    {
        var (id, _) = await NewUserAsync();
        using var client = await ClientOfAsync(id);

        await PostAsync($"/api/users/{id}", ("is_disabled", "1"));
        var disabled = await SendAsync(HttpMethod.Get, "/api/user", http: client);
        await PostAsync($"/api/users/{id}", ("is_disabled", "0"));
        var enabled = await SendAsync(HttpMethod.Get, "/api/user", http: client);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (disabled.Status, enabled.Status));
    }

    [Fact]
    public async Task The_last_admin_can_be_neither_deleted_nor_disabled_nor_demoted()
    {
        await using var server = await TestServer.StartAsync();
        var own = (await SendAsync(HttpMethod.Get, "/api/user", http: server.Http)).Json["data"]!["id"]!;

        var deleted = await SendAsync(HttpMethod.Delete, $"/api/users/{own}?links=delete", http: server.Http);
        var disabled = await SendAsync(
            HttpMethod.Post,
            $"/api/users/{own}",
            Bodies.Form(("is_disabled", "1")),
            server.Http
        );
        var demoted = await SendAsync(HttpMethod.Post, $"/api/users/{own}", Bodies.Form(("role", "user")), server.Http);

        Assert.Equal(["is_disabled"], disabled.WrongFields);
        Assert.Equal(["role"], demoted.WrongFields);
        Assert.Equal(HttpStatusCode.BadRequest, deleted.Status);
        Assert.Equal(
            "admin",
            (string)(await SendAsync(HttpMethod.Get, "/api/user", http: server.Http)).Json["data"]!["role"]!
        );
    }

    [Fact]
    public async Task An_account_with_links_is_deleted_only_with_a_choice_for_the_links()
    {
        var (id, _) = await NewUserAsync();
        using var client = await ClientOfAsync(id);
        var link = await CreateForAsync(client);

        var unsaid = await SendAsync(HttpMethod.Delete, $"/api/users/{id}");
        var toNobody = await SendAsync(HttpMethod.Delete, $"/api/users/{id}?links=transfer&to=999999");
        var still = await SendAsync(HttpMethod.Get, link, http: Server.Anonymous);

        Assert.Equal((HttpStatusCode.BadRequest, "links"), (unsaid.Status, Assert.Single(unsaid.WrongFields)));
        Assert.Equal((HttpStatusCode.BadRequest, "to"), (toNobody.Status, Assert.Single(toNobody.WrongFields)));
        Assert.Equal(HttpStatusCode.Found, still.Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/api/user", http: client)).Status);
    }

    [Fact]
    public async Task Links_of_a_deleted_account_stop_at_once_and_their_aliases_go_to_no_stranger()
    {
        var (id, _) = await NewUserAsync();
        using var client = await ClientOfAsync(id);
        var link = await CreateForAsync(client);
        var before = await SendAsync(HttpMethod.Get, link, http: Server.Anonymous);

        var deleted = await SendAsync(HttpMethod.Delete, $"/api/users/{id}?links=delete");

        Assert.Equal((HttpStatusCode.NoContent, ""), (deleted.Status, deleted.Body));
        Assert.Equal(HttpStatusCode.Found, before.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, link, http: Server.Anonymous)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/api/user", http: client)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/users/{id}")).Status);
        var taken = await PostAsync("/api/links", ("location_url", "https://example.org/"), ("url", link[1..]));
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
    }

    [Fact]
    public async Task Links_of_a_deleted_account_can_go_to_another_one_and_lead_on()
    {
        var (id, _) = await NewUserAsync();
        var (heirId, _) = await NewUserAsync();
        using var client = await ClientOfAsync(id);
        using var heir = await ClientOfAsync(heirId);
        var link = await CreateForAsync(client);

        await SendAsync(HttpMethod.Delete, $"/api/users/{id}?links=transfer&to={heirId}");

        Assert.Equal(HttpStatusCode.Found, (await SendAsync(HttpMethod.Get, link, http: Server.Anonymous)).Status);
        var list = await SendAsync(HttpMethod.Get, "/api/links", http: heir);
        Assert.Equal(link[1..], (string)list.Json["data"]![0]!["url"]!);
    }

    [Fact]
    public async Task Who_is_no_admin_gets_403_on_what_admins_do_and_the_log_remembers()
    {
        var (id, _) = await NewUserAsync();
        using var client = await ClientOfAsync(id);

        var reply = await SendAsync(HttpMethod.Get, "/api/users", http: client);

        Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
        Assert.Equal("403", (string)reply.Json["errors"]![0]!["status"]!);
        var refused = await AuditAsync("refused", id);
        Assert.Equal("GET /api/users/", (string)refused["detail"]!);
    }

    [Fact]
    public async Task The_audit_log_tells_what_was_done_to_whom_by_whom_and_is_paged()
    {
        var (id, _) = await NewUserAsync();
        await PostAsync($"/api/users/{id}", ("role", "admin"));

        var change = await AuditAsync("role_changed", id);
        var page = await GetAsync("/api/audit-log/?results_per_page=10&page=1");

        Assert.Equal("admin", (string)change["detail"]!);
        Assert.Equal("127.0.0.0/24", (string)change["network"]!);
        Assert.NotEqual(id, (long)change["actor_id"]!);
        Assert.Equal(10, page.Json["meta"]!["results_per_page"]!.GetValue<int>());
        Assert.StartsWith(
            $"{Server.Url}/api/audit-log?",
            (string)page.Json["links"]!["self"]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_audit_log_tells_of_the_first_use_of_a_key()
    {
        var (id, _) = await NewUserAsync();
        using var client = await ClientOfAsync(id);

        await SendAsync(HttpMethod.Get, "/api/user", http: client);

        Assert.NotNull(await AuditAsync("key_first_used", id));
    }

    // An event without a change is written a moment later, so the request for the log may come first.
    private async Task<System.Text.Json.Nodes.JsonNode> AuditAsync(string what, long userId)
    {
        System.Text.Json.Nodes.JsonNode? found = null;
        await Patience.UntilAsync(
            async () =>
            {
                var log = await GetAsync("/api/audit-log?results_per_page=1000");
                found = log.Json["data"]!
                    .AsArray()
                    .FirstOrDefault(line => (string)line!["event"]! == what && (long?)line["user_id"] == userId);
                return found is not null;
            },
            $"{what} in the audit log"
        );
        return found!;
    }

    private async Task<string> CreateForAsync(HttpClient client)
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form(("location_url", "https://example.org/")),
            client
        );
        return $"/{made.Json["data"]!["url"]}";
    }
}
