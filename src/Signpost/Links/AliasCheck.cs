using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Core.Links;
using Database = Signpost.Storage.Database;

namespace Signpost.Links;

/// <summary>Whether an alias can be used.</summary>
internal enum AliasState
{
    Free,
    Taken,
    Reserved,
    Invalid,
}

/// <summary>Tells a form whether an alias can be used. The edit decides again.</summary>
internal sealed class AliasCheck(Database database, LinkDomains domains, CaseRules rules, TimeProvider clock)
{
    /// <param name="domainId">0 is the main domain.</param>
    /// <param name="linkId">The link of the caller that is edited: its own alias is free; null: a new link.</param>
    public async Task<AliasState> FindAsync(
        Caller caller,
        long domainId,
        string text,
        long? linkId,
        CancellationToken cancel
    )
    {
        if (!Alias.TryParse(text, out var alias, out _))
            return AliasState.Invalid;
        if (LinkDraft.IsReserved(domainId, alias.Text))
            return AliasState.Reserved;

        await using var db = database.Read();
        var isOwn = await db.Links.AnyAsync(link => link.Id == linkId && link.AccountId == caller.AccountId, cancel);
        if (!isOwn && !await domains.MayUseAsync(db, caller, domainId, cancel))
            return AliasState.Invalid;
        var isFree = await AliasBook.IsFreeAsync(
            db,
            rules.Of(domainId),
            caller.AccountId,
            isOwn ? linkId!.Value : 0,
            new(domainId, alias.Text),
            clock.GetUtcNow().ToUnixTimeMilliseconds()
        );
        return isFree ? AliasState.Free : AliasState.Taken;
    }
}
