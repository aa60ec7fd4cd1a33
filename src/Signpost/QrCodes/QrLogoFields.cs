using System.Collections.Frozen;
using Microsoft.OpenApi;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.QrCodes;

/// <summary>The changes that a request makes to a logo.</summary>
internal sealed record QrLogoChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Name { get; init; }

    /// <summary>A picture whose structure is right, or the address of the present one.</summary>
    public Optional<SentFile?> Picture { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static class QrLogoFields
{
    private const int LongestName = 64;

    public static FrozenDictionary<string, int> Files { get; } =
        new Dictionary<string, int> { ["picture"] = QrLogo.MostBytes }.ToFrozenDictionary();

    public static QrLogoChanges Read(FieldReader read, bool isNew)
    {
        var picture = read.File("picture", QrLogo.MostBytes, QrLogo.Problem);
        if (isNew || picture.IsPresent)
            read.Require("picture", picture, picture.Value is not null);
        return new()
        {
            Name = read.Name(LongestName, isNew),
            Picture = picture,
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    public static IEnumerable<Parameter> Parameters() =>
        [
            new("name", Describe.Limited(LongestName), "Your name for it.") { IsRequired = true, Example = "Bird" },
            new(
                "picture",
                new() { Type = JsonSchemaType.String, Format = "binary" },
                $"PNG or JPEG, at most {QrLogo.MostBytes >> 10} KiB and {QrLogo.MostSide} by {QrLogo.MostSide} pixels. A smaller copy of its pixels is kept."
            )
            {
                IsRequired = true,
                Bodies = BodyTypes.Multipart,
                Example = "(the bytes of a picture)",
            },
        ];
}
