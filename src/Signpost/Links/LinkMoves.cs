using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.Core.Links;
using Signpost.Links.Versions;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Moves links of a domain or of an account, with their counts, a slice at a time. Each slice takes links
/// that remain, so it can be repeated and interrupted anywhere. On another domain, a link gets a key by the rule of that domain.
/// </summary>
internal sealed class LinkMoves(ClickErasure clicks, CaseRules rules)
{
    private const long MainDomain = 0;

    /// <summary>The cursor of a move after all its aliases are reserved. From here on the move cannot fail.</summary>
    public const string Reserved = "reserved";

    private const string After = "after ";
    private const int ChunkSize = 512;

    private const string SelectLinks =
        $"SELECT id, account_id, project_id, domain_id, is_guest, alias_key, alias, version * {LinkHistory.RowBytes} FROM links";

    /// <summary>Whether the links of a domain are being moved away.</summary>
    public static Task<bool> IsMovingAsync(SignpostDb db, long domainId) =>
        db.Jobs.AnyAsync(job => job.Kind == JobKind.MoveDomain && job.Subject == domainId);

    /// <summary>A few aliases of a domain, as typed, that its account cannot use on the main domain.</summary>
    /// <param name="isBarred">Tells from key and destination whether a link can never be on the main domain.</param>
    public static List<string> Unmovable(
        DbConnection connection,
        long domainId,
        CaseRules rules,
        Func<string, string, bool> isBarred,
        long now,
        int most
    )
    {
        var main = rules.Of(MainDomain);
        List<string> unmovable =
            main.Case is AliasCase.Ignored && rules.Of(domainId).Case is AliasCase.Kept
                ? [.. CaseCollisions.Find(connection, domainId, most)]
                : [];
        for (var after = ""; unmovable.Count < most; )
        {
            var links = ReadAfter(connection, null, domainId, after, ChunkSize, main);
            if (links is not [.., var last])
                break;
            var taken = TakenOnMain(connection, null, links, now);
            unmovable.AddRange(
                links
                    .Where(link => taken.Contains(link.NewKey) || isBarred(link.NewKey, link.Location))
                    .Select(link => link.Alias)
            );
            after = last.Key;
        }

        return unmovable;
    }

    /// <summary>
    /// Reserves aliases on the main domain for links of a domain. If one is not available, the job changes into one that
    /// releases the reservations.
    /// </summary>
    /// <param name="isBarred">Tells from key and destination whether a link can never be on the main domain.</param>
    /// <param name="whenReserved">Called once, in the transaction after which the move cannot fail.</param>
    public int Reserve(Slice slice, Job job, Func<string, string, bool> isBarred, Action<Slice> whenReserved, long now)
    {
        if (CursorOf(slice, job) is not { } cursor)
            return 0;

        var main = rules.Of(MainDomain);
        var links = ReadAfter(slice.Connection, slice.Transaction, job.Subject, cursor, slice.Size, main);
        var keys = links.Select(link => link.NewKey).ToHashSet(StringComparer.Ordinal);
        if (
            keys.Count < links.Count
            || links.Any(link => isBarred(link.NewKey, link.Location))
            || TakenOnMain(slice.Connection, slice.Transaction, links, now).Count > 0
        )
            return Turn(slice, job, JobKind.GiveUpMove, null);
        if (links is not [.., var last])
        {
            whenReserved(slice);
            return Turn(slice, job, job.Kind, Reserved);
        }

        foreach (var key in keys)
            slice.Run(
                "INSERT INTO reserved_aliases (domain_id, alias_key, job_id) VALUES (0, @key, @job)",
                ("@key", key),
                ("@job", job.Id)
            );
        Turn(slice, job, job.Kind, After + last.Key);
        return links.Count;
    }

    /// <summary>Releases reservations of a job.</summary>
    public static int GiveUp(Slice slice, Job job) =>
        slice.Delete("reserved_aliases", "job_id = @job", ("@job", job.Id));

    /// <summary>Transfers links of an account to another account, with their pictures.</summary>
    public int HandOn(Slice slice, long accountId, long toId, long now)
    {
        // The versions change, too, and a link may have many.
        var (links, weight) = FoundLink.Fit(
            slice,
            FoundLink.Read(slice, $"{SelectLinks} WHERE account_id = @owner ORDER BY id LIMIT @size", accountId)
        );
        var (count, rows) = clicks.Move(
            slice,
            [.. links.Select(link => (link.Place, link.Place with { AccountId = toId }))]
        );
        var ids = FoundLink.IdsOf(links[..count]);
        // A shared picture of a bulk moves with the first link of the bulk.
        slice.Run(
            """
            UPDATE files SET account_id = @to WHERE name IN (
                SELECT cloaking_favicon FROM links WHERE id IN (@links)
                UNION SELECT cloaking_opengraph FROM links WHERE id IN (@links))
            OR link_id IN (@links)
            """,
            ("@to", toId),
            ("@links", ids)
        );
        LinkHistory.AddPresent(slice, ids);
        slice.Run(
            """
            UPDATE links SET account_id = @to, version = version + 1, updated_at = @now
            WHERE id IN (@links)
            """,
            ("@to", toId),
            ("@now", now),
            ("@links", ids)
        );
        LinkHistory.AddMoved(slice, ids, toId, now);
        foreach (var link in links[..count])
            slice.Tell(link.Changed);
        return Math.Max(rows, weight);
    }

    /// <summary>Makes links of an account its own that lie on domains which it has got from another account.</summary>
    public int Settle(Slice slice, long accountId, long now)
    {
        var links = FoundLink.Read(
            slice,
            $"""
            {SelectLinks} WHERE account_id = @owner AND is_guest
                AND domain_id IN (SELECT id FROM domains WHERE account_id = @owner) LIMIT @size
            """,
            accountId
        );
        var (count, rows) = clicks.Move(
            slice,
            [.. links.Select(link => (link.Place, link.Place with { IsGuest = false }))]
        );
        var ids = FoundLink.IdsOf(links[..count]);
        LinkHistory.AddPresent(slice, ids);
        LinkHistory.AddUnblocked(slice, ids, now);
        slice.Run(
            """
            UPDATE links SET is_guest = false, is_blocked = false, is_enabled = is_enabled AND NOT is_blocked,
                version = CASE WHEN is_blocked AND is_enabled THEN version + 1 ELSE version END
            WHERE id IN (@links)
            """,
            ("@links", ids)
        );
        foreach (var link in links[..count])
            slice.Tell(link.Changed);
        return rows;
    }

    /// <summary>Moves links of a domain to the main one, where their aliases are reserved.</summary>
    public int MoveToMain(Slice slice, long domainId, long now) => Move(slice, domainId, MainDomain, now, draws: false);

    /// <summary>
    /// Moves links of a domain to the one that serves its host. If they cannot have an alias there, a random one replaces it: such a
    /// link was not served, and its count is not lost.
    /// </summary>
    public int Join(Slice slice, long domainId, long toId, long now) => Move(slice, domainId, toId, now, draws: true);

    private int Move(Slice slice, long fromId, long toId, long now, bool draws)
    {
        var links = FoundLink.Read(slice, $"{SelectLinks} WHERE domain_id = @owner LIMIT @size", fromId);
        var (count, rows) = clicks.Move(
            slice,
            [
                .. links.Select(link =>
                    (
                        link.Place,
                        link.Place with
                        {
                            DomainId = toId,
                            IsGuest = link.Place.IsGuest && toId != MainDomain,
                        }
                    )
                ),
            ]
        );
        List<string> keys = [];
        var rule = rules.Of(toId);
        LinkHistory.AddPresent(slice, FoundLink.IdsOf(links[..count]));
        foreach (var link in links[..count])
        {
            var alias = draws ? DrawIfTaken(slice, link, toId, rule, now) : link.Alias;
            var key = rule.KeyOf(alias);
            LinkHistory.AddMoved(slice, link, alias, unblocks: toId == MainDomain, now);
            slice.Tell(link.Changed);
            slice.Tell(link.Changed with { DomainId = toId, AliasKey = key });
            slice.Run(
                """
                UPDATE links SET domain_id = @to, alias = @alias, alias_key = @key, version = version + 1, updated_at = @now,
                    is_guest = is_guest AND @to <> 0, is_blocked = is_blocked AND @to <> 0,
                    is_enabled = is_enabled AND (@to <> 0 OR NOT is_blocked)
                WHERE id = @id
                """,
                ("@to", toId),
                ("@alias", alias),
                ("@key", key),
                ("@now", now),
                ("@id", link.Place.LinkId)
            );
            keys.Add(key);
        }

        foreach (var table in (string[])["retired_aliases", "reserved_aliases"])
            slice.Run(
                $"DELETE FROM {table} WHERE domain_id = @to AND alias_key IN (@keys)",
                ("@to", toId),
                ("@keys", keys)
            );
        return rows;
    }

    private static string DrawIfTaken(Slice slice, FoundLink link, long domainId, CaseRule rule, long now)
    {
        var alias = link.Alias;
        while (
            LinkDraft.IsReserved(domainId, alias)
            || IsUsed(slice, domainId, rule.KeysOf(alias), AliasBook.UnspelledKeyOf(alias), link.Place.AccountId, now)
        )
            alias = AliasBook.Draw(rule, new());
        return alias;
    }

    // On the main domain, aliases may also be reserved for a move, or be retired by strangers.
    private static bool IsUsed(Slice slice, long domainId, string[] keys, string unspelled, long accountId, long now)
    {
        using var command = slice.Command(
            """
            SELECT 1 FROM links WHERE domain_id = @domain AND alias_key IN (@keys)
            UNION ALL SELECT 1 FROM reserved_aliases WHERE domain_id = @domain AND alias_key IN (@keys)
            UNION ALL SELECT 1 FROM retired_aliases
            WHERE domain_id = @domain AND @domain = 0 AND (alias_key IN (@keys) OR (alias_key = @unspelled AND alias = ''))
                AND account_id <> @account AND until > @now
            """,
            ("@domain", domainId),
            ("@keys", keys),
            ("@unspelled", unspelled),
            ("@account", accountId),
            ("@now", now)
        );
        return command.ExecuteScalar() is not null;
    }

    // Null: all aliases are reserved, or the move was given up.
    private static string? CursorOf(Slice slice, Job job)
    {
        using var command = slice.Command(
            "SELECT coalesce(cursor, @after) FROM jobs WHERE id = @id AND kind = @kind",
            ("@after", After),
            ("@id", job.Id),
            ("@kind", (int)job.Kind)
        );
        return command.ExecuteScalar() is string cursor && cursor != Reserved ? cursor[After.Length..] : null;
    }

    private static int Turn(Slice slice, Job job, JobKind kind, string? cursor) =>
        slice.Run(
            "UPDATE jobs SET kind = @kind, cursor = @cursor WHERE id = @id",
            ("@kind", (int)kind),
            ("@cursor", cursor),
            ("@id", job.Id)
        );

    private static List<LeavingLink> ReadAfter(
        DbConnection connection,
        DbTransaction? transaction,
        long domainId,
        string key,
        int size,
        CaseRule rule
    )
    {
        using var command = connection.Command(
            transaction,
            """
            SELECT alias_key, alias, location_url, account_id FROM links
            WHERE domain_id = @domain AND alias_key > @key ORDER BY alias_key LIMIT @size
            """,
            ("@domain", domainId),
            ("@key", key),
            ("@size", size)
        );
        using var rows = command.ExecuteReader();
        List<LeavingLink> links = [];
        while (rows.Read())
            links.Add(
                new(
                    rows.GetString(0),
                    rows.GetString(1),
                    rule.KeyOf(rows.GetString(1)),
                    rows.GetString(2),
                    rows.GetInt64(3)
                )
            );
        return links;
    }

    // The keys that these links cannot have on the main domain.
    private static HashSet<string> TakenOnMain(
        DbConnection connection,
        DbTransaction? transaction,
        List<LeavingLink> links,
        long now
    )
    {
        var unspelled = links.ToLookup(link => AliasBook.UnspelledKeyOf(link.Alias), StringComparer.Ordinal);
        var spelled = links.ToLookup(link => link.NewKey, StringComparer.Ordinal);
        using var command = connection.Command(
            transaction,
            """
            SELECT alias_key, false, 0 FROM links WHERE domain_id = 0 AND alias_key IN (@keys)
            UNION ALL SELECT alias_key, false, 0 FROM reserved_aliases WHERE domain_id = 0 AND alias_key IN (@keys)
            UNION ALL SELECT alias_key, alias = '', account_id FROM retired_aliases
            WHERE domain_id = 0 AND (alias_key IN (@keys) OR (alias_key IN (@unspelled) AND alias = '')) AND until > @now
            """,
            ("@keys", spelled.Select(same => same.Key)),
            ("@unspelled", unspelled.Select(same => same.Key)),
            ("@now", now)
        );
        using var rows = command.ExecuteReader();
        HashSet<string> taken = new(StringComparer.Ordinal);
        while (rows.Read())
        {
            var (key, account) = (rows.GetString(0), rows.GetInt64(2));
            var wanting = rows.GetBoolean(1) ? unspelled[key].Concat(spelled[key]) : spelled[key];
            taken.UnionWith(wanting.Where(link => link.AccountId != account).Select(link => link.NewKey));
        }

        return taken;
    }

    /// <summary>A link that is about to leave its domain.</summary>
    private readonly record struct LeavingLink(
        string Key,
        string Alias,
        string NewKey,
        string Location,
        long AccountId
    );
}
