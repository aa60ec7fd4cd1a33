using System.Diagnostics.CodeAnalysis;

namespace Signpost.Core.Links;

/// <summary>
/// What stands after the host in a short address. Shown as typed (<see cref="Text"/>), compared and stored as
/// <see cref="Key"/>, so that two spellings which differ in case or composition only are one alias.
/// </summary>
public readonly record struct Alias
{
    /// <summary>The most UTF-16 units an alias may have as typed; a buffer of this size suffices for look-ups.</summary>
    public const int LongestText = 256;

    // 31 signs that people do not mistake for each other: no 0 o 1 l i.
    private const string DrawnSigns = "23456789abcdefghjkmnpqrstuvwxyz";
    private const int DrawnLength = 7;

    private Alias(string text, string key)
    {
        Text = text;
        Key = key;
    }

    /// <summary>The alias as its owner typed it.</summary>
    public string Text { get; }

    /// <summary>The alias as it is compared: NFC, simple case fold, NFC.</summary>
    public string Key { get; }

    /// <summary>What stands before the first slash of the key: the part that may collide with the server's own routes.</summary>
    public ReadOnlySpan<char> FirstSegment => Key.AsSpan().IndexOf('/') is >= 0 and var end ? Key.AsSpan(0, end) : Key;

    public static bool TryParse([NotNullWhen(true)] string? text, out Alias alias, out string problem)
    {
        alias = default;
        problem = AliasGrammar.FindProblem(text) ?? "";
        if (problem is not "")
            return false;

        alias = new Alias(text!, AliasGrammar.MakeKey(text!));
        return true;
    }

    /// <summary>
    /// Yields the key to look up for a request's decoded path without its leading slash; one trailing slash is
    /// ignored. False: no alias can be meant. Allocates nothing for an ASCII path if <paramref name="buffer"/> is at least as long.
    /// </summary>
    public static bool TryGetKey(ReadOnlySpan<char> path, Span<char> buffer, out ReadOnlySpan<char> key)
    {
        if (path.Length is > 0 and <= LongestText && AliasGrammar.IsPlain(path))
        {
            key = path;
            return true;
        }

        return AliasGrammar.TryGetUnusualKey(path, buffer, out key);
    }

    /// <summary>Draws a new alias.</summary>
    /// <param name="drawBelow">Answers a number from 0 up to its argument, which stays outside; all equally likely.</param>
    public static Alias DrawRandom(Func<int, int> drawBelow)
    {
        var text = string.Create(
            DrawnLength,
            drawBelow,
            static (signs, drawBelow) =>
            {
                foreach (ref var sign in signs)
                    sign = DrawnSigns[drawBelow(DrawnSigns.Length)];
            }
        );

        return new Alias(text, text);
    }

    public bool Equals(Alias other) => string.Equals(Key, other.Key, StringComparison.Ordinal);

    public override int GetHashCode() => Key is null ? 0 : Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text ?? "";
}
