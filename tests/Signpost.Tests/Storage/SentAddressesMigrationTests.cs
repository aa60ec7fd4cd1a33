using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Signpost.Storage;
using Signpost.Testing;

namespace Signpost.Tests.Storage;

/// <summary>Links that were made before addresses were kept as sent.</summary>
public sealed class SentAddressesMigrationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Links_of_the_schema_before_are_shown_followed_and_found()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-test-").FullName;
        try
        {
            var path = Path.Combine(directory, "signpost.db");
            await using (var before = new Database(path))
            await using (var db = before.ForMigrations())
                await db.GetService<IMigrator>().MigrateAsync("KeptSettings", Cancel);
            Add(path);

            await using var now = await TestServer.StartAsync(null, directory);
            var shown = await now.ReadLinkAsync(1);
            using var followed = await now.FollowAsync("promo");
            var found = await now.Http.GetFromJsonAsync<JsonElement>(
                "/api/links?location_url=https://example.com/a%2527b",
                Cancel
            );

            Assert.Equal("https://example.com/a%27b", shown.GetProperty("location_url").GetString());
            Assert.Equal("https://example.com/r", followed.Headers.NonValidated["Location"].ToString());
            Assert.Equal(1, found.GetProperty("data")[0].GetProperty("id").GetInt64());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // The first account gets the id 1 when the server starts.
    private static void Add(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False;Foreign Keys=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO links (account_id, domain_id, alias, alias_key, location_url, is_enabled, position, schedule, http_status_code,
                sensitive_content, app_linking_is_enabled, cloaking_is_enabled, forward_query_parameters_is_enabled, targeting_type, targeting,
                version, created_at, updated_at)
            VALUES (1, 0, 'promo', 'promo', 'https://example.com/a%27b', true, 0, false, 302, false, false, false, false, 'rotation',
                '{"rotation":[{"key":"1","value":"https://example.com/r"}]}', 1, 1772366400000, 1772366400000)
            """;
        command.ExecuteNonQuery();
    }
}
