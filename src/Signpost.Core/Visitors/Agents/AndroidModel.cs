using System.Buffers;

namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Finds the model in an Android agent: <c>SM-X115</c> in <c>(Linux; U; Android 16; en-us; SM-X115 Build/BP2A; wv)</c>.
/// </summary>
internal static class AndroidModel
{
    private const string Android = "Android ";
    private const string Build = " Build/";

    /// <summary>The place of the model; empty: there is none.</summary>
    public static (int Start, int Length) Find(ReadOnlySpan<char> agent)
    {
        var android = agent.IndexOf(Android);
        if (android < 0 || agent[android..].IndexOf(';') is not (> 0 and var semicolon))
            return default;

        var at = android + semicolon + 1;
        var end = agent[at..].IndexOf(')') is >= 0 and var close ? at + close : agent.Length;
        if (agent[android..at].Contains(')'))
            return default;
        while (at < end)
        {
            var piece = agent[at..end];
            piece = piece.IndexOf(';') is >= 0 and var next ? piece[..next] : piece;
            var model = piece.IndexOf(Build) is >= 0 and var build ? piece[..build] : piece;
            var trimmed = model.Trim();
            if (!trimmed.IsEmpty && !IsOther(trimmed))
                return IsProgram(trimmed) ? default : (at + model.IndexOf(trimmed), trimmed.Length);
            at += piece.Length + 1;
        }

        return default;
    }

    /// <summary>The model; empty: there is none.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> agent)
    {
        var (start, length) = Find(agent);
        return agent.Slice(start, length);
    }

    // Encryption, kinds of devices and systems, and languages as in en-us.
    private static bool IsOther(ReadOnlySpan<char> piece) =>
        piece is "U" or "wv" or "Mobile" or "Tablet" or "HarmonyOS" or "arm_64" or "arm"
        || (
            piece.Length is 2 or 5
            && char.IsAsciiLetterLower(piece[0])
            && char.IsAsciiLetterLower(piece[1])
            && (piece.Length == 2 || (piece[2] is '-' or '_' && !piece[3..].ContainsAnyExcept(Letters)))
        );

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    // Robots that pass for phones name themselves here, with a version or an address.
    private static bool IsProgram(ReadOnlySpan<char> piece) =>
        piece.Contains('/') || piece.Contains('@') || piece is "compatible" || piece.StartsWith("rv:");
}
