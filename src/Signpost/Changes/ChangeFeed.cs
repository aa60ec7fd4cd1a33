using System.Collections.Immutable;

namespace Signpost.Changes;

/// <summary>
/// A link changed: forget everything known under this key. A rename publishes two changes, one for each key.
/// </summary>
internal readonly record struct LinkChanged(long LinkId, long DomainId, string AliasKey);

/// <summary>The domain of a host was verified, changed, enabled, disabled or removed.</summary>
internal readonly record struct DomainChanged(string Host);

/// <summary>A project was deleted; its links stay, without a project.</summary>
internal readonly record struct ProjectGone(long ProjectId);

/// <summary>An account is being deleted with its links: from now on none of them redirects.</summary>
internal readonly record struct AccountGone(long AccountId);

/// <summary>
/// Tells features of changes without knowing them. Publishing is synchronous: an editor publishes with
/// <c>Database.AfterCommit</c>, so after its commit and before its response. A client that has the response therefore sees no older
/// state on this node. The editor also publishes when the result of the commit is unknown: to read again does no harm.
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
