using Signpost.Core.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>
/// An agent and what it truly is: a person, a robot or a preview; of a person also device, system and browser, the latter two by
/// the names of docs/api.md.
/// </summary>
internal sealed record LabelledAgent(
    VisitorClass Visitor,
    string? Device,
    string? System,
    string? Browser,
    string Agent
)
{
    /// <summary>All of agents.tsv; a dash there is none.</summary>
    public static IReadOnlyList<LabelledAgent> All { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Visitors", "agents.tsv"))
            .Select(line => line.Split('\t'))
            .Select(one => new LabelledAgent(
                Enum.Parse<VisitorClass>(one[0], ignoreCase: true),
                Label(one[1]),
                Label(one[2]),
                Label(one[3]),
                one[4]
            )),
    ];

    public static IEnumerable<LabelledAgent> People => All.Where(one => one.Visitor is VisitorClass.Person);

    private static string? Label(string text) => text == "-" ? null : text;
}
