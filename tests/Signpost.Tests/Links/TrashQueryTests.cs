using System.Text.RegularExpressions;

namespace Signpost.Tests.Links;

/// <summary>
/// Each plain SQL query over links decides about the trash: in use only, or also in the trash. Queries of Entity Framework leave the trash
/// out by themselves.
/// </summary>
public sealed partial class TrashQueryTests
{
    /// <summary>They see links in the trash, too: these keep their clicks and aliases, and change and go as all others.</summary>
    private static readonly string[] WithTrash =
    [
        "Addressing/MainDomainCase.cs",
        "ClickStore/ClickErasure.cs",
        "ClickStore/ClickRanks.cs",
        "ClickStore/LinkCounts.cs",
        "ClickStore/Rollups/DayRollups.cs",
        "ClickStore/ScopeLinks.cs",
        "Clicks/Classifying/LinkDestinations.cs",
        "Clicks/LinkOwners.cs",
        "Domains/CaseChange.cs",
        "Domains/GuestNotices.cs",
        "Links/CaseCollisions.cs",
        "Links/LinkIndexing.cs",
        "Links/LinkLoops.cs",
        "Links/LinkMoves.cs",
        "Links/LinkRelease.cs",
        "Links/LinkTags.cs",
        "Links/Trash/TrashKeeper.cs",
        "Links/Versions/LinkHistory.cs",
        "Storage/AliasKeys.cs",
        "Storage/KeptResponses.cs",
        "Storage/LinkTexts.cs",
        "Storage/Moving/SqliteCopy.cs",
    ];

    /// <summary>LinkReading takes its conditions from LinkConditions.</summary>
    private static readonly Dictionary<string, (string File, string Says)> WithoutTrash = new()
    {
        ["Links/LinkReading.cs"] = ("Links/LinkConditions.cs", "deleted_at IS NULL"),
        ["Redirects/PlanLoader.cs"] = ("Redirects/PlanLoader.cs", "DeletedAt: null"),
    };

    [Fact]
    public void Every_file_with_SQL_over_links_decides_about_the_trash()
    {
        var source = Path.Combine(ArchitectureTests.Root, "src/Signpost");
        var files = Directory
            .EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(source, file), Text: File.ReadAllText(file)))
            .Where(file => !file.Path.Contains("/Migrations/", StringComparison.Ordinal))
            .Where(file => !file.Path.StartsWith("obj", StringComparison.Ordinal))
            .ToDictionary(file => file.Path, file => file.Text);

        var queries = files.Where(file => OverLinks().IsMatch(file.Value)).Select(file => file.Key);

        Assert.Equal(
            WithTrash.Concat(WithoutTrash.Keys).Order(StringComparer.Ordinal),
            queries.Order(StringComparer.Ordinal)
        );
        Assert.All(WithoutTrash.Values, one => Assert.Contains(one.Says, files[one.File], StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\b(FROM|JOIN|UPDATE|INTO) links\b")]
    private static partial Regex OverLinks();
}
