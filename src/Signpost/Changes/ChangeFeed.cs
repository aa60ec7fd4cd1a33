using System.Collections.Immutable;

namespace Signpost.Changes;

/// <summary>
/// A link changed: what was known under this key is void. A rename publishes two, one for each key.
/// </summary>
internal readonly record struct LinkChanged(long LinkId, long DomainId, string AliasKey);

/// <summary>What a host stands for has changed: its domain was proven, changed, switched or removed.</summary>
internal readonly record struct DomainChanged(string Host);

/// <summary>A project is gone, and its links live on without one.</summary>
internal readonly record struct ProjectGone(long ProjectId);

/// <summary>An account is being deleted, and its links with it: none of them leads anywhere from now on.</summary>
internal readonly record struct AccountGone(long AccountId);

/// <summary>
/// How features learn of changes without knowing each other. Publishing is synchronous: an editor publishes with
/// <c>Database.AfterCommit</c>, so after its commit and before its answer, and whoever has the answer meets no older state on this
/// node. It publishes too when nobody knows how the commit ended: to look again does no harm.
/// </summary>
internal sealed class ChangeFeed
{
    private ImmutableArray<Action<LinkChanged>> _listeners = [];
    private ImmutableArray<Action<DomainChanged>> _domainListeners = [];
    private ImmutableArray<Action<ProjectGone>> _projectListeners = [];
    private ImmutableArray<Action<AccountGone>> _accountListeners = [];

    /// <summary>Calls every listener. Listeners are quick and never throw.</summary>
    public void Publish(LinkChanged change)
    {
        foreach (var listener in _listeners)
            listener(change);
    }

    /// <summary>Calls every listener for each of many links.</summary>
    public void PublishAll(IReadOnlyList<LinkChanged> changes)
    {
        foreach (var change in changes)
            Publish(change);
    }

    /// <inheritdoc cref="Publish"/>
    public void PublishDomain(DomainChanged change)
    {
        foreach (var listener in _domainListeners)
            listener(change);
    }

    /// <inheritdoc cref="Publish"/>
    public void PublishProject(ProjectGone change)
    {
        foreach (var listener in _projectListeners)
            listener(change);
    }

    /// <inheritdoc cref="Publish"/>
    public void PublishAccount(AccountGone change)
    {
        foreach (var listener in _accountListeners)
            listener(change);
    }

    /// <summary>Listens from now on, for the life of the feed.</summary>
    public void Subscribe(Action<LinkChanged> listener) =>
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);

    /// <inheritdoc cref="Subscribe"/>
    public void SubscribeToDomains(Action<DomainChanged> listener) =>
        ImmutableInterlocked.Update(ref _domainListeners, static (all, one) => all.Add(one), listener);

    /// <inheritdoc cref="Subscribe"/>
    public void SubscribeToProjects(Action<ProjectGone> listener) =>
        ImmutableInterlocked.Update(ref _projectListeners, static (all, one) => all.Add(one), listener);

    /// <inheritdoc cref="Subscribe"/>
    public void SubscribeToAccounts(Action<AccountGone> listener) =>
        ImmutableInterlocked.Update(ref _accountListeners, static (all, one) => all.Add(one), listener);
}
