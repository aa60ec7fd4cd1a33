using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Clicks;

/// <summary>Turns what the journal holds of a request into what statistics keep of it.</summary>
internal sealed class ClickClassifier
{
    private readonly ClickTarget?[] _variants = new ClickTarget?[256];

    public ClickRow Classify(in Click click) =>
        new(
            click.LinkId,
            Math.DivRem(click.AtMilliseconds, 1_000).Quotient,
            Visitor: 0,
            click.Kind,
            click.Status,
            IsQr: false,
            ClickPlace.Unknown,
            ClickAgent.Unknown,
            Language: null,
            ClickReferrer.None,
            ClickUtm.None,
            click.Applied.Name is { } variant
                ? _variants[click.Applied.Pair] ?? new ClickTarget(null, variant)
                : ClickTarget.None
        );
}
