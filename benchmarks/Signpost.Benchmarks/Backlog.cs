using System.Globalization;
using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Benchmarks;

/// <summary>
/// A journal full of clicks that nobody has stored yet, the same at each run: three tenths on the first link, the others
/// over all links, in the order of time over some days that end now. Every visitor comes from an address of their own,
/// with one of 20,000 agents.
/// </summary>
internal static class Backlog
{
    private const int Visitors = 4_000_000;
    private const int Agents = 20_000;

    private static readonly string[] Systems =
    [
        "Windows NT 10.0; Win64; x64",
        "Macintosh; Intel Mac OS X 10_15_7",
        "Linux; Android 10; K",
        "X11; Linux x86_64",
    ];

    private static readonly string[] Languages =
    [
        "en-US,en;q=0.9",
        "de-DE,de;q=0.9,en;q=0.8",
        "fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7",
        "pt-BR,pt;q=0.9",
        "ja",
        "es-ES,es;q=0.9",
    ];

    private static readonly string[] Robots =
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    ];

    /// <summary>Fills the journal of a data directory that <see cref="Seed"/> made.</summary>
    public static void Fill(string directory, int count, int links, int days)
    {
        var settings = new JournalSettings(Path.Combine(directory, "journal"), ClickDurability.Process, "benchmark");
        using var journal = new ClickJournal(settings, TimeProvider.System, NullLogger<ClickJournal>.Instance);
        journal.Identify();
        journal.Open(StoredIn(directory));

        var chance = new Random(20261122);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var start = now - days * 86_400_000L;
        for (var i = 0; i < count; i++)
            if (
                !TryAppend(
                    journal,
                    chance,
                    1 + (chance.Next(10) < 3 ? 0 : chance.Next(links)),
                    At(start, now, i, count)
                )
            )
                throw new IOException($"The journal has no room: {journal.State.Trouble}");
    }

    /// <summary>Gives all links to the account that the server's settings made, and with it to its key.</summary>
    public static async Task OwnAsync(string directory)
    {
        await using var database = new Database(Path.Combine(directory, "signpost.db"));
        await database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "UPDATE links SET account_id = (SELECT min(account_id) FROM api_keys)";
                return command.ExecuteNonQuery();
            },
            CancellationToken.None
        );
    }

    /// <summary>Puts half of the links into project 1, a third under the tag "spring", and a fifth on domain 1; the busy link is in the first two.</summary>
    public static async Task GroupAsync(string directory)
    {
        await using var database = new Database(Path.Combine(directory, "signpost.db"));
        await database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    """
                    INSERT INTO projects (id, account_id, name, color, created_at, updated_at)
                    SELECT 1, min(account_id), 'half', '#000000', 0, 0 FROM api_keys;
                    INSERT INTO domains (id, account_id, scheme, host, is_enabled, token, failed_checks, created_at, updated_at)
                    SELECT 1, min(account_id), 'https', 'go.example.org', 1, 't', 0, 0, 0 FROM api_keys;
                    INSERT INTO tags (id, account_id, name, name_key, color, created_at, updated_at)
                    SELECT 1, min(account_id), 'spring', 'spring', '#000000', 0, 0 FROM api_keys;
                    UPDATE links SET project_id = 1 WHERE id % 2 = 1;
                    UPDATE links SET domain_id = 1 WHERE id % 5 = 4;
                    INSERT INTO link_tags (link_id, tag_id) SELECT id, 1 FROM links WHERE id % 3 = 1;
                    """
                ),
            CancellationToken.None
        );
    }

    // Behind what earlier runs of a server have stored: a segment's number is never used twice.
    private static JournalPosition StoredIn(string directory)
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(directory, "signpost.db")};Mode=ReadOnly"
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT segment, \"offset\" FROM journal_positions";
        using var rows = command.ExecuteReader();
        return rows.Read() ? new(rows.GetInt64(0), rows.GetInt64(1)) : JournalPosition.Start;
    }

    private static long At(long start, long now, int number, int count) =>
        start + (long)((Int128)(now - start) * number / count);

    private static bool TryAppend(ClickJournal journal, Random chance, int link, long at)
    {
        var visitor = (uint)chance.Next(Visitors);
        var isRobot = chance.Next(20) == 0;
        var click = new Click(link, 1, at, isRobot ? ClickKind.Robot : ClickKind.Person, 302);
        var facts = new ClickFacts
        {
            Address = new IPAddress(Mixed(visitor) % 0xDF00_0000 + 0x0100_0000),
            Agent = isRobot ? Robots[visitor % 2] : AgentOf(visitor),
            Languages = Languages[visitor % Languages.Length],
            Marks = ClickMarks.SentOn,
            Referrer = ReferrerOf(chance),
            Utm = chance.Next(8) == 0 ? new LinkUtm("newsletter", "email", $"campaign-{chance.Next(40)}") : null,
        };
        return journal.TryAppend(click, facts);
    }

    // The one browser for all days: what a visitor comes with does not change.
    private static string AgentOf(uint visitor)
    {
        var agent = Mixed(visitor) % Agents;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Mozilla/5.0 ({Systems[agent % Systems.Length]}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{100 + agent % 50}.0.{agent}.0 Safari/537.36"
        );
    }

    private static string? ReferrerOf(Random chance)
    {
        if (chance.Next(3) != 0)
            return null;
        // Some far more often than others.
        var often = chance.NextDouble();
        var page = (int)(often * often * often * 3_000);
        return $"https://site{page % 300}.example/articles/{page}";
    }

    // https://github.com/skeeto/hash-prospector, a mixer of 32 bits: neighbours become strangers.
    private static uint Mixed(uint number)
    {
        number = (number ^ (number >> 16)) * 0x7FEB_352D;
        number = (number ^ (number >> 15)) * 0x846C_A68B;
        return number ^ (number >> 16);
    }
}
