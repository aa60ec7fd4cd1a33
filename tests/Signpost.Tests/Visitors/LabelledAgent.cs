namespace Signpost.Tests.Visitors;

/// <summary>An agent and what it truly is: device, system and browser, the latter two by the names of docs/api.md.</summary>
internal sealed record LabelledAgent(string? Device, string? System, string? Browser, string Agent)
{
    /// <summary>All of devices.tsv; a dash there is none.</summary>
    public static IReadOnlyList<LabelledAgent> All { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Visitors", "devices.tsv"))
            .Select(line => line.Split('\t'))
            .Select(one => new LabelledAgent(Label(one[0]), Label(one[1]), Label(one[2]), one[3])),
    ];

    private static string? Label(string text) => text == "-" ? null : text;
}
