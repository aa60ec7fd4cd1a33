using System.Diagnostics.CodeAnalysis;

namespace Signpost.Core.Links;

/// <summary>
/// The part of a short address after the host. It is shown as typed, and compared and stored as a key, which depends on the rule of its
/// domain. Spellings that differ only in composition have one key; by <see cref="AliasCase.Ignored"/> also those that differ in case.
/// </summary>
public readonly record struct Alias
{
    /// <summary>The most UTF-16 units an alias may have as typed; a buffer of this size suffices for look-ups.</summary>
    public const int LongestText = 256;

    // Characters that people do not confuse: no 0 o O 1 l i I.
    private const string LowerSigns = "23456789abcdefghjkmnpqrstuvwxyz";
    private const string AllSigns = LowerSigns + "ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const int DrawnLength = 7;

    private Alias(string text) => Text = text;

    /// <summary>The alias as its owner typed it.</summary>
    public string Text { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out Alias alias, out string problem)
    {
        alias = default;
        problem = AliasGrammar.FindProblem(text) ?? "";
        if (problem is not "")
            return false;

        alias = new Alias(text!);
        return true;
    }

    /// <summary>The key of an alias, or of a key: NFC, by <see cref="AliasCase.Ignored"/> simple case fold, NFC.</summary>
    /// <param name="text">A valid alias.</param>
    public static string KeyOf(string text, AliasCase rule) => AliasGrammar.MakeKey(text, rule);

    /// <summary>
    /// Makes the key for a request's decoded path without its leading slash; one trailing slash is
    /// ignored. False: the path is no alias. Allocates nothing for an ASCII path if <paramref name="buffer"/> is at least as long.
    /// </summary>
    /// <param name="rule">The rule of the domain.</param>
    public static bool TryGetKey(ReadOnlySpan<char> path, AliasCase rule, Span<char> buffer, out ReadOnlySpan<char> key)
    {
        if (path.Length is > 0 and <= LongestText && AliasGrammar.IsPlain(path, rule))
        {
            key = path;
            return true;
        }

        return AliasGrammar.TryGetUnusualKey(path, rule, buffer, out key);
    }

    /// <summary>
    /// Tells whether a path ends with the alias in the case of its owner. Allocates nothing for ASCII.
    /// </summary>
    /// <param name="path">A decoded path that leads to the link, or to one of its interstitials.</param>
    /// <param name="alias">A valid alias.</param>
    public static bool IsInCaseOf(ReadOnlySpan<char> path, string alias)
    {
        if (path.EndsWith(alias))
            return true;

        var asked = path is ['/', .. var rest] ? rest : path;
        return !TryGetKey(asked, AliasCase.Kept, [], out var key) || key.EndsWith(KeyOf(alias, AliasCase.Kept));
    }

    /// <summary>Draws a new alias. It is its own key: by <see cref="AliasCase.Kept"/> it has letters of both cases.</summary>
    /// <param name="drawBelow">Returns a number from 0 up to, but not including, its argument; all equally likely.</param>
    public static string DrawRandom(AliasCase rule, Func<int, int> drawBelow) =>
        string.Create(
            DrawnLength,
            (Signs: rule is AliasCase.Kept ? AllSigns : LowerSigns, Draw: drawBelow),
            static (drawn, from) =>
            {
                foreach (ref var sign in drawn)
                    sign = from.Signs[from.Draw(from.Signs.Length)];
            }
        );

    /// <summary>The path of an alias as typed, without a leading slash: letters that are not ASCII are escaped, so that it works everywhere.</summary>
    public static string PathOf(string text) => string.Join('/', text.Split('/').Select(Uri.EscapeDataString));

    public override string ToString() => Text ?? "";
}
