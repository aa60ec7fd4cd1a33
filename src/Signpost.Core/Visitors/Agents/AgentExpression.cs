using System.Globalization;
using Signpost.Core.Visitors.Expressions;

namespace Signpost.Core.Visitors.Agents;

/// <summary>The name of a browser or a system in uap-core.</summary>
public sealed record AgentFamily(string Name, string? Version);

/// <summary>One expression of uap-core, and the texts that replace its groups.</summary>
internal sealed class AgentExpression(Expression expression, string?[] replacements)
{
    private const int MostParts = 4;

    private readonly Matcher _matcher = new(expression);

    /// <summary>The family of a match; null if there is no match.</summary>
    /// <param name="steps">As for <see cref="Matcher.TryMatch"/>.</param>
    public AgentFamily? Match(string agent, ref int steps)
    {
        Span<int> places = stackalloc int[_matcher.Places];
        if (!_matcher.TryMatch(agent, places, ref steps))
            return null;

        var family = Part(0, agent, places) ?? "Other";
        List<string> version = [];
        while (version.Count < MostParts && Part(version.Count + 1, agent, places) is { } part)
            version.Add(part);
        return new(family, version.Count > 0 ? string.Join('.', version) : null);
    }

    private string? Part(int part, string agent, ReadOnlySpan<int> places)
    {
        var text = replacements[part] is { } replacement
            ? Fill(replacement, agent, places)
            : Group(part + 1, agent, places);
        return text.Length > 0 ? text : null;
    }

    private static string Fill(string replacement, string agent, ReadOnlySpan<int> places)
    {
        if (!replacement.Contains('$', StringComparison.Ordinal))
            return replacement;

        for (var group = 1; group <= 9; group++)
            replacement = replacement.Replace(
                string.Create(CultureInfo.InvariantCulture, $"${group}"),
                Group(group, agent, places),
                StringComparison.Ordinal
            );
        return replacement;
    }

    private static string Group(int group, string agent, ReadOnlySpan<int> places) =>
        group * 2 < places.Length && places[group * 2 + 1] >= 0 ? agent[places[group * 2]..places[group * 2 + 1]] : "";
}
