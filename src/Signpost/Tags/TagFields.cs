using System.Text.RegularExpressions;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Links;

namespace Signpost.Tags;

/// <summary>The changes that a request makes to a tag.</summary>
internal sealed record TagChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Name { get; init; }

    /// <summary>Null asks for the default colour.</summary>
    public Optional<string?> Color { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static partial class TagFields
{
    public static TagChanges Read(FieldReader read, bool isNew) =>
        new()
        {
            Name = read.Name(LinkTags.LongestName, isNew),
            Color = read.Read(
                "color",
                TextRules.Line,
                text => Color().IsMatch(text) ? null : $"must be a colour like {LinkTags.UsualColor}"
            ),
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };

    public static IEnumerable<Parameter> Parameters() =>
        [
            new("name", Describe.Limited(LinkTags.LongestName), "The name by which links have it.")
            {
                IsRequired = true,
                Example = "Campaign",
            },
            new(
                "color",
                new() { Type = Microsoft.OpenApi.JsonSchemaType.String, Pattern = "^#[0-9a-fA-F]{6}$" },
                $"Default: {LinkTags.UsualColor}."
            )
            {
                Example = "#b45309",
            },
        ];

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Color();
}
