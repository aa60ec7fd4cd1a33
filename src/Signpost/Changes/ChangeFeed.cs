using System.Collections.Immutable;

namespace Signpost.Changes;

/// <summary>
/// A link changed: what was known under this key is void. A rename publishes two, one for each key.
/// </summary>
internal readonly record struct LinkChanged(long LinkId, long DomainId, string AliasKey);

/// <summary>
/// How features learn of changes without knowing each other. Publishing is synchronous: an editor publishes after its
/// commit and before its answer, so whoever has the answer meets no older state on this node.
/// </summary>
internal sealed class ChangeFeed
{
    private ImmutableArray<Action<LinkChanged>> _listeners = [];

    /// <summary>Calls every listener. Listeners are quick and never throw.</summary>
    public void Publish(LinkChanged change)
    {
        foreach (var listener in _listeners)
            listener(change);
    }

    /// <summary>Listens from now on, for the life of the feed.</summary>
    public void Subscribe(Action<LinkChanged> listener) =>
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), listener);
}
