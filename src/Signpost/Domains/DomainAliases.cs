using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Core.Links;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>
/// The rules for aliases: domains that serve the links of another domain of their account, or of the main domain. They have no links, and
/// there are no aliases of aliases.
/// </summary>
internal static class DomainAliases
{
    public const string Field = "alias_of";
    private const int MostNamed = 10;

    /// <summary>
    /// Applies a change of <see cref="DomainRow.AliasOf"/> in the transaction of the edit; the other changes are in the row already. With errors,
    /// the row must not be saved.
    /// </summary>
    public static async Task<IReadOnlyList<FieldError>> ApplyAsync(
        SignpostDb db,
        Caller caller,
        DomainRow row,
        DomainChanges changes,
        CancellationToken cancel
    )
    {
        if (changes.AliasOf is { IsPresent: true, Value: var target } && target != row.AliasOf)
        {
            if (target is { } id && await ProblemAsync(db, caller, row, id, cancel) is { } problem)
                return [new(problem, changes.AliasOf.As)];
            row.AliasOf = target;
        }

        return await LoopAsync(db, row, changes, cancel) is { } loop ? [loop] : [];
    }

    /// <summary>
    /// Finds links of the new target that lead to themselves when this host serves them, too; null: there are none. It reads at most
    /// 100,000 links. Call it before the transaction.
    /// </summary>
    public static async Task<Refusal?> LoopsAsync(
        Database database,
        LinkLoops loops,
        Caller caller,
        long id,
        DomainChanges changes,
        CancellationToken cancel
    )
    {
        if (changes.AliasOf.Value is null)
            return null;
        await using var db = database.Read();
        return await db.Domains.OwnAsync(caller, id, cancel) is { } row
            ? await LoopsAsync(database, loops, caller, row, changes, cancel)
            : null;
    }

    /// <inheritdoc cref="LoopsAsync(Database, LinkLoops, Caller, long, DomainChanges, CancellationToken)"/>
    public static async Task<Refusal?> LoopsAsync(
        Database database,
        LinkLoops loops,
        Caller caller,
        DomainRow row,
        DomainChanges changes,
        CancellationToken cancel
    )
    {
        if (changes.AliasOf is not { Value: { } target, As: { } field } || target == row.AliasOf)
            return null;
        await using (var db = database.Read())
            if (target == 0 ? !caller.May(Scopes.Admin) : await db.Domains.OwnAsync(caller, target, cancel) is null)
                return null;

        await using var connection = database.OpenRead();
        var aliases = loops.WithHost(connection, target, row.Host, MostNamed);
        return aliases is []
            ? null
            : new Refusal.Invalid([
                .. aliases.Select(alias => new FieldError(
                    $"The link {alias} leads to this host and would lead to itself.",
                    field
                )),
            ]);
    }

    /// <summary>The problem of a deletion; null: the domain has no aliases.</summary>
    public static async Task<string?> DeleteProblemAsync(SignpostDb db, DomainRow row, CancellationToken cancel) =>
        await NamesAsync(db, row, cancel) is { } names
            ? $"The domain has aliases: {names}. Delete them first, or change their {Field}."
            : null;

    /// <summary>
    /// The domain that gets the links of a claim to a host when another claim to it stays: the domain whose links that one serves. 0: the
    /// main domain.
    /// </summary>
    public static async Task<long> HeirAsync(SignpostDb db, long goneId, long keptId, CancellationToken cancel) =>
        await db
            .Domains.Where(one => one.Id == keptId && one.AliasOf != goneId)
            .Select(one => one.AliasOf)
            .FirstOrDefaultAsync(cancel)
        ?? keptId;

    /// <summary>Makes the aliases of a domain those of another one, which has got its links; returns their hosts.</summary>
    public static async Task<List<string>> JoinAsync(SignpostDb db, long goneId, long heirId, CancellationToken cancel)
    {
        var aliases = db.Domains.Where(one => one.AliasOf == goneId);
        var hosts = await aliases.Select(one => one.Host).ToListAsync(cancel);
        await aliases.ExecuteUpdateAsync(
            all => all.SetProperty(one => one.AliasOf, one => one.Id == heirId ? null : (long?)heirId),
            cancel
        );
        return hosts;
    }

    private static async Task<string?> ProblemAsync(
        SignpostDb db,
        Caller caller,
        DomainRow row,
        long id,
        CancellationToken cancel
    )
    {
        if (id == 0 && !caller.May(Scopes.Admin))
            return $"{Field} can be 0 only for server admins, with the scope admin.";
        if (id != 0 && await TargetProblemAsync(db, caller, row, id, cancel) is { } problem)
            return problem;
        if (row.Id == 0)
            return null;
        if (await NamesAsync(db, row, cancel) is { } names)
            return $"The domain has aliases itself: {names}. It cannot be an alias.";
        if (await LinkRelease.CountAsync(db, row.Id) is > 0 and var count)
            return $"The domain has {count:N0} {(count == 1 ? "link" : "links")}. Move or delete them first: an alias has no links of its own.";
        var trash = db.LinksAndTrash.Where(link => link.DomainId == row.Id);
        if (await trash.AnyAsync(link => !link.IsGuest, cancel))
            return "The trash has links of the domain. Restore or erase them first: an alias has no links of its own.";
        return await trash.AnyAsync(cancel)
            ? "The trash of another account has links of the domain. Try again when they are erased: an alias has no links of its own."
            : null;
    }

    private static async Task<string?> TargetProblemAsync(
        SignpostDb db,
        Caller caller,
        DomainRow row,
        long id,
        CancellationToken cancel
    )
    {
        var target = id == row.Id ? null : await db.Domains.OwnAsync(caller, id, cancel);
        if (target is null || await LinkMoves.IsMovingAsync(db, id))
            return $"{Field} must be another domain of yours, or 0 for the main domain.";
        if (target.AliasOf is { } further)
            return $"{target.Host} is itself an alias, of the domain {further}.";
        return LeadsTo(target.CustomIndexUrl, row.Host) || LeadsTo(target.CustomNotFoundUrl, row.Host)
            ? $"{target.Host} redirects to this host: that would be a loop."
            : null;
    }

    // An alias answers as the domain does, so the domain's own addresses must not lead to it.
    private static async Task<FieldError?> LoopAsync(
        SignpostDb db,
        DomainRow row,
        DomainChanges changes,
        CancellationToken cancel
    )
    {
        if (row.Id == 0 || (changes.Index.Value ?? changes.NotFound.Value) is null)
            return null;

        var hosts = await db.Domains.Where(one => one.AliasOf == row.Id).Select(one => one.Host).ToListAsync(cancel);
        if (hosts.Exists(host => LeadsTo(changes.Index.Value, host)))
            return new(
                "custom_index_url must not be on an alias of the domain: that would be a loop.",
                changes.Index.As
            );
        return hosts.Exists(host => LeadsTo(changes.NotFound.Value, host))
            ? new(
                "custom_not_found_url must not be on an alias of the domain: that would be a loop.",
                changes.NotFound.As
            )
            : null;
    }

    private static bool LeadsTo(string? url, string host) => url is not null && LeadsTo(TargetUrl.OfStored(url), host);

    private static bool LeadsTo(TargetUrl? url, string host) =>
        url is { } address && DomainDirectory.LeadsTo(address, host);

    private static async Task<string?> NamesAsync(SignpostDb db, DomainRow row, CancellationToken cancel)
    {
        var hosts = await db
            .Domains.Where(one => one.AliasOf == row.Id)
            .OrderBy(one => one.Host)
            .Select(one => one.Host)
            .Take(MostNamed + 1)
            .ToListAsync(cancel);
        return hosts is []
            ? null
            : string.Join(", ", hosts.Take(MostNamed)) + (hosts.Count > MostNamed ? " and more" : "");
    }
}
