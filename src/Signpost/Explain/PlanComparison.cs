using Signpost.Core.Targeting;

namespace Signpost.Explain;

/// <summary>The visitors of a link who go elsewhere after an edit.</summary>
/// <param name="Kinds">The number of kinds of visitor that were compared, 1 or more.</param>
/// <param name="MovedKinds">Those of them that go elsewhere, also if only some of their visitors do.</param>
/// <param name="Clicks">The number of clicks that were read; 0: the kinds have no weight.</param>
/// <param name="HasMoreClicks">There are more clicks in the span: only the newest were read.</param>
/// <param name="MovedShare">The share of the clicks whose visitors go elsewhere, 0 to 1; null: clicks do not tell it.</param>
/// <param name="RestShare">The share of the clicks of rare kinds that were not compared, 0 to 1.</param>
/// <param name="Biggest">The kinds that go elsewhere with the most clicks.</param>
/// <param name="AsksLanguages">A plan asks for languages. A click keeps only the first of its visitor, without the region.</param>
/// <param name="ChangesInTime">The plans differ in start, end or click limit, and only one moment is compared.</param>
internal sealed record PlanComparison(
    int Kinds,
    int MovedKinds,
    int Clicks,
    bool HasMoreClicks,
    double? MovedShare,
    double RestShare,
    IReadOnlyList<MovedKind> Biggest,
    bool AsksLanguages,
    bool ChangesInTime
);

/// <summary>A kind of visitor that goes elsewhere.</summary>
/// <param name="Visitor">Its known facts; empty: all other visitors.</param>
/// <param name="MovedShare">The share of all clicks, 0 to 1; null: clicks do not tell it.</param>
internal sealed record MovedKind(
    IReadOnlyList<(TargetingKind Kind, string Key)> Visitor,
    double? MovedShare,
    IReadOnlyList<OutcomeShare> Before,
    IReadOnlyList<OutcomeShare> After
);

/// <summary>A destination, and how many of the visitors go there.</summary>
/// <param name="Location">Null: visitors get a page instead.</param>
/// <param name="IsOver">That page says that the link has ended.</param>
/// <param name="Share">0 to 1: below 1 for a rotation.</param>
internal readonly record struct OutcomeShare(string? Location, bool IsOver, double Share);
