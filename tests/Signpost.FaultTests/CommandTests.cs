using System.Net;
using Microsoft.AspNetCore.Identity;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>The commands, as an operator types them.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task A_backup_made_under_load_is_whole_and_brings_everything_back()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"), new SeededLink("two"));
        var ledger = new Ledger(home.Links);
        var backup = Path.Combine(home.Root, "backup.db");
        await using (var server = await RunningServer.StartAsync(home))
        {
            await using (var crowd = Crowd.Gather(server.Endpoint, ledger, visitors: 4))
            {
                await crowd.Begun.OrFail("The first answer", server.Process.Said);
                var made = await SignpostProcess.RunAsync(home, ["backup", backup]);
                Assert.True(made.ExitCode == 0, made.ToString());
            }

            ledger.IsOrderly(server);
            ledger.IsAnswered(server);
            var refused = await SignpostProcess.RunAsync(home, ["restore", backup]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(
                "in use by another Signpost process",
                Assert.Single(refused.Errors),
                StringComparison.Ordinal
            );
            await server.StopAsync();
        }

        var stored = home.StoredClicks(home.Link("one").Id);
        Assert.Equal(ledger["one"].Arrived, stored);

        var restored = await SignpostProcess.RunAsync(home, ["restore", backup]);

        Assert.True(restored.ExitCode == 0, restored.ToString());
        Assert.Equal("ok", home.Ask("PRAGMA integrity_check"));
        Assert.InRange(home.StoredClicks(home.Link("one").Id), 0, stored);
        var aside = Assert.Single(Directory.GetDirectories(home.DataDirectory, "before-restore-*"));
        Assert.True(File.Exists(Path.Combine(aside, "signpost.db")));
        await using var again = await RunningServer.StartAsync(home);
        Assert.Equal(home.StoredClicks(home.Link("one").Id), await again.ClicksAsync(home.Link("one").Id));
        using var visitor = await Visitor.ConnectOrFailAsync(again.Endpoint, TestContext.Current.CancellationToken);
        var answer = await visitor.AskAsync(Visitor.Request("/two"), TestContext.Current.CancellationToken);
        Assert.Equal(302, answer.Status);
    }

    [Fact]
    public async Task A_command_reads_the_settings_file_that_the_server_reads()
    {
        await using var home = await Installation.SeededAsync();
        await File.WriteAllTextAsync(
            Path.Combine(home.Root, "appsettings.json"),
            """{"SIGNPOST_CLICK_DURABILITY":"perhaps"}""",
            TestContext.Current.CancellationToken
        );

        var refused = await SignpostProcess.RunAsync(home, ["backup", Path.Combine(home.Root, "backup.db")]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("SIGNPOST_CLICK_DURABILITY=perhaps", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_never_overwrites()
    {
        await using var home = await Installation.SeededAsync();
        var file = Path.Combine(home.Root, "precious.txt");
        await File.WriteAllTextAsync(file, "precious", TestContext.Current.CancellationToken);

        var ended = await SignpostProcess.RunAsync(home, ["backup", file]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(file, Assert.Single(ended.Errors), StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("backup", "/nonexistent/backup.db")]
    [InlineData("restore", "/nonexistent/backup.db")]
    public async Task A_file_that_cannot_be_used_is_named(string command, string file)
    {
        await using var home = await Installation.SeededAsync();

        var ended = await SignpostProcess.RunAsync(home, [command, file]);

        Assert.True(ended.ExitCode == 1, ended.ToString());
        Assert.Contains(file, Assert.Single(ended.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_than_a_backup_is_not_restored()
    {
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        var file = Path.Combine(home.Root, "holiday.jpg");
        await File.WriteAllBytesAsync(file, new byte[5_000], TestContext.Current.CancellationToken);

        var ended = await SignpostProcess.RunAsync(home, ["restore", file]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(file, Assert.Single(ended.Errors), StringComparison.Ordinal);
        Assert.Equal(1L, home.Ask("SELECT count(*) FROM links"));
    }

    [Fact]
    public async Task A_new_password_replaces_the_forgotten_one()
    {
        const string New = "a horse that nobody knows";
        await using var home = await Installation.SeededAsync();

        var ended = await SignpostProcess.RunAsync(home, ["reset-password", Installation.AdminEmail], input: New);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.DoesNotContain(ended.Output, line => line.Contains(New, StringComparison.Ordinal));
        var hash = (string)home.Ask("SELECT password_hash FROM people")!;
        var hasher = new PasswordHasher<string>();
        Assert.NotEqual(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword("", hash, New));
        Assert.NotEqual("seeded", home.Ask("SELECT security_stamp FROM people"));
    }

    [Theory]
    [InlineData("reset-password", Installation.AdminEmail, "short", "at least 8 characters")]
    [InlineData("reset-password", "nobody@example.org", "long enough", "There is no account nobody@example.org")]
    [InlineData("create-key", "nobody@example.org", "", "There is no account nobody@example.org")]
    public async Task What_an_account_command_cannot_do_it_says(string command, string email, string input, string why)
    {
        await using var home = await Installation.SeededAsync();

        var ended = await SignpostProcess.RunAsync(home, [command, email], input: input);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(why, Assert.Single(ended.Errors), StringComparison.Ordinal);
        var isAsked = ended.Output.Any(line => line.Contains("New password", StringComparison.Ordinal));
        Assert.Equal(input is "short", isAsked);
    }

    [Fact]
    public async Task A_new_password_and_a_new_key_are_in_force_at_once_beside_a_running_server()
    {
        const string New = "a horse that nobody knows";
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var server = await RunningServer.StartAsync(home);
        var ledger = new Ledger(home.Links);
        await using (var crowd = Crowd.Gather(server.Endpoint, ledger, visitors: 2))
        {
            await crowd.Begun.OrFail("The first answer", server.Process.Said);

            await ResetAsync(New);
            using var ada = new Person(server.Address);
            await ada.SignInAsync(Installation.AdminEmail, New, cancel);
            Assert.True(await ada.IsSignedInAsync(cancel));
            await ResetAsync(New + "!");
            Assert.False(await ada.IsSignedInAsync(cancel));

            var made = await SignpostProcess.RunAsync(home, ["create-key", Installation.AdminEmail]);
            Assert.True(made.ExitCode == 0, made.ToString());
            using var client = server.NewClient();
            client.DefaultRequestHeaders.Authorization = new("Bearer", Assert.Single(made.Output));
            using var answer = await client.GetAsync("/api/links/", cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        ledger.IsOrderly(server);
        ledger.IsAnswered(server);
        // On a busy machine clicks wait in the journal, and a stop leaves them there.
        await Patience.UntilAsync(
            () => Task.FromResult(ledger["one"].Arrived == home.StoredClicks(home.Link("one").Id)),
            "All clicks are stored"
        );
        await server.StopAsync();
        Assert.Equal("ok", home.Ask("PRAGMA integrity_check"));

        async Task ResetAsync(string password)
        {
            var ended = await SignpostProcess.RunAsync(
                home,
                ["reset-password", Installation.AdminEmail],
                input: password
            );
            Assert.True(ended.ExitCode == 0, ended.ToString());
        }
    }

    // A newer program must not change the tables under a server.
    [Fact]
    public async Task An_account_command_leaves_the_tables_of_a_running_server_of_an_earlier_version()
    {
        await using var home = await Installation.SeededAsync();
        await using var server = await RunningServer.StartAsync(home);
        home.Ask(
            "DELETE FROM __EFMigrationsHistory WHERE MigrationId = (SELECT max(MigrationId) FROM __EFMigrationsHistory)"
        );

        var ended = await SignpostProcess.RunAsync(home, ["create-key", Installation.AdminEmail]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("of an earlier version", Assert.Single(ended.Errors), StringComparison.Ordinal);
        Assert.Equal(1L, home.Ask("SELECT count(*) FROM api_keys"));
    }

    [Fact]
    public async Task An_account_command_waits_for_no_restore_and_changes_nothing_beside_one()
    {
        await using var home = await Installation.SeededAsync();
        await using var server = await RunningServer.StartAsync(home);
        Directory.CreateDirectory(Path.Combine(home.DataDirectory, "restore.partial"));

        var ended = await SignpostProcess.RunAsync(home, ["create-key", Installation.AdminEmail]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("in use by another Signpost process", Assert.Single(ended.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_key_opens_the_API()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync();

        var ended = await SignpostProcess.RunAsync(home, ["create-key", Installation.AdminEmail]);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        var key = Assert.Single(ended.Output);
        await using var server = await RunningServer.StartAsync(home);
        using var client = server.NewClient();
        using (var without = await client.GetAsync("/api/links/", cancel))
            Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var with = await client.GetAsync("/api/links/", cancel);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }
}
