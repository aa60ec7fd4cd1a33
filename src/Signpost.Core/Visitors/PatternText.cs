using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Signpost.Core.Visitors;

/// <summary>Reads just enough of a regular expression to do without running it.</summary>
internal static class PatternText
{
    /// <summary>True when the pattern is plain text, with or without escapes: then it needs no expression at all.</summary>
    public static bool IsLiteral(ReadOnlySpan<char> pattern, [NotNullWhen(true)] out string? literal)
    {
        var text = new StringBuilder(pattern.Length);
        literal = null;

        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\')
            {
                if (++at == pattern.Length || char.IsAsciiLetterOrDigit(pattern[at]))
                    return false;
            }
            else if (IsOperator(pattern[at]))
            {
                return false;
            }

            text.Append(pattern[at]);
        }

        literal = text.ToString();
        return literal.Length > 0;
    }

    /// <summary>
    /// The longest text that every match contains, or null: looking for it first saves running the expression. Groups,
    /// classes and optional characters promise nothing, so they end a run; with a choice at the top nothing is sure.
    /// </summary>
    public static string? Needle(ReadOnlySpan<char> pattern)
    {
        var longest = "";
        var run = new StringBuilder();

        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] == '|')
                return null;

            var escaped = pattern[at] == '\\';
            if (pattern[at] is '(' or '[')
                at = EndOf(pattern, at);
            else if (escaped)
                at++;

            var character = at < pattern.Length ? pattern[at] : '\0';
            var promised = escaped ? !char.IsAsciiLetterOrDigit(character) : !IsOperator(character) && character != ']';
            var next = at + 1 < pattern.Length ? pattern[at + 1] : '\0';

            if (promised && next is not ('?' or '*' or '{'))
                run.Append(character);
            if (!promised || next is '?' or '*' or '{' or '+')
                longest = Longer(longest, run);
        }

        longest = Longer(longest, run);
        return longest.Length > 0 ? longest : null;
    }

    private static string Longer(string longest, StringBuilder run)
    {
        var text = run.ToString();
        run.Clear();
        return text.Length > longest.Length ? text : longest;
    }

    /// <summary>Where the group or class that opens at <paramref name="start"/> closes.</summary>
    private static int EndOf(ReadOnlySpan<char> pattern, int start)
    {
        var depth = 0;
        var inClass = false;

        for (var at = start; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    at++;
                    continue;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    depth++;
                    break;
                case ')' when !inClass:
                    depth--;
                    break;
                default:
                    continue;
            }

            if (depth == 0 && !inClass)
                return at;
        }

        return pattern.Length;
    }

    private static bool IsOperator(char character) => @"^$.|?*+()[]{}\".Contains(character);
}
