using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Clicks;

/// <summary>Records clicks for redirects: consumes a click of a limited link, records the click, waits until it is durable.</summary>
internal sealed class ClickRecorder(ClickJournal journal, ClickCounts counts)
{
    /// <summary>Consumes one click of a limited link; false: the limit is reached. <see cref="LoadUsedAsync"/> comes first.</summary>
    public bool TryConsume(long linkId, long limit) => counts.TryConsume(linkId, limit);

    /// <summary>Whether <see cref="TryConsume"/> would find the limit reached. A consumed click is given back only for a moment.</summary>
    public bool IsLimitReached(long linkId, long limit) => counts.Used(linkId) is { } used && used >= limit;

    /// <summary>Makes sure that a limited link's consumed clicks are known.</summary>
    public ValueTask LoadUsedAsync(long linkId, CancellationToken cancel) => counts.LoadUsedAsync(linkId, cancel);

    /// <summary>Records a click; false: there is no room, and a consumed click is given back.</summary>
    /// <param name="consumed">Whether <see cref="TryConsume"/> consumed a click for it.</param>
    public bool TryRecord(in Click click, bool consumed, in ClickFacts facts = default)
    {
        if (!journal.TryAppend(click, facts))
        {
            if (consumed)
                counts.GiveBack(click.LinkId);
            return false;
        }

        if (click.Kind is ClickKind.Person)
            counts.Record(click.LinkId, consumed);
        return true;
    }

    /// <summary>
    /// Whether the disk failed to store clicks. Then the process is about to end, and no response may claim that its visit
    /// was recorded.
    /// </summary>
    public bool HasFailed => journal.Failed.IsCancellationRequested;

    /// <summary>Whether <see cref="DurableAsync"/> always completes at once.</summary>
    public bool IsDurableAtOnce => journal.IsDurableAtOnce;

    /// <summary>
    /// Completes when all clicks recorded so far are as durable as the settings ask: at once with <see cref="ClickDurability.Process"/>.
    /// False: the disk failed, and the response must not claim the click.
    /// </summary>
    public ValueTask<bool> DurableAsync() => journal.DurableAsync();
}
