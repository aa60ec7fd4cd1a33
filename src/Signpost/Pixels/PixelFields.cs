using System.Text.RegularExpressions;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Pixels;

/// <summary>The changes that a request makes to a pixel.</summary>
internal sealed record PixelChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Type { get; init; }
    public Optional<string?> Name { get; init; }

    /// <summary>The id that the company gave. <see cref="PixelEditor"/> checks that it fits the type.</summary>
    public Optional<string?> Pixel { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static partial class PixelFields
{
    private const int LongestName = 64;

    public static PixelChanges Read(FieldReader read, bool isNew)
    {
        var type = read.OneOf("type", PixelType.Names);
        if (isNew || type.IsPresent)
            read.Require("type", type, type.Value is not null);
        var pixel = read.Read(
            "pixel",
            TextRules.Line,
            text => Signs().IsMatch(text) ? null : $"must be 1 to {PixelType.LongestId} letters, digits, -, _ and ."
        );
        if (isNew || pixel.IsPresent)
            read.Require("pixel", pixel, pixel.Value is not null);
        return new()
        {
            Type = type,
            Name = read.Name(LongestName, isNew),
            Pixel = pixel,
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    public static IEnumerable<Parameter> Parameters() =>
        [
            new("type", Describe.OneOf(PixelType.Names), "The company of the tracker.")
            {
                IsRequired = true,
                Example = "google_analytics",
            },
            new("name", Describe.Limited(LongestName), "Your name for it.") { IsRequired = true, Example = "Shop" },
            new(
                "pixel",
                Describe.Limited(PixelType.LongestId),
                "The id that the company gave you. "
                    + string.Join("; ", PixelType.All.Select(type => $"{type.Name}: usually {type.Expected}"))
                    + "."
            )
            {
                IsRequired = true,
                Example = "G-ABC1234567",
            },
        ];

    // The same rule for every type, because ids are written into pages.
    [GeneratedRegex(@"\A(?=.*[A-Za-z0-9])[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Signs();
}
