using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
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
            MadeLink link;
            await using (var server = await TestServer.StartAsync(null, directory))
                link = await server.CreateLinkAsync(
                    ("location_url", "https://example.com/a%27b"),
                    ("targeting_type", "rotation"),
                    ("targeting_rotation_key[0]", "1"),
                    ("targeting_rotation_value[0]", "https://example.com/r")
                );
            Undo(Path.Combine(directory, "signpost.db"));

            await using var now = await TestServer.StartAsync(null, directory);
            var shown = await now.ReadLinkAsync(link.Id);
            using var followed = await now.FollowAsync(link.Alias);
            var found = await now.Http.GetFromJsonAsync<JsonElement>(
                "/api/links?location_url=https://example.com/a%2527b",
                Cancel
            );

            Assert.Equal("https://example.com/a%27b", shown.GetProperty("location_url").GetString());
            Assert.Equal("https://example.com/r", followed.Headers.NonValidated["Location"].ToString());
            Assert.Equal(link.Id, found.GetProperty("data")[0].GetProperty("id").GetInt64());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Undo(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            DROP TRIGGER links_grouped; DROP TRIGGER links_ungrouped; DROP TRIGGER links_regrouped;
            DROP TRIGGER links_indexed; DROP TRIGGER links_unindexed; DROP TRIGGER links_reindexed;
            DROP TABLE link_texts; DROP TABLE link_groups; DROP TABLE unranked_links;
            DROP INDEX links_by_alias; DROP INDEX links_by_clicks; DROP INDEX links_by_creation; DROP INDEX links_by_destination;
            DROP INDEX links_by_domain; DROP INDEX links_by_edit; DROP INDEX links_by_id; DROP INDEX links_by_project;
            DROP INDEX links_by_state;
            ALTER TABLE links DROP COLUMN ranked_clicks;
            CREATE INDEX "IX_links_account_id_id" ON links (account_id, id);
            DROP TABLE former_destinations;
            ALTER TABLE links DROP COLUMN location_hash;
            ALTER TABLE links DROP COLUMN location_sent;
            ALTER TABLE links DROP COLUMN expiration_sent;
            DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" LIKE '%_SentAddresses' OR "MigrationId" LIKE '%_FastLists';
            """;
        command.ExecuteNonQuery();
    }
}
