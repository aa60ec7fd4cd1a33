using Signpost.Api.Callers;
using Signpost.Links;
using Signpost.Statistics.Sheets;
using Signpost.Web.Components;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>Reads the statistics of a link, with its edits and the shares of its rotation.</summary>
internal sealed class LinkSheets(SheetReader sheets, EditFlags flags, StatisticsViews views, OwnLanguages languages)
{
    /// <summary>Reads the content of the page; null: the link is gone.</summary>
    public async Task<StatisticsView?> ReadAsync(HttpContext http, LinkResponse link, AskedPage asked)
    {
        var (caller, cancel, texts) = (http.Caller(), http.RequestAborted, languages.For(http));
        var edits = await flags.ReadAsync(caller, link.Id, cancel);
        var (span, since) = (asked.Question.Span, EditFlags.RotationSince(edits, caller.TimeZone));
        var hasVariants = VariantPanels.Has(link) && asked.Shown is null;
        var question = hasVariants ? asked.Question with { VariantsFrom = since } : asked.Question;
        if (await sheets.ReadAsync(caller, question, cancel) is not { } sheet)
            return null;

        var view = views.Of(asked, sheet, texts);
        return view with
        {
            Times = view.Times with
            {
                Flags = flags.Of(http, link.Id, edits, [.. sheet.Times.Select(row => row.Start), span.To]),
            },
            Variants = hasVariants
                ? VariantPanels.Of(link, sheet.Variants, since > span.From ? TimeOf(since) : null, texts.All)
                : null,
            // A link without any click needs to be told to others first.
            Empty = view.Empty is "period" && link.Clicks == 0 ? "never" : view.Empty,
        };

        string TimeOf(long second) =>
            Shown.LocalTime(DateTimeOffset.FromUnixTimeSeconds(second), caller.TimeZone, texts.All);
    }
}
