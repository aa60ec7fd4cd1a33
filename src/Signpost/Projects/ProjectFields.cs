using System.Text.RegularExpressions;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Projects;

/// <summary>The changes that a request makes to a project.</summary>
internal sealed record ProjectChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Name { get; init; }

    /// <summary>In lower case; null asks for the default colour.</summary>
    public Optional<string?> Color { get; init; }

    public Optional<bool> StatisticsIsPublic { get; init; }
    public Optional<string?> StatisticsPublicTitle { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static partial class ProjectFields
{
    public const string UsualColor = "#0f766e";
    private const int LongestName = 64;
    private const int LongestTitle = 256;

    public static ProjectChanges Read(FieldReader read, bool isNew) =>
        new()
        {
            Name = read.Name(LongestName, isNew),
            Color = read.Read(
                "color",
                TextRules.Line,
                text => Color().IsMatch(text) ? null : "must be a colour like #0f766e"
            ),
            StatisticsIsPublic = read.Switch("statistics_is_public", isNew),
            StatisticsPublicTitle = read.Text("statistics_public_title", LongestTitle),
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };

    public static IEnumerable<Parameter> Parameters() =>
        [
            new("name", Describe.Limited(LongestName), "Your name for it.") { IsRequired = true, Example = "Spring" },
            new(
                "color",
                new() { Type = Microsoft.OpenApi.JsonSchemaType.String, Pattern = "^#[0-9a-fA-F]{6}$" },
                $"Default: {UsualColor}."
            )
            {
                Example = "#b45309",
            },
            new(
                "statistics_is_public",
                Describe.Flag(),
                "1: everybody who knows statistics_url can read the statistics of the project. If you turn it off and on again, the address changes."
            ),
            new(
                "statistics_public_title",
                Describe.Limited(LongestTitle),
                "The title of the page at statistics_url. Empty: the page does not name the project."
            ),
        ];

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Color();
}
