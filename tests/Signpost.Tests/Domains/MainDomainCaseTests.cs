using System.Net;
using System.Text.Json.Nodes;
using Signpost.Commands;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Domains;

/// <summary>The rule of the main domain: the setting, and the command that changes it.</summary>
public sealed class MainDomainCaseTests
{
    private const string Setting = "SIGNPOST_CASE_SENSITIVE_ALIASES";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_command_changes_the_main_domain_and_a_setting_that_does_not_fit_is_refused()
    {
        var directory = Directory.CreateTempSubdirectory("signpost-case-").FullName;
        try
        {
            await using (var server = await TestServer.StartAsync(null, directory, (Setting, "off")))
            {
                await server.CreateLinkAsync(("url", "Sale"));
                Assert.Equal(HttpStatusCode.Redirect, await FollowAsync(server, "sale"));
            }

            var wrong = await Assert.ThrowsAsync<StartException>(() =>
                TestServer.StartAsync(null, directory, (Setting, "on"))
            );
            Assert.EndsWith("run: signpost change-case on", wrong.Message, StringComparison.Ordinal);
            Assert.Contains(
                "another case than the alias's own: 1.",
                await RunAsync("status"),
                StringComparison.Ordinal
            );
            Assert.Contains("are now case-sensitive", await RunAsync("on"), StringComparison.Ordinal);

            await using (
                var server = await TestServer.StartAsync(
                    null,
                    directory,
                    (Setting, "on"),
                    ("SIGNPOST_PUBLIC_URL", "http://go.example")
                )
            )
            {
                server.Anonymous.DefaultRequestHeaders.Host = server.Http.DefaultRequestHeaders.Host = "go.example";
                await Patience.UntilAsync(
                    async () => await FollowAsync(server, "sale") == HttpStatusCode.NotFound,
                    "The end of the change"
                );
                Assert.Equal(HttpStatusCode.Redirect, await FollowAsync(server, "Sale"));
                await server.CreateLinkAsync(("url", "sale"));
                await server.CreateLinkAsync(("url", "Loop"), ("location_url", "http://go.example/LOOP"));
                // The routes ignore case.
                Assert.Equal(HttpStatusCode.OK, await FollowAsync(server, "HEALTHZ"));
            }

            Assert.Contains("differ only in case: Sale, sale.", await RunAsync("status"), StringComparison.Ordinal);
            Assert.Contains("would lead to themselves: Loop.", await RunAsync("status"), StringComparison.Ordinal);
            var refused = await Assert.ThrowsAsync<StartException>(() => RunAsync("off"));
            Assert.Equal(
                "These aliases differ only in case: Sale, sale. Without case, these links would lead to themselves: Loop. "
                    + "Nothing was changed.",
                refused.Message
            );
            await Assert.ThrowsAsync<StartException>(() => RunAsync("perhaps"));
        }
        finally
        {
            await TestPostgres.DropAsync(directory);
            Directory.Delete(directory, recursive: true);
        }

        async Task<string> RunAsync(string wanted)
        {
            using var output = new StringWriter();
            await CommandLine.RunAsync(
                [
                    "change-case",
                    wanted,
                    $"--SIGNPOST_DATA_DIR={directory}",
                    "--SIGNPOST_PUBLIC_URL=http://go.example",
                    .. TestPostgres.IsChosen
                        ? [$"--SIGNPOST_DATABASE_URL={await TestPostgres.OfDirectoryAsync(directory)}"]
                        : (string[])[],
                ],
                TextReader.Null,
                output,
                () => Task.FromResult(0)
            );
            return output.ToString();
        }
    }

    [Fact]
    public async Task A_link_does_not_move_to_an_alias_that_another_account_gave_up_in_an_unknown_spelling()
    {
        await using var server = await TestServer.StartAsync((Setting, "on"));
        using var form = Bodies.Form(("host", "moving.example"), ("is_case_sensitive", "1"));
        using var made = await server.Http.PostAsync("/api/domains", form, Cancel);
        var domain = (await JsonOfAsync(made))["data"]!["id"]!.GetValue<long>();
        // As before the upgrade to the version that keeps the spelling; and one of which it is kept.
        await RunSqlAsync(
            server,
            $"""
            UPDATE domains SET verified_at = 1 WHERE id = {domain};
            INSERT INTO retired_aliases (domain_id, alias_key, alias, account_id, until)
            VALUES (0, 'old', '', 987654321, {long.MaxValue}), (0, 'new', 'new', 987654321, {long.MaxValue})
            """
        );
        foreach (var alias in (string[])["Old", "New"])
            await server.CreateLinkAsync(("url", alias), ("domain_id", $"{domain}"));

        using var refused = await server.Http.DeleteAsync($"/api/domains/{domain}?links=move", Cancel);
        var titles = (await JsonOfAsync(refused))["errors"]!
            .AsArray()
            .Select(error => error!["title"]!.GetValue<string>());
        Assert.Equal(["The alias Old is taken or reserved on the main domain."], titles);

        await RunSqlAsync(server, "UPDATE retired_aliases SET until = 1 WHERE alias = ''");
        using var moved = await server.Http.DeleteAsync($"/api/domains/{domain}?links=move", Cancel);
        Assert.Equal(HttpStatusCode.NoContent, moved.StatusCode);
        foreach (var alias in (string[])["Old", "New"])
            Assert.Equal(HttpStatusCode.Redirect, await FollowAsync(server, alias));
    }

    [Theory]
    [InlineData("INSERT INTO jobs (kind, subject, account_id, domain_id, is_guest) VALUES (3, 5, 1, 0, FALSE)")]
    [InlineData("INSERT INTO jobs (kind, subject, account_id, domain_id, is_guest) VALUES (4, 5, 1, 0, FALSE)")]
    [InlineData("INSERT INTO reserved_aliases (domain_id, alias_key, job_id) VALUES (0, 'sale', 1)")]
    public async Task The_setting_changes_nothing_while_links_move_to_the_main_domain(string moving)
    {
        var directory = Directory.CreateTempSubdirectory("signpost-case-").FullName;
        try
        {
            await using (var database = TestDatabase.Open(directory))
            {
                await Schema.ApplyAsync(database, Cancel);
                await database.WriteRawAsync((connection, transaction) => connection.Run(transaction, moving), Cancel);
            }

            await Assert.ThrowsAsync<StartException>(() => TestServer.StartAsync(null, directory, (Setting, "on")));
        }
        finally
        {
            await TestPostgres.DropAsync(directory);
            Directory.Delete(directory, recursive: true);
        }
    }

    private static Task<int> RunSqlAsync(TestServer server, string sql) =>
        server.Database.WriteRawAsync((connection, transaction) => connection.Run(transaction, sql), Cancel);

    private static async Task<JsonNode> JsonOfAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;

    private static async Task<HttpStatusCode> FollowAsync(TestServer server, string path)
    {
        using var response = await server.FollowAsync(path);
        return response.StatusCode;
    }
}
