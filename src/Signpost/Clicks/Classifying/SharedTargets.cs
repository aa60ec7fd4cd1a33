using System.Text;
using Signpost.Core.Statistics;
using Signpost.Core.Targeting;

namespace Signpost.Clicks.Classifying;

/// <summary>
/// Shares one object for the destination of each rule of a link, until the destination changes. A new one replaces the one in
/// its place; beyond a number of characters all places are emptied. For one thread.
/// </summary>
internal sealed class SharedTargets
{
    private const int Places = 1 << 17;
    private const long MostCharacters = 8 << 20;

    private readonly ClickTarget?[] _targets = new ClickTarget?[Places];
    private readonly Dictionary<AppliedRule, string> _variants = [];
    private long _characters;

    /// <param name="destination">In UTF-8; empty: the visitor was sent nowhere.</param>
    public ClickTarget Of(long linkId, AppliedRule applied, ReadOnlySpan<byte> destination)
    {
        if (destination.IsEmpty && applied == AppliedRule.None)
            return ClickTarget.None;

        var variant = VariantOf(applied);
        ref var known = ref _targets[PlaceOf(linkId, applied)];
        // Addresses are ASCII; for any other a new object is made each time.
        if (known is null || known.Variant != variant || !Ascii.Equals(destination, known.Destination))
            known = Make(destination, variant);
        return known;
    }

    private ClickTarget Make(ReadOnlySpan<byte> destination, string? variant)
    {
        if (_characters > MostCharacters)
        {
            Array.Clear(_targets);
            _characters = 0;
        }

        _characters += destination.Length;
        return new(destination.IsEmpty ? null : Encoding.UTF8.GetString(destination), variant);
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
}
