using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Clicks;

/// <summary>What a redirect does with clicks: take a use of a limited link, record what happened, wait until it is safe.</summary>
internal sealed class ClickRecorder(ClickJournal journal, ClickCounts counts)
{
    /// <summary>Takes one use of a limited link; false: none is left. <see cref="LoadUsedAsync"/> comes first.</summary>
    public bool TryConsume(long linkId, long limit) => counts.TryConsume(linkId, limit);

    /// <summary>Whether <see cref="TryConsume"/> would find none left: what is used is never given back for long.</summary>
    public bool IsLimitReached(long linkId, long limit) => counts.Used(linkId) is { } used && used >= limit;

    /// <summary>Makes sure that a limited link's uses are known.</summary>
    public ValueTask LoadUsedAsync(long linkId, CancellationToken cancel) => counts.LoadUsedAsync(linkId, cancel);

    /// <summary>Records a click; false: it could not be, and its use, if one was taken, is given back.</summary>
    /// <param name="consumed">Whether <see cref="TryConsume"/> took a use for it.</param>
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
    /// Whether the disk failed to keep what it promised: then the process is about to end, and no visit may be answered as
    /// if it had been recorded.
    /// </summary>
    public bool HasFailed => journal.Failed.IsCancellationRequested;

    /// <summary>Whether nobody ever has to wait for <see cref="DurableAsync"/>.</summary>
    public bool IsDurableAtOnce => journal.IsDurableAtOnce;

    /// <summary>
    /// Completes when all recorded so far is as durable as the settings ask: at once with <see cref="ClickDurability.Process"/>.
    /// False: the disk failed, and the response must not claim the click.
    /// </summary>
    public ValueTask<bool> DurableAsync() => journal.DurableAsync();
}
