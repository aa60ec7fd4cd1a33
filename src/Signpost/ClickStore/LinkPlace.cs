using Signpost.ClickStore.Rollups;

namespace Signpost.ClickStore;

/// <summary>Where a link's clicks are counted beside itself.</summary>
/// <param name="DomainId">0 is the main domain.</param>
internal readonly record struct LinkPlace(long LinkId, long AccountId, long? ProjectId, long DomainId)
{
    /// <summary>The scopes of the groups that the link is in.</summary>
    public IEnumerable<long> Groups
    {
        get
        {
            if (ProjectId is { } project)
                yield return RollupScopes.Project(project);
            yield return DomainId == 0 ? RollupScopes.MainDomain(AccountId) : RollupScopes.Domain(DomainId);
        }
    }
}
