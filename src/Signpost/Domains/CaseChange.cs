using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Changes.Jobs;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>
/// Changes whether case matters in the aliases of a domain. The new rule holds for new links at once, and the others get their new
/// keys in slices; until the end, visitors' requests look for both keys. If case shall no longer matter and a new link collides with one
/// that has its old key, the change turns around.
/// </summary>
internal sealed partial class CaseChange(Database database, CaseRules rules, Slices slices, ILogger<CaseChange> logger)
    : IJobWorker
{
    private const string Retired = "retired ";
    private const string Links = "links ";

    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.ChangeCase];

    /// <summary>Why a change cannot begin now, as a sentence; null: it can. Call it in the transaction of <see cref="Begin"/>.</summary>
    public static async Task<string?> ProblemAsync(SignpostDb db, long domainId, CancellationToken cancel)
    {
        if (await IsRunningAsync(db, [domainId], cancel))
            return "The links of the domain are still being changed. Try again later.";
        return await db.Jobs.AnyAsync(
            job =>
                (job.Kind == JobKind.MoveDomain || job.Kind == JobKind.GiveUpMove)
                && (domainId == 0 || job.Subject == domainId),
            cancel
        )
            ? "Links are being moved to the main domain. Try again later."
            : null;
    }

    /// <summary>Whether one of the domains changes its rule.</summary>
    public static Task<bool> IsRunningAsync(SignpostDb db, long[] domains, CancellationToken cancel) =>
        db.Jobs.AnyAsync(job => job.Kind == JobKind.ChangeCase && domains.Contains(job.Subject), cancel);

    /// <summary>Adds the job. The caller stores the new rule in the same transaction, and has the rules in memory read after it.</summary>
    public static Job Begin(SignpostDb db, long domainId, long accountId)
    {
        var job = new Job
        {
            Kind = JobKind.ChangeCase,
            Subject = domainId,
            AccountId = accountId,
        };
        db.Jobs.Add(job);
        return job;
    }

    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        // No key changes before requests look for both.
        rules.Reload();
        await slices.RunAsync(slice => ChangeLinks(slice, job), cancel);
        // All links have their new keys, so none that is deleted now retires its old one.
        await slices.RunAsync(slice => ChangeRetired(slice, job), cancel);
        await slices.RunAsync(
            slice =>
            {
                database.AfterCommit(rules.Reload);
                return slice.End(job);
            },
            cancel
        );
    }

    private int ChangeLinks(Slice slice, Job job)
    {
        var cursor = CursorOf(slice, job) ?? Links;
        // Null: the domain was deleted.
        if (!cursor.StartsWith(Links, StringComparison.Ordinal) || RuleOf(slice, job) is not { } rule)
            return 0;

        var links = ReadLinks(slice, job.Subject, cursor[Links.Length..]);
        if (links is not [.., var last])
            return SetCursor(slice, job, Retired);

        List<ChangedKey> changed =
        [
            .. links
                .Select(link => new ChangedKey(link.Id, link.Alias, link.Key, Alias.KeyOf(link.Alias, rule)))
                .Where(link => link.NewKey != link.Key),
        ];
        if (rule is AliasCase.Ignored && FirstCollision(slice, job.Subject, changed) is { } alias)
            return TurnAround(slice, job, alias);
        AliasKeys.ChangeLinks(slice.Connection, slice.Transaction, changed.Select(link => (link.LinkId, link.NewKey)));
        foreach (var (id, _, key, wanted) in changed)
        {
            slice.Tell(new(id, job.Subject, key));
            slice.Tell(new(id, job.Subject, wanted));
        }

        SetCursor(slice, job, Links + last.Key);
        return links.Count;
    }

    private static int ChangeRetired(Slice slice, Job job)
    {
        if (CursorOf(slice, job) is not { } cursor || RuleOf(slice, job) is not { } rule)
            return 0;

        var aliases = ReadRetired(slice, job.Subject, cursor[Retired.Length..]);
        if (aliases is not [.., var last])
            return 0;

        List<(string Key, string NewKey, long Until)> changed =
        [
            .. aliases
                .Select(one => (one.Key, NewKey: Alias.KeyOf(one.Alias is "" ? one.Key : one.Alias, rule), one.Until))
                .Where(one => one.NewKey != one.Key),
        ];
        // Of aliases that become one, the one that stays retired for longest wins.
        AliasKeys.ChangeRetired(
            slice.Connection,
            slice.Transaction,
            job.Subject,
            changed.GroupBy(one => one.NewKey, (wanted, some) => (some.MaxBy(one => one.Until).Key, wanted))
        );
        slice.Run(
            "DELETE FROM retired_aliases WHERE domain_id = @domain AND alias_key IN (@former)",
            ("@domain", job.Subject),
            ("@former", changed.Select(one => one.Key))
        );
        SetCursor(slice, job, Retired + last.Key);
        return aliases.Count;
    }

    private int TurnAround(Slice slice, Job job, string alias)
    {
        CaseRules.Store(slice.Connection, slice.Transaction, job.Subject, AliasCase.Kept);
        database.AfterCommit(() =>
        {
            rules.Reload();
            LogTurned(job.Subject, alias);
        });
        return SetCursor(slice, job, null);
    }

    private static AliasCase? RuleOf(Slice slice, Job job) =>
        CaseRules.Stored(slice.Connection, slice.Transaction, job.Subject);

    private static string? CursorOf(Slice slice, Job job)
    {
        using var command = slice.Command("SELECT cursor FROM jobs WHERE id = @id", ("@id", job.Id));
        return command.ExecuteScalar() as string;
    }

    private static int SetCursor(Slice slice, Job job, string? cursor) =>
        slice.Run("UPDATE jobs SET cursor = @cursor WHERE id = @id", ("@cursor", cursor), ("@id", job.Id));

    // The alias of a link whose new key another link has, or gets, too.
    private static string? FirstCollision(Slice slice, long domainId, List<ChangedKey> changed)
    {
        using var command = slice.Command(
            "SELECT alias_key FROM links WHERE domain_id = @domain AND alias_key IN (@keys)",
            ("@domain", domainId),
            ("@keys", changed.Select(link => link.NewKey))
        );
        using var rows = command.ExecuteReader();
        HashSet<string> used = new(StringComparer.Ordinal);
        while (rows.Read())
            used.Add(rows.GetString(0));
        return changed.Find(link => !used.Add(link.NewKey))?.Alias;
    }

    private static List<(long Id, string Key, string Alias)> ReadLinks(Slice slice, long domainId, string after)
    {
        using var command = slice.Command(
            """
            SELECT id, alias_key, alias FROM links
            WHERE domain_id = @domain AND alias_key > @after ORDER BY alias_key LIMIT @size
            """,
            ("@domain", domainId),
            ("@after", after),
            ("@size", slice.Size)
        );
        using var rows = command.ExecuteReader();
        List<(long, string, string)> links = [];
        while (rows.Read())
            links.Add((rows.GetInt64(0), rows.GetString(1), rows.GetString(2)));
        return links;
    }

    private static List<(string Key, string Alias, long Until)> ReadRetired(Slice slice, long domainId, string after)
    {
        using var command = slice.Command(
            """
            SELECT alias_key, alias, until FROM retired_aliases
            WHERE domain_id = @domain AND alias_key > @after ORDER BY alias_key LIMIT @size
            """,
            ("@domain", domainId),
            ("@after", after),
            ("@size", slice.Size)
        );
        using var rows = command.ExecuteReader();
        List<(string, string, long)> aliases = [];
        while (rows.Read())
            aliases.Add((rows.GetString(0), rows.GetString(1), rows.GetInt64(2)));
        return aliases;
    }

    private sealed record ChangedKey(long LinkId, string Alias, string Key, string NewKey);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Domain {Domain} stays case-sensitive: a new link collides with its alias {Alias}"
    )]
    private partial void LogTurned(long domain, string alias);
}
