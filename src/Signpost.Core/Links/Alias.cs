using System.Diagnostics.CodeAnalysis;

namespace Signpost.Core.Links;

/// <summary>
/// The part of a short address after the host. It is shown as typed (<see cref="Text"/>), compared and stored as
/// <see cref="Key"/>, so that spellings which differ only in case or composition are one alias.
/// </summary>
public readonly record struct Alias
{
    /// <summary>The most UTF-16 units an alias may have as typed; a buffer of this size suffices for look-ups.</summary>
    public const int LongestText = 256;

    // 31 characters that people do not confuse: no 0 o 1 l i.
    private const string DrawnSigns = "23456789abcdefghjkmnpqrstuvwxyz";
    private const int DrawnLength = 7;

    private Alias(string text, string key)
    {
        Text = text;
        Key = key;
    }

    /// <summary>The alias as its owner typed it.</summary>
    public string Text { get; }

    /// <summary>The key for comparing: NFC, simple case fold, NFC.</summary>
    public string Key { get; }

    /// <summary>The part of the key before the first slash, which could collide with the server's own routes.</summary>
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
    /// Makes the key for a request's decoded path without its leading slash; one trailing slash is
    /// ignored. False: the path is no alias. Allocates nothing for an ASCII path if <paramref name="buffer"/> is at least as long.
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
    /// <param name="drawBelow">Returns a number from 0 up to, but not including, its argument; all equally likely.</param>
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

    /// <summary>The path of an alias as typed, without a leading slash: letters that are not ASCII are escaped, so that it works everywhere.</summary>
    public static string PathOf(string text) => string.Join('/', text.Split('/').Select(Uri.EscapeDataString));

    public bool Equals(Alias other) => string.Equals(Key, other.Key, StringComparison.Ordinal);

    public override int GetHashCode() => Key is null ? 0 : Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text ?? "";
}
