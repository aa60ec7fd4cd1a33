using Signpost.Core.Targeting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>How often one pair of one version of a link sent somebody on.</summary>
/// <param name="Version">The link's; it rises by one with each edit.</param>
/// <param name="Rule">As in <c>targeting_rotation[0]</c>.</param>
/// <param name="Key">Null where only an earlier version had the pair: its key is not kept.</param>
internal sealed record PairClicksAnswer(int Version, string Rule, string? Key, string? Value, long Clicks)
{
    /// <summary>All pairs in force, followed or not, and those of earlier versions that were.</summary>
    public static IReadOnlyList<PairClicksAnswer> Of(LinkRow row, IReadOnlyList<PairCount> counts)
    {
        var kind = TargetingKind.Named(row.TargetingType);
        var pairs = kind is TargetingKind.None ? [] : TargetingLists.Parse(row.Targeting)[kind.Name];
        var earlier = counts
            .Where(count => count.LinkVersion != row.Version)
            .OrderByDescending(count => count.LinkVersion)
            .ThenBy(count => (count.Targeting, count.Pair));
        return
        [
            .. pairs.Select(
                (pair, at) => new PairClicksAnswer(row.Version, RuleOf(kind, at), pair.Key, pair.Value, Clicks(at))
            ),
            .. earlier.Select(count => new PairClicksAnswer(
                count.LinkVersion,
                RuleOf((TargetingKind)count.Targeting, count.Pair),
                null,
                null,
                count.Count
            )),
        ];

        long Clicks(int at) =>
            counts.FirstOrDefault(count => count.LinkVersion == row.Version && count.Pair == at)?.Count ?? 0;
    }

    private static string RuleOf(TargetingKind kind, int at) => new AppliedPair(kind, (byte)at).Name!;
}
