using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Core.Links;

namespace Signpost.QrCodes;

/// <summary>The changes that a request makes to a QR code.</summary>
internal sealed record QrCodeChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Name { get; init; }

    /// <summary>The address to code, or the destination of a new link.</summary>
    public Optional<TargetUrl?> Url { get; init; }

    /// <summary>The address becomes the destination of a new link.</summary>
    public Optional<bool> UrlDynamic { get; init; }

    public Optional<long?> LinkId { get; init; }
    public required QrLookChanges Look { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static class QrCodeFields
{
    public const string OnlyType = "url";
    private const int LongestName = 64;

    public static QrCodeChanges Read(FieldReader read, bool isNew)
    {
        read.OneOf("type", OnlyType);
        return new()
        {
            Name = read.Name(LongestName, isNew),
            Url = read.Target("url"),
            UrlDynamic = read.Switch("url_dynamic", isNew),
            LinkId = read.Number("link_id", _ => null),
            Look = QrLookFields.Read(read),
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    public static IEnumerable<Parameter> Parameters() =>
        [
            new("name", Describe.Limited(LongestName), "Your name for it.") { IsRequired = true, Example = "Poster" },
            new("type", Describe.OneOf(OnlyType), "There is only this one."),
            new("url", Describe.Address(), "The address to code; with url_dynamic=1 the destination of a new link.")
            {
                Example = "https://example.org/",
            },
            new(
                "url_dynamic",
                Describe.Flag(),
                "1: a link is created that leads to url, and its short address is coded. 0, the default: url itself is coded."
            ),
            new("link_id", Describe.Whole(1), "One of your links, whose short address is coded, in place of url."),
            .. QrLookFields.Parameters(),
        ];
}
