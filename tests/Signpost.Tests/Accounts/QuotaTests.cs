using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Links;
using Signpost.Links.Versions;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Files;
using Signpost.Tests.Links;
using Person = Signpost.Testing.Person;

namespace Signpost.Tests.Accounts;

/// <summary>An account has a limited number of links, bytes of pictures and bytes of kept responses.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private const int Links = 40;
    private const int Megabyte = 1 << 20;

    private readonly ManualClock _clock = new();
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(
            _clock,
            null,
            ("SIGNPOST_LINKS_PER_ACCOUNT", $"{Links}"),
            ("SIGNPOST_PICTURES_MB_PER_ACCOUNT", "1")
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Links_created_at_the_same_time_reach_the_limit_exactly()
    {
        using var stranger = await Strangers.NewAsync(_server, "UTC", Cancel);
        var singles = Enumerable.Range(0, 30).Select(_ => CreateAsync());
        var bulks = Enumerable.Range(0, 10).Select(_ => BulkAsync(7));
        var replies = await Task.WhenAll(singles.Concat(bulks));
        var rest = await Task.WhenAll(Enumerable.Range(0, Links).Select(_ => CreateAsync()));

        Assert.All(replies.Concat(rest).Where(reply => reply.Status != HttpStatusCode.Created), IsRefused);
        Assert.Equal(Links, await ScalarAsync("SELECT count(*) FROM links WHERE account_id = 1"));
        var bulk = await BulkAsync(3);
        Assert.Equal(["location_urls"], bulk.WrongFields);
        Assert.Contains("has at most 40 links (SIGNPOST_LINKS_PER_ACCOUNT)", bulk.Body, StringComparison.Ordinal);
        Assert.Contains("has 40, and 3 more were sent", bulk.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(stranger)).Status);

        static void IsRefused(Reply reply) => Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
    }

    [Fact]
    public async Task A_deleted_link_makes_room_for_another_one()
    {
        var made = await BulkAsync(Links);
        var full = await CreateAsync();
        var id = made.Json["data"]!["ids"]![0];

        await SendAsync(HttpMethod.Delete, $"/api/links/{id}?permanent=1");

        Assert.Equal(HttpStatusCode.BadRequest, full.Status);
        Assert.Equal(["location_url"], full.WrongFields);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync()).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CreateAsync()).Status);
    }

    [Fact]
    public async Task Pictures_uploaded_at_the_same_time_stay_within_the_limit()
    {
        var replies = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => UploadAsync("/api/links", ("cloaking_opengraph", 300_000)))
        );

        var refused = replies.Where(reply => reply.Status != HttpStatusCode.Created).ToList();
        Assert.Equal(9, refused.Count);
        Assert.All(refused, reply => Assert.Equal(["cloaking_opengraph"], reply.WrongFields));
        Assert.Contains(
            "1,048,576 bytes of pictures (SIGNPOST_PICTURES_MB_PER_ACCOUNT)",
            refused[0].Body,
            StringComparison.Ordinal
        );
        Assert.Equal(900_000, await ScalarAsync("SELECT sum(length(content)) FROM files"));
        Assert.Equal(3, await ScalarAsync("SELECT count(*) FROM links"));
    }

    [Fact]
    public async Task A_replaced_or_removed_picture_frees_its_bytes()
    {
        var id = (await UploadAsync("/api/links", ("cloaking_favicon", Megabyte))).Json["data"]!["id"];
        var path = $"/api/links/{id}";

        var beside = await UploadAsync(path, ("cloaking_opengraph", 1_000));
        var same = await UploadAsync(path, ("cloaking_favicon", Megabyte));
        var smaller = await UploadAsync(path, ("cloaking_favicon", 1_000));
        var both = await UploadAsync(path, ("cloaking_favicon", 500_000), ("cloaking_opengraph", 600_000));
        var other = await UploadAsync(path, ("cloaking_opengraph", Megabyte - 1_000));
        var cleared = await SendAsync(HttpMethod.Post, path, Bodies.Form(("cloaking_opengraph", "")));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (beside.Status, same.Status));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (smaller.Status, both.Status));
        Assert.Equal(["cloaking_favicon", "cloaking_opengraph"], both.WrongFields);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (other.Status, cleared.Status));
        Assert.Equal(1_000, await ScalarAsync("SELECT picture_bytes FROM accounts WHERE id = 1"));
    }

    [Fact]
    public async Task A_replaced_picture_stays_90_days_for_the_versions_that_name_it_and_the_oldest_goes_beyond_the_limit()
    {
        var id = (await UploadAsync("/api/links", ("cloaking_favicon", 600_000))).Json["data"]!["id"];
        var path = $"/api/links/{id}";
        await UploadAsync(path, ("cloaking_favicon", 500_000));
        _clock.Advance(TimeSpan.FromMinutes(1));
        await UploadAsync(path, ("cloaking_favicon", 700));
        var beyond = await ScalarAsync("SELECT sum(length(content)) FROM files");

        var first = await SendAsync(HttpMethod.Post, $"{path}/versions/1/restore", Bodies.Form());
        var second = await SendAsync(HttpMethod.Post, $"{path}/versions/2/restore", Bodies.Form());
        var restored = await ScalarAsync("SELECT picture_bytes FROM accounts WHERE id = 1");
        var until = await ScalarAsync("SELECT kept_until FROM files WHERE kept_until IS NOT NULL");
        var left = DateTimeOffset.FromUnixTimeMilliseconds(until) - _clock.GetUtcNow();
        // The clock would need minutes for 90 days.
        await _server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "UPDATE files SET kept_until = kept_until - @shift WHERE kept_until IS NOT NULL",
                    ("@shift", (long)TimeSpan.FromDays(89.5).TotalMilliseconds)
                ),
            Cancel
        );
        var before = await ScalarAsync("SELECT count(*) FROM files");
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(500_700, beyond);
        Assert.Contains("not kept any more", first.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, 500_000), (second.Status, restored));
        Assert.Equal((TimeSpan.FromDays(90), 2), (left, before));
        await Patience.UntilAsync(
            async () => await ScalarAsync("SELECT count(*) FROM files") == 1,
            "The former picture is gone"
        );
        Assert.Equal(500_000, await ScalarAsync("SELECT sum(length(content)) FROM files"));
    }

    [Fact]
    public async Task A_picture_that_goes_between_the_check_and_the_write_of_a_restore_is_a_warning()
    {
        var id = (long)(await UploadAsync("/api/links", ("cloaking_favicon", 1_000))).Json["data"]!["id"]!;
        await UploadAsync($"/api/links/{id}", ("cloaking_favicon", 700));
        var caller = new Caller(
            1,
            1,
            TimeZoneInfo.Utc,
            true,
            Scopes.All,
            new Credential.Session(1),
            new Origin(null, "")
        );
        var restore = _server.Services.GetRequiredService<VersionRestore>();
        var changes = (await restore.ReadAsync(caller, id, 1, null, Cancel))!;
        await _server.Database.WriteRawAsync(
            (connection, transaction) => connection.Run(transaction, "DELETE FROM files WHERE kept_until IS NOT NULL"),
            Cancel
        );

        var edited = await _server
            .Services.GetRequiredService<LinkEditor>()
            .UpdateAsync(caller, id, changes, null, Cancel);

        Assert.IsType<EditResult<ResourceId>.Done>(edited);
        Assert.Contains("not kept any more", Assert.Single(changes.Warnings).Title, StringComparison.Ordinal);
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM files JOIN links ON cloaking_favicon = name"));
    }

    [Fact]
    public async Task Former_pictures_that_move_with_their_link_stay_within_the_limit_and_shared_ones_count_once()
    {
        var team = (await SendAsync(HttpMethod.Post, "/api/teams", Bodies.Form(("name", "T")))).Json["data"]!["id"];
        foreach (var _ in (int[])[1, 2])
        {
            var id = (await UploadAsync("/api/links", ("cloaking_favicon", 600_000))).Json["data"]!["id"];
            await UploadAsync($"/api/links/{id}", ("cloaking_favicon", 700));
            var body = Bodies.Form(("team_id", $"{team}"));
            var moved = await SendAsync(HttpMethod.Post, $"/api/links/{id}/move", body);
            Assert.True(moved.Status == HttpStatusCode.OK, moved.Body);
        }

        using var bulk = Bodies
            .Multipart(("is_bulk", "1"), ("location_urls", "https://example.org/1\nhttps://example.org/2"))
            .WithFile("cloaking_favicon", Pictures.PngOfLength(600_000));
        var shared = (await SendAsync(HttpMethod.Post, "/api/links", bulk)).Json["data"]!["ids"]![0];
        await UploadAsync($"/api/links/{shared}", ("cloaking_favicon", 700));
        var restored = await SendAsync(HttpMethod.Post, $"/api/links/{shared}/versions/1/restore", Bodies.Form());

        Assert.Equal(
            600_000,
            await ScalarAsync(
                $"SELECT sum(length(content)) FROM files WHERE account_id = {team} AND length(content) > 700"
            )
        );
        Assert.True(restored.Status == HttpStatusCode.OK, restored.Body);
        Assert.Equal(600_000, await ScalarAsync("SELECT picture_bytes FROM accounts WHERE id = 1"));
    }

    [Fact]
    public async Task The_links_of_a_bulk_share_the_bytes_of_their_picture_until_the_last_one_goes()
    {
        using var body = Bodies
            .Multipart(("is_bulk", "1"), ("location_urls", "https://example.org/1\nhttps://example.org/2"))
            .WithFile("cloaking_favicon", Pictures.PngOfLength(700_000));
        var ids = (await SendAsync(HttpMethod.Post, "/api/links", body)).Json["data"]!["ids"]!.AsArray();

        var first = await UploadAsync($"/api/links/{ids[0]}", ("cloaking_favicon", 700_000));
        await SendAsync(HttpMethod.Delete, $"/api/links/{ids[0]}?permanent=1");
        var last = await UploadAsync($"/api/links/{ids[1]}", ("cloaking_favicon", 800_000));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (first.Status, last.Status));
        Assert.Equal(800_000, await ScalarAsync("SELECT picture_bytes FROM accounts WHERE id = 1"));
    }

    [Fact]
    public async Task The_numbers_follow_links_and_pictures_that_change_owner_or_go_in_jobs()
    {
        foreach (var email in (string[])["grace@example.org", "eve@example.org"])
        {
            using var client = await NewUserAsync(email);
            await UploadAsync("/api/links", client, ("cloaking_favicon", 5_000));
            await BulkAsync(4, client);
        }

        await SendAsync(HttpMethod.Delete, "/api/users/2?links=transfer&to=1");
        var afterTransfer = await UsageAsync();
        await SendAsync(HttpMethod.Delete, "/api/users/3?links=delete");
        var own = (await SendAsync(HttpMethod.Get, "/api/user")).Json["data"]!["plan_settings"]!;

        Assert.Equal("1: 5 5000; 3: 5 5000", afterTransfer);
        Assert.Equal("1: 5 5000", await UsageAsync());
        Assert.Equal((5, 5_000), ((int)own["links_used"]!, (int)own["pictures_bytes_used"]!));
    }

    [Fact]
    public async Task Kept_responses_have_a_limit_that_a_day_frees()
    {
        await KeepAsync(50 * Megabyte - 2_000);

        var fits = await CreateAsync(headers: ("Idempotency-Key", "1"));
        var full = await CreateAsync(headers: ("Idempotency-Key", "2"));
        var again = await CreateAsync(headers: ("Idempotency-Key", "1"));
        var without = await CreateAsync();
        _clock.Advance(TimeSpan.FromHours(24));
        var nextDay = await CreateAsync(headers: ("Idempotency-Key", "2"));

        Assert.Equal(fits.Body, again.Body);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.TooManyRequests), (fits.Status, full.Status));
        Assert.Equal(["Idempotency-Key"], full.WrongFields);
        Assert.Contains("At most 52,428,800 bytes of responses are kept", full.Body, StringComparison.Ordinal);
        Assert.Equal("3600", full.Headers["Retry-After"]);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (without.Status, nextDay.Status));
        Assert.Equal(3, await ScalarAsync("SELECT count(*) FROM links"));
        Assert.Equal(1, await ScalarAsync("SELECT count(*) FROM kept_answers"));
    }

    [Fact]
    public async Task An_account_reads_its_limits_and_how_much_is_used()
    {
        await BulkAsync(3);
        await UploadAsync("/api/links", ("cloaking_favicon", 2_000));
        using var ada = new Person(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        var own = (await SendAsync(HttpMethod.Get, "/api/user")).Json["data"]!;

        Assert.Equal(
            """{"links_limit":40,"links_used":4,"pictures_bytes_limit":1048576,"pictures_bytes_used":2000,"kept_responses_bytes_limit":52428800,"kept_responses_bytes_used":0,"projects_limit":-1,"pixels_limit":-1,"splash_pages_limit":-1,"domains_limit":-1,"api_keys_limit":100}""",
            own["plan_settings"]!.ToJsonString()
        );
        Assert.Equal(
            ("users", "custom", "{}"),
            ((string)own["type"]!, (string)own["plan_id"]!, own["billing"]!.ToJsonString())
        );
        Assert.True(own.AsObject().ContainsKey("plan_expiration_date") && own.AsObject().ContainsKey("country"));
        Assert.Null(own["plan_expiration_date"] ?? own["country"]);
        Assert.True((bool)own["is_enabled"]! && !(bool)own["plan_trial_done"]!);
        Assert.Equal((1, "2026-03-01 12:00:00"), ((int)own["total_logins"]!, (string)own["last_activity"]!));
    }

    [Fact]
    public async Task Without_a_limit_the_plan_says_minus_one()
    {
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_LINKS_PER_ACCOUNT", "0"),
            ("SIGNPOST_PICTURES_MB_PER_ACCOUNT", "0")
        );

        var own = JsonNode.Parse(await server.Http.GetStringAsync("/api/user", Cancel))!["data"]!["plan_settings"]!;
        using var body = Bodies
            .Multipart(("location_url", "https://example.org/"))
            .WithFile("cloaking_favicon", Pictures.PngOfLength(Megabyte));
        using var reply = await server.Http.PostAsync("/api/links", body, Cancel);

        Assert.Equal((-1, -1), ((int)own["links_limit"]!, (int)own["pictures_bytes_limit"]!));
        Assert.Equal(HttpStatusCode.Created, reply.StatusCode);
    }

    private Task<Reply> CreateAsync(HttpClient? http = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, "/api/links", Bodies.Form(("location_url", "https://example.org/")), http, headers);

    private Task<Reply> BulkAsync(int count, HttpClient? http = null)
    {
        var lines = string.Join('\n', Enumerable.Repeat("https://example.org/", count));
        return SendAsync(HttpMethod.Post, "/api/links", Bodies.Form(("is_bulk", "1"), ("location_urls", lines)), http);
    }

    private Task<Reply> UploadAsync(string path, params (string Name, int Length)[] files) =>
        UploadAsync(path, null, files);

    private async Task<Reply> UploadAsync(string path, HttpClient? http, params (string Name, int Length)[] files)
    {
        using var body = Bodies.Multipart(("location_url", "https://example.org/"));
        foreach (var (name, length) in files)
            body.WithFile(name, Pictures.PngOfLength(length));
        return await SendAsync(HttpMethod.Post, path, body, http);
    }

    private async Task<Reply> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? body = null,
        HttpClient? http = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await (http ?? _server.Http).SendAsync(request, Cancel);
        return new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(Cancel),
            response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value))
        );
    }

    private async Task<HttpClient> NewUserAsync(string email)
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/users",
            Bodies.Form(("email", email), ("password", TestServer.AdminPassword))
        );
        var key = await SendAsync(HttpMethod.Post, $"/api/users/{made.Json["data"]!["id"]}/api-keys");
        return _server.NewClient((string)key.Json["data"]!["key"]!);
    }

    private Task<int> KeepAsync(int bytes) =>
        _server.Database.WriteAsync(
            db =>
            {
                db.KeptResponses.Add(
                    new()
                    {
                        AccountId = 1,
                        Key = "earlier",
                        Path = "",
                        Meaning = [],
                        Status = 201,
                        Body = new byte[bytes],
                        CreatedAt = _clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    }
                );
                return db.SaveChangesAsync(Cancel);
            },
            Cancel
        );

    private Task<string> UsageAsync() =>
        ReadAsync<string>(
            """
            SELECT string_agg(id || ': ' || link_count || ' ' || picture_bytes, '; ' ORDER BY id) FROM accounts
            WHERE link_count = (SELECT count(*) FROM links WHERE account_id = accounts.id)
                AND picture_bytes = (SELECT coalesce(sum(length(content)), 0) FROM files WHERE account_id = accounts.id)
            """
        );

    private Task<long> ScalarAsync(string sql) => ReadAsync<long>(sql);

    private async Task<T> ReadAsync<T>(string sql)
    {
        await using var connection = _server.Database.OpenRead();
        await using var command = connection.Command(null, sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
