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
    /// <param name="recorded">For <see cref="DurableAsync"/>.</param>
    public bool TryRecord(in Click click, bool consumed, in ClickFacts facts, out RecordedClick recorded)
    {
        if (!journal.TryAppend(click, facts, out var place))
        {
            if (consumed)
                counts.GiveBack(click.LinkId);
            recorded = default;
            return false;
        }

        recorded = new(click.LinkId, click.Kind is ClickKind.Person, place);
        if (recorded.IsCounted)
            counts.Record(click.LinkId, consumed);
        return true;
    }

    /// <inheritdoc cref="TryRecord(in Click, bool, in ClickFacts, out RecordedClick)"/>
    public bool TryRecord(in Click click, bool consumed, in ClickFacts facts = default) =>
        TryRecord(click, consumed, facts, out _);

    /// <summary>
    /// Whether a visit that cannot be recorded must be refused. Else it gets its response, unless its link has a limit.
    /// </summary>
    public bool MustRefuse => journal.MustRefuse;

    /// <summary>Whether <see cref="DurableAsync"/> always completes at once.</summary>
    public bool IsDurableAtOnce => journal.IsDurableAtOnce;

    /// <summary>
    /// Completes when the click is as durable as the settings ask: at once with <see cref="ClickDurability.Process"/>. False: the disk
    /// failed, the click is not recorded after all, and a consumed click is given back: the visit must be refused.
    /// </summary>
    public async ValueTask<bool> DurableAsync(RecordedClick click)
    {
        if (await journal.DurableAsync(click.Place))
            return true;

        if (click.IsCounted)
            counts.TakeBack(click.LinkId);
        return false;
    }
}

/// <summary>A click in the journal that may not be on the disk yet.</summary>
internal readonly record struct RecordedClick(long LinkId, bool IsCounted, Appended Place);
