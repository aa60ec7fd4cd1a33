using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Moves links of a domain or of an account, with their counts, a slice at a time. Each slice takes links
/// that remain, so it can be repeated and interrupted anywhere.
/// </summary>
internal sealed class LinkMoves(ClickErasure clicks)
{
    private const long MainDomain = 0;

    /// <summary>The cursor of a move after all its aliases are reserved. From here on the move cannot fail.</summary>
    public const string Reserved = "reserved";

    private const string After = "after ";

    private const string SelectLinks =
        "SELECT id, account_id, project_id, domain_id, is_guest, alias_key, 0 FROM links";

    /// <summary>Whether the links of a domain are being moved away.</summary>
    public static Task<bool> IsMovingAsync(SignpostDb db, long domainId) =>
        db.Jobs.AnyAsync(job => job.Kind == JobKind.MoveDomain && job.Subject == domainId);

    /// <summary>A few aliases of a domain, as typed, that its account cannot use on the main domain.</summary>
    /// <param name="isBarred">Tells from key and destination whether a link can never be on the main domain.</param>
    public static async Task<IReadOnlyList<string>> UnmovableAsync(
        SignpostDb db,
        long domainId,
        Func<string, string, bool> isBarred,
        long now,
        int most
    )
    {
        List<string> unmovable = [];
        var links = db.Links.Where(link => link.DomainId == domainId);
        var all = links.Select(link => new
        {
            link.Alias,
            link.AliasKey,
            link.LocationUrl,
        });
        await foreach (var link in all.AsAsyncEnumerable())
            if (unmovable.Count < most && isBarred(link.AliasKey, link.LocationUrl))
                unmovable.Add(link.Alias);

        unmovable.AddRange(
            await links
                .Where(link =>
                    db.Links.Any(other => other.DomainId == MainDomain && other.AliasKey == link.AliasKey)
                    || db.ReservedAliases.Any(other => other.DomainId == MainDomain && other.AliasKey == link.AliasKey)
                    || db.RetiredAliases.Any(retired =>
                        retired.DomainId == MainDomain
                        && retired.AliasKey == link.AliasKey
                        && retired.AccountId != link.AccountId
                        && retired.Until > now
                    )
                )
                .Select(link => link.Alias)
                .Take(most)
                .ToListAsync()
        );
        return unmovable;
    }

    /// <summary>
    /// Reserves aliases on the main domain for links of a domain. If one is not available, the job changes into one that
    /// releases the reservations.
    /// </summary>
    /// <param name="isBarred">Tells from key and destination whether a link can never be on the main domain.</param>
    public static int Reserve(Slice slice, Job job, Func<string, string, bool> isBarred, long now)
    {
        if (CursorOf(slice, job) is not { } cursor)
            return 0;

        var links = ReadAfter(slice, job.Subject, cursor);
        var ids = links.ConvertAll(link => link.Id);
        if (links.Any(link => isBarred(link.Key, link.Location)) || IsAnyTaken(slice, ids, now))
            return Turn(slice, job, JobKind.GiveUpMove, null);
        if (links is not [.., var last])
            return Turn(slice, job, job.Kind, Reserved);

        slice.Run(
            """
            INSERT INTO reserved_aliases (domain_id, alias_key, job_id)
            SELECT 0, alias_key, @job FROM links WHERE id IN (@links)
            """,
            ("@job", job.Id),
            ("@links", ids)
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
        var links = FoundLink.Read(
            slice,
            $"{SelectLinks} WHERE account_id = @owner ORDER BY id LIMIT @size",
            accountId
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
            """,
            ("@to", toId),
            ("@links", ids)
        );
        slice.Run(
            """
            UPDATE links SET account_id = @to, version = version + 1, updated_at = @now
            WHERE id IN (@links)
            """,
            ("@to", toId),
            ("@now", now),
            ("@links", ids)
        );
        foreach (var link in links[..count])
            slice.Tell(link.Changed);
        return rows;
    }

    /// <summary>Makes links of an account its own that lie on domains which it has got from another account.</summary>
    public int Settle(Slice slice, long accountId)
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
        slice.Run(
            """
            UPDATE links SET is_guest = false, is_blocked = false, is_enabled = is_enabled AND NOT is_blocked
            WHERE id IN (@links)
            """,
            ("@links", FoundLink.IdsOf(links[..count]))
        );
        foreach (var link in links[..count])
            slice.Tell(link.Changed);
        return rows;
    }

    /// <summary>Moves links of a domain to the main one, where their aliases are reserved.</summary>
    public int MoveToMain(Slice slice, long domainId, long now) => Move(slice, domainId, MainDomain, now, draws: false);

    /// <summary>
    /// Moves links of a domain to another domain with the same host. If an alias is taken there, a random one replaces it: such a
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
        foreach (var link in links[..count])
        {
            slice.Tell(link.Changed);
            var key = draws ? DrawIfTaken(slice, link, toId) : link.Key;
            slice.Tell(link.Changed with { DomainId = toId, AliasKey = key });
            keys.Add(key);
        }

        foreach (var table in (string[])["retired_aliases", "reserved_aliases"])
            slice.Run(
                $"DELETE FROM {table} WHERE domain_id = @to AND alias_key IN (@keys)",
                ("@to", toId),
                ("@keys", keys)
            );
        slice.Run(
            """
            UPDATE links SET domain_id = @to, version = version + 1, updated_at = @now,
                is_guest = is_guest AND @to <> 0, is_blocked = is_blocked AND @to <> 0,
                is_enabled = is_enabled AND (@to <> 0 OR NOT is_blocked)
            WHERE id IN (@links)
            """,
            ("@to", toId),
            ("@now", now),
            ("@links", FoundLink.IdsOf(links[..count]))
        );
        return rows;
    }

    private static string DrawIfTaken(Slice slice, FoundLink link, long domainId)
    {
        if (!IsUsed(slice, domainId, link.Key))
            return link.Key;

        Alias drawn;
        do drawn = Alias.DrawRandom(RandomNumberGenerator.GetInt32);
        while (IsUsed(slice, domainId, drawn.Key) || IsUsed(slice, link.Place.DomainId, drawn.Key));
        slice.Run(
            "UPDATE links SET alias = @alias, alias_key = @key WHERE id = @id",
            ("@alias", drawn.Text),
            ("@key", drawn.Key),
            ("@id", link.Place.LinkId)
        );
        return drawn.Key;
    }

    private static bool IsUsed(Slice slice, long domainId, string key)
    {
        using var command = slice.Command(
            "SELECT 1 FROM links WHERE domain_id = @domain AND alias_key = @key",
            ("@domain", domainId),
            ("@key", key)
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

    private static List<(long Id, string Key, string Location)> ReadAfter(Slice slice, long domainId, string key)
    {
        using var command = slice.Command(
            """
            SELECT id, alias_key, location_url FROM links
            WHERE domain_id = @domain AND alias_key > @key ORDER BY alias_key LIMIT @size
            """,
            ("@domain", domainId),
            ("@key", key),
            ("@size", slice.Size)
        );
        using var rows = command.ExecuteReader();
        List<(long, string, string)> links = [];
        while (rows.Read())
            links.Add((rows.GetInt64(0), rows.GetString(1), rows.GetString(2)));
        return links;
    }

    private static bool IsAnyTaken(Slice slice, List<long> ids, long now)
    {
        using var command = slice.Command(
            """
            SELECT 1 FROM links AS mine WHERE id IN (@links) AND (
                EXISTS (SELECT 1 FROM links WHERE domain_id = 0 AND alias_key = mine.alias_key)
                OR EXISTS (SELECT 1 FROM reserved_aliases WHERE domain_id = 0 AND alias_key = mine.alias_key)
                OR EXISTS (
                    SELECT 1 FROM retired_aliases WHERE domain_id = 0 AND alias_key = mine.alias_key
                    AND account_id <> mine.account_id AND until > @now))
            LIMIT 1
            """,
            ("@links", ids),
            ("@now", now)
        );
        return command.ExecuteScalar() is not null;
    }
}
