using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.ClickStore;
using Signpost.Storage;

namespace Signpost.Statistics.Questions;

/// <summary>Finds the scope of a question. The scope is null if it does not exist or belongs to another account.</summary>
internal sealed class ScopeFinder(Database database)
{
    public async Task<StatisticsScope?> OfLinkAsync(Caller caller, long linkId, CancellationToken cancel)
    {
        await using var db = database.Read();
        var isOwn = await db.Links.AnyAsync(link => link.Id == linkId && link.AccountId == caller.AccountId, cancel);
        return isOwn ? new(ScopeKind.Link, linkId) : null;
    }

    /// <param name="domainId">0: the main domain.</param>
    public async Task<StatisticsScope?> OfAsync(
        Caller caller,
        long? projectId,
        long? domainId,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        var account = caller.AccountId;
        if (projectId is { } project)
            return await db.Projects.AnyAsync(row => row.Id == project && row.AccountId == account, cancel)
                ? new(ScopeKind.Project, project)
                : null;
        if (domainId is null)
            return new(ScopeKind.Account, account);
        if (domainId == 0)
            return new(ScopeKind.MainDomain, account);
        return await db.Domains.AnyAsync(row => row.Id == domainId && row.AccountId == account, cancel)
            ? new(ScopeKind.Domain, domainId.Value)
            : null;
    }
}
