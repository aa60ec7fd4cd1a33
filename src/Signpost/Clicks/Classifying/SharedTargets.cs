using System.Text;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Core.Targeting;

namespace Signpost.Clicks.Classifying;

/// <summary>
/// Shares one object for the destination of each rule of a link, until the destination changes. A new one replaces the one in
/// its place; beyond a number of characters all places are emptied. For one thread.
/// </summary>
internal sealed class SharedTargets(LinkDestinations destinations)
{
    private const int Places = 1 << 17;
    private const long MostCharacters = 8 << 20;

    private readonly Place[] _places = new Place[Places];
    private readonly Dictionary<AppliedRule, string> _variants = [];
    private long _characters;

    /// <summary>The target of a click.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be read just now.</exception>
    public ClickTarget Of(in JournaledClick click)
    {
        var (link, applied) = (click.Click.LinkId, click.Click.Applied);
        var text = click[ClickField.Destination];
        if ((click.Marks & ClickMarks.SentOn) == 0 && text.IsEmpty && applied == AppliedRule.None)
            return ClickTarget.None;

        ref var place = ref _places[PlaceOf(link, applied)];
        if ((click.Marks & ClickMarks.SentOn) == 0)
            return Shared(ref place, text.IsEmpty ? null : Encoding.UTF8.GetString(text), applied);
        if (place.Target is { } known && place.IsOf(click.Click))
            return known;

        var target = Shared(ref place, destinations.Find(link, click.Click.LinkVersion, applied), applied);
        (place.LinkId, place.Version, place.Applied) = (link, click.Click.LinkVersion, applied);
        return target;
    }

    private ClickTarget Shared(ref Place place, string? destination, AppliedRule applied)
    {
        var variant = VariantOf(applied);
        if (place.Target is { } known && known.Variant == variant && known.Destination == destination)
            return known;

        if (_characters > MostCharacters)
        {
            Array.Clear(_places);
            _characters = 0;
        }

        _characters += destination?.Length ?? 0;
        place = new() { Target = new(destination, variant) };
        return place.Target;
    }

    // The number of rules of each kind.
    private string? VariantOf(AppliedRule applied)
    {
        // A later server may know more kinds.
        if (applied == AppliedRule.None || !Enum.IsDefined(applied.Kind))
            return null;
        if (!_variants.TryGetValue(applied, out var variant))
            _variants[applied] = variant = applied.Name!;
        return variant;
    }

    private static int PlaceOf(long linkId, AppliedRule applied)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        var rule = ((ulong)applied.Kind << 8) | applied.Rule;
        return (int)((((ulong)linkId << 16) ^ rule) * Multiplier >> 47);
    }

    /// <summary>A target, and the version of the link that it was read for; 0: none.</summary>
    private struct Place
    {
        public ClickTarget? Target;
        public long LinkId;
        public int Version;
        public AppliedRule Applied;

        public readonly bool IsOf(in Click click) =>
            LinkId == click.LinkId && Version == click.LinkVersion && Applied == click.Applied;
    }
}
