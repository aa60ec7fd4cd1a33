using Signpost.ClickStore.Rollups;

namespace Signpost.ClickStore;

/// <summary>The groups in which a link's clicks count, besides the link itself.</summary>
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
