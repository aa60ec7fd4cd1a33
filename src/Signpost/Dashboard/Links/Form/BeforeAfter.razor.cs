using Signpost.Core.Targeting;
using Signpost.Dashboard.Explaining;
using Signpost.Explain;
using Signpost.Web.Components;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Links.Form;

/// <content>The comparison, in the language of a page.</content>
public sealed partial class BeforeAfter
{
    private const int MostPlaces = 4;

    /// <summary>The changes for visitors.</summary>
    /// <param name="Kinds">How many kinds of visitor go elsewhere.</param>
    /// <param name="Moves">The kinds with the most clicks.</param>
    public sealed record Changed(string Kinds, IReadOnlyList<string> Notes, IReadOnlyList<Move> Moves)
    {
        internal static Changed Of(PlanComparison comparison, IReadOnlyDictionary<string, string> texts) =>
            new(
                comparison.MovedKinds == 0
                    ? texts["compare.none"]
                    : texts.Fill("compare.kinds", ("some", $"{comparison.MovedKinds}"), ("all", $"{comparison.Kinds}")),
                [.. NotesOf(comparison, texts)],
                [.. comparison.Biggest.Select(kind => Move.Of(kind, comparison.Clicks > 0, texts))]
            );

        private static IEnumerable<string> NotesOf(PlanComparison comparison, IReadOnlyDictionary<string, string> texts)
        {
            if (comparison.ChangesInTime)
                yield return texts["compare.now"];
            if (comparison.Clicks == 0)
            {
                yield return texts["compare.no_clicks"];
                yield break;
            }

            if (comparison is { MovedKinds: > 0, MovedShare: { } share })
                yield return texts.Fill("compare.share", ("share", Shown.ExactPercent(share, texts)));
            if (comparison.AsksLanguages)
                yield return texts["compare.languages"];
            if (comparison.HasMoreClicks)
                yield return texts.Fill("compare.sample", ("count", Shown.Number(comparison.Clicks, texts)));
            if (comparison.RestShare > 0)
                yield return texts.Fill("compare.rest", ("share", Shown.ExactPercent(comparison.RestShare, texts)));
        }
    }

    /// <summary>A kind of visitor that goes elsewhere.</summary>
    /// <param name="Share">The share of the clicks; null: clicks do not tell it.</param>
    public sealed record Move(string Visitor, string? Share, IReadOnlyList<string> Before, IReadOnlyList<string> After)
    {
        internal static Move Of(MovedKind kind, bool hasClicks, IReadOnlyDictionary<string, string> texts) =>
            new(
                kind.Visitor is []
                    ? texts["compare.others"]
                    : string.Join(
                        " · ",
                        kind.Visitor.Select(fact => FieldNames.OfKey(fact.Kind.Name, fact.Key, texts))
                    ),
                hasClicks && kind.MovedShare is { } share ? Shown.ExactPercent(share, texts) : null,
                Places(kind.Before, texts),
                Places(kind.After, texts)
            );

        private static IReadOnlyList<string> Places(
            IReadOnlyList<OutcomeShare> all,
            IReadOnlyDictionary<string, string> texts
        )
        {
            var named = all.Take(MostPlaces).Select(one => Place(one, texts));
            return all.Count > MostPlaces ? [.. named, "…"] : [.. named];
        }

        private static string Place(OutcomeShare one, IReadOnlyDictionary<string, string> texts)
        {
            var place = one.Location ?? texts[one.IsOver ? "compare.over" : "compare.nothing"];
            return one.Share < 1 ? $"{place} ({Shown.ExactPercent(one.Share, texts)})" : place;
        }
    }
}
