using System.Collections.Frozen;
using Signpost.Core.Visitors.Expressions;

namespace Signpost.Core.Visitors.Agents;

/// <summary>The names that a visitor's browser can have. Some robots have names beyond these, which nobody writes rules for.</summary>
/// <param name="lines">As for <see cref="AgentParser"/>.</param>
public sealed class KnownBrowsers(IEnumerable<string> lines)
{
    private readonly Lazy<FrozenSet<string>> _names = new(() =>
        lines
            .Select(line => line.Split('\t'))
            .Where(one => one[0] == "b")
            .SelectMany(one => FamiliesOf(one[1], one[2]))
            .Concat(OwnBrowsers.Table.Select(row => row.Name))
            .Select(family => AgentNames.BrowserOf(family) ?? family)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase)
    );

    /// <summary>Whether a rule for this browser can match a visitor. The first call takes some milliseconds.</summary>
    public bool Has(string browser) => _names.Value.Contains(browser) || AgentNames.EditionsOf(browser).Count > 0;

    // The family is a text, or the first group, or a text around it.
    private static IEnumerable<string> FamiliesOf(string expression, string family)
    {
        if (family.Length > 0 && !family.Contains('$'))
            return [family];

        var group = Find(ExpressionReader.Read(expression), 1);
        string[] texts = group is null ? [] : RequiredText.AllOf(group) ?? [];
        return family is "" ? texts : texts.Select(text => family.Replace("$1", text, StringComparison.Ordinal));
    }

    private static Expression? Find(Expression expression, int number) =>
        expression switch
        {
            Capture capture when capture.Number == number => capture.Inner,
            Capture capture => Find(capture.Inner, number),
            Repeat repeat => Find(repeat.Inner, number),
            Sequence sequence => sequence
                .Parts.Select(part => Find(part, number))
                .FirstOrDefault(found => found is not null),
            Either either => either
                .Branches.Select(one => Find(one, number))
                .FirstOrDefault(found => found is not null),
            _ => null,
        };
}
