using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.ClickStore.Chunks;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Clicks;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Jobs;

/// <summary>
/// A server with a person who has links on a domain and on the main one, in a project, with a pixel, and with clicks of a
/// day that is closed and of today.
/// </summary>
internal sealed class JobsFixture : IAsyncDisposable
{
    public const string Host = "go.example";
    public const int OnDomain = 9;
    public const int OnMain = 4;
    private static readonly Guid Journal = new("0190a0b1-0000-7000-8000-000000000099");

    private static readonly string[] Changing =
    [
        "SELECT id, account_id, project_id, domain_id, alias_key, version FROM links ORDER BY id",
        "SELECT link_id, version, source, person_id, key_id, fields, before FROM link_versions ORDER BY 1, 2",
        "SELECT link_id, kind, count FROM link_counts ORDER BY 1, 2",
        "SELECT kind, subject, cursor FROM jobs ORDER BY id",
        "SELECT domain_id, alias_key FROM reserved_aliases ORDER BY 1, 2",
        "SELECT domain_id, alias_key, account_id FROM retired_aliases ORDER BY 1, 2",
        "SELECT link_id, pixel_id FROM link_pixels ORDER BY 1, 2",
        "SELECT id, account_id FROM pixels ORDER BY id",
        "SELECT id, account_id FROM projects ORDER BY id",
        "SELECT id, account_id FROM domains ORDER BY id",
        "SELECT id FROM accounts ORDER BY id",
        "SELECT account_id, event FROM audit_log ORDER BY id",
        "SELECT id, totals FROM rollups ORDER BY id",
        "SELECT id FROM stale_rollups ORDER BY id",
        "SELECT id, number, data FROM day_columns ORDER BY 1, 2",
        "SELECT id, count FROM click_chunks ORDER BY id",
        "SELECT coalesce(sum(count), 0) FROM click_blocks",
        "SELECT domain_id, alias FROM orphan_visits ORDER BY 1, 2",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("signpost-jobs-").FullName;
    private string _key = "";

    public ManualClock Clock { get; } = new();
    public TestServer Server { get; private set; } = null!;
    public HttpClient Owner { get; private set; } = null!;
    public long OwnerId { get; private set; }
    public long HeirId { get; private set; }
    public long Domain { get; private set; }
    public long Project { get; private set; }
    public long Pixel { get; private set; }
    public long SplashPage { get; private set; }
    public List<long> Links { get; } = [];
    public Slices Slices => Server.Services.GetRequiredService<Slices>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<JobsFixture> MakeAsync()
    {
        var jobs = new JobsFixture();
        await jobs.StartAsync();
        await jobs.SeedAsync();
        return jobs;
    }

    /// <summary>Stops the server where it is and starts another one on the same directory.</summary>
    public async Task RestartAsync()
    {
        Owner.Dispose();
        await Server.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Waits until no job is left.</summary>
    public Task UntilDoneAsync() =>
        Patience.UntilAsync(() => Task.FromResult(Ask("SELECT count(*) FROM jobs") == "0"), "The end of all jobs");

    /// <summary>Sends a request, and moves the clock until the response arrives.</summary>
    public async Task<HttpStatusCode> DeleteAsync(HttpClient http, string path)
    {
        var sent = http.DeleteAsync(path, Cancel);
        await Clock.UntilAsync(() => sent.IsCompleted, TimeSpan.FromMilliseconds(100), $"The answer to DELETE {path}");
        using var answer = await sent;
        return answer.StatusCode;
    }

    /// <summary>"found", or the status.</summary>
    public async Task<string> FollowAsync(string alias, string? host)
    {
        using var answer = host is null
            ? await Server.FollowAsync(alias)
            : await Server.FollowAsync(alias, null, ("Host", host));
        return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect
            ? "found"
            : $"{(int)answer.StatusCode}";
    }

    public async Task<JsonElement?> GetAsync(string path)
    {
        using var answer = await Owner.GetAsync(path, Cancel);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel) : null;
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(
        string path,
        HttpClient? http,
        params (string Name, string Value)[] fields
    )
    {
        var form = fields.Select(field => KeyValuePair.Create(field.Name, field.Value));
        using var answer = await (http ?? Owner).PostAsync(path, new FormUrlEncodedContent(form), Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    public string Ask(string sql)
    {
        using var connection = Server.Database.OpenRead();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        StringBuilder all = new();
        while (rows.Read())
            all.AppendJoin(' ', Enumerable.Range(0, rows.FieldCount).Select(column => TextOf(rows.GetValue(column))))
                .Append('\n');
        return $"{all}".TrimEnd('\n');
    }

    private static string TextOf(object value) => value is byte[] bytes ? Convert.ToHexString(bytes) : $"{value}";

    /// <summary>Everything that a deletion or a move may change.</summary>
    public string Everything() => string.Join("\n--\n", Changing.Select(Ask));

    /// <summary>Rebuilds stale rollups.</summary>
    public Task CloseAsync() => Server.Services.GetRequiredService<RollupJob>().CloseAsync(Cancel);

    /// <summary>Counts all days again from the clicks; returns how many rollups differed.</summary>
    public async Task<long> DifferingAsync()
    {
        var keeper = Server.Services.GetRequiredService<RollupJob>();
        await Server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);
        await keeper.CloseAsync(Cancel);
        var rebuild = new RollupRebuild(Clock.GetUtcNow());
        await keeper.RebuildAsync(rebuild, Cancel);
        return rebuild.Differing;
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartAsync()
    {
        Server = await TestServer.StartAsync(Clock, _directory);
        Owner = Server.NewClient(_key);
    }

    private async Task SeedAsync()
    {
        OwnerId = await MakePersonAsync("eve");
        HeirId = await MakePersonAsync("bob");
        var key = await PostAsync($"/api/users/{OwnerId}/api-keys", Server.Http, ("name", "hers"));
        _key = DataOf(key.Body).GetProperty("key").GetString()!;
        Owner.Dispose();
        Owner = Server.NewClient(_key);
        Project = IdOf(await PostAsync("/api/projects", null, ("name", "Shop")));
        Pixel = IdOf(
            await PostAsync("/api/pixels", null, ("type", "facebook"), ("name", "P"), ("pixel", "1234567890123"))
        );
        SplashPage = IdOf(await PostAsync("/api/splash-pages", null, ("name", "S")));
        Domain = IdOf(await PostAsync("/api/domains", null, ("host", Host)));
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "UPDATE domains SET verified_at = 1; INSERT INTO orphan_visits VALUES (1, 2, 'x', 3)"
                ),
            Cancel
        );
        Server.Services.GetRequiredService<ChangeFeed>().PublishDomain(new(Host));
        for (var i = 0; i < OnDomain + OnMain; i++)
            Links.Add(
                IdOf(
                    await PostAsync(
                        "/api/links",
                        null,
                        ("url", $"a{i}"),
                        ("domain_id", i < OnDomain ? $"{Domain}" : "0"),
                        ("location_url", "https://example.org/"),
                        ("project_id", i % 2 == 0 ? $"{Project}" : ""),
                        ("pixels_ids[]", $"{Pixel}"),
                        ("splash_page_id", $"{SplashPage}")
                    )
                )
            );
        await StoreAsync(0, Clock.GetUtcNow().AddDays(-1).ToUnixTimeSeconds());
        await Server.Services.GetRequiredService<ClickCompactor>().CompactAsync(Cancel);
        await Server.Services.GetRequiredService<RollupJob>().CloseAsync(Cancel);
        await StoreAsync(1, Clock.GetUtcNow().ToUnixTimeSeconds());
    }

    private async Task<long> MakePersonAsync(string name) =>
        IdOf(
            await PostAsync(
                "/api/users",
                Server.Http,
                ("email", $"{name}@example.org"),
                ("password", TestServer.AdminPassword)
            )
        );

    private async Task StoreAsync(int batch, long at)
    {
        var rows = Links
            .SelectMany(link => Enumerable.Range(0, 5).Select(visitor => (link, visitor)))
            .Select(click =>
                PlainClick.On(click.link, at, (ulong)(click.link * 100 + click.visitor)) with
                {
                    Target = new($"https://example.org/{click.link}", null),
                }
            )
            .ToList();
        var clicks = rows.Select(row => new Click(row.LinkId, 1, row.AtSeconds * 1_000, row.Kind, row.Status)).ToList();
        var stored = new ClickBatch(Position(batch), Position(batch + 1), clicks) { Rows = rows };
        Assert.True(await Server.Services.GetRequiredService<IClickStore>().AppendAsync(Journal, stored, Cancel));
    }

    private static JournalPosition Position(int batch) => batch == 0 ? JournalPosition.Start : new(batch, 0);

    private static JsonElement DataOf(string body) => JsonDocument.Parse(body).RootElement.GetProperty("data");

    private static long IdOf((HttpStatusCode Status, string Body) made)
    {
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return DataOf(made.Body).GetProperty("id").GetInt64();
    }
}
