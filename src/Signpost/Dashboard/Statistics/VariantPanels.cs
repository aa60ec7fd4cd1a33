using System.Globalization;
using Signpost.Core.Statistics;
using Signpost.Links;
using Signpost.Web.Components;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>Compares the shares of the targets of a rotation with their set weights.</summary>
internal static class VariantPanels
{
    private const string Type = "rotation";

    /// <summary>Tells whether visitors of a link are shared out by weights.</summary>
    public static bool Has(LinkResponse link) => link.Settings is { TargetingType: Type, TargetingRotation.Count: > 0 };

    /// <param name="counts">The clicks by variant, since the weights are as they are now.</param>
    /// <param name="since">When the weights were changed, as people read it; null: they never were.</param>
    public static VariantPanel Of(
        LinkResponse link,
        IReadOnlyList<ValueCount> counts,
        string? since,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var rules = link.Settings.TargetingRotation;
        var byVariant = counts
            .Where(row => row is { IsOther: false, Value: not null })
            .ToDictionary(row => row.Value!, row => row.Count);
        var parts = rules
            .Select(
                (rule, at) =>
                    (
                        Rule: rule,
                        Weight: double.Parse(rule.Key, CultureInfo.InvariantCulture),
                        Count: byVariant.GetValueOrDefault($"targeting_{Type}[{at}]")
                    )
            )
            .ToList();
        var (weights, clicks) = (parts.Sum(part => part.Weight), parts.Sum(part => part.Count.Pageviews));
        return new(
            [
                .. parts.Select(part =>
                {
                    var interval = clicks == 0 ? (0, 1) : Splits.Interval(part.Count.Pageviews, clicks);
                    return new VariantRow(
                        part.Rule.Value,
                        Shown.Percent(part.Weight / weights, texts),
                        part.Count.Pageviews,
                        part.Count.Visitors,
                        clicks == 0 ? "–" : Shown.Percent((double)part.Count.Pageviews / clicks, texts),
                        part.Weight / weights,
                        interval
                    );
                }),
            ],
            Splits.IsDoubtful([.. parts.Select(part => (part.Weight, part.Count.Pageviews))]),
            since
        );
    }
}
