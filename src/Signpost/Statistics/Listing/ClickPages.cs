using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.ClickStore;
using Signpost.Statistics.Questions;

namespace Signpost.Statistics.Listing;

/// <summary>A question for a page of the clicks of a link.</summary>
/// <param name="Asked">The filters and the days.</param>
/// <param name="Size">The most clicks on a page.</param>
/// <param name="Cursor">The cursor of the page; null: the newest clicks.</param>
internal sealed record AskedClicks(AskedStatistics Asked, int Size, long? Cursor);

/// <summary>Lists the clicks of a link page by page, newest first. New clicks do not shift the pages.</summary>
internal sealed class ClickPages(IStatistics statistics, TimeProvider clock)
{
    /// <summary>Reads a question. Errors go to the reader.</summary>
    public AskedClicks Read(Caller caller, FieldReader read)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), caller.TimeZone).DateTime);
        var asked = AskedStatistics.ReadClicks(read, caller.TimeZone, today, canWarn: true);
        var size = Paging.ReadSize(read);
        var cursor = read.Number("cursor", number => number >= 1 ? null : "must be a next_cursor of this list");
        return new(asked, size, cursor.Value);
    }

    /// <summary>The clicks of the page, and the cursor of the next one; null: this is the last page.</summary>
    /// <param name="linkId">A link of the caller's account.</param>
    public async Task<(IReadOnlyList<ClickResponse> Clicks, long? Next)> ListAsync(
        Caller caller,
        long linkId,
        AskedClicks question,
        CancellationToken cancel
    )
    {
        var (asked, size, cursor) = question;
        // One row more than requested shows whether there is a next page.
        var clicks = await statistics.ListAsync(
            asked.About(new(ScopeKind.Link, linkId), asked.Span),
            cursor ?? long.MaxValue,
            size + 1,
            cancel
        );
        return (
            [.. clicks.Take(size).Select(click => ClickResponse.Of(click, caller.TimeZone))],
            clicks.Count > size ? clicks[size - 1].Ordinal : null
        );
    }
}
