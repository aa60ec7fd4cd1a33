using Signpost.ClickStore.Rollups;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>The groups in which a link's clicks count, besides the link itself.</summary>
/// <param name="DomainId">0 is the main domain.</param>
/// <param name="IsGuest">The domain belongs to another account, which must not see the clicks.</param>
internal readonly record struct LinkPlace(
    long LinkId,
    long AccountId,
    long? ProjectId,
    long DomainId,
    bool IsGuest = false
)
{
    /// <summary>The scopes of the groups that the link is in.</summary>
    public IEnumerable<long> Groups
    {
        get
        {
            if (ProjectId is { } project)
                yield return RollupScopes.Project(project);
            yield return IsGuest ? RollupScopes.Guest(AccountId)
            : DomainId == 0 ? RollupScopes.MainDomain(AccountId)
            : RollupScopes.Domain(DomainId);
        }
    }

    public static LinkPlace Of(LinkRow row) => new(row.Id, row.AccountId, row.ProjectId, row.DomainId, row.IsGuest);
}
