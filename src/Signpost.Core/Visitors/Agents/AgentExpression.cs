using System.Text.RegularExpressions;

namespace Signpost.Core.Visitors.Agents;

/// <summary>What uap-core calls a browser or a system, as it stands there.</summary>
public sealed record AgentFamily(string Name, string? Version);

/// <summary>One expression of uap-core, made ready when it is first needed, and what to say in place of its groups.</summary>
internal sealed class AgentExpression(string pattern, string?[] replacements)
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    private Regex? _expression;

    /// <summary>What a match says; null when there is none.</summary>
    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public AgentFamily? Match(string agent)
    {
        // The dialect is JavaScript's: \d, \w and \b know ASCII only. Two threads may make it at once; one is kept.
        _expression ??= new(pattern, RegexOptions.ECMAScript, LongestMatch);
        var match = _expression.Match(agent);
        if (!match.Success)
            return null;

        var family = Part(0, match) ?? "Other";
        string?[] version =
        [
            .. Enumerable.Range(1, 4).Select(part => Part(part, match)).TakeWhile(part => part is not null),
        ];
        return new(family, version.Length > 0 ? string.Join('.', version) : null);
    }

    private string? Part(int part, Match match)
    {
        var text = replacements[part] is { } replacement ? Fill(replacement, match) : match.Groups[part + 1].Value;
        return text.Length > 0 ? text : null;
    }

    private static string Fill(string replacement, Match match)
    {
        if (!replacement.Contains('$', StringComparison.Ordinal))
            return replacement;

        for (var group = 1; group <= 9; group++)
            replacement = replacement.Replace($"${group}", match.Groups[group].Value, StringComparison.Ordinal);
        return replacement;
    }
}
