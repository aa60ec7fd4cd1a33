using System.Text.RegularExpressions;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;

namespace Signpost.QrCodes;

/// <summary>The parts of a look that a request sends.</summary>
internal sealed record QrLookChanges(
    Optional<long?> Size,
    Optional<long?> Margin,
    Optional<string?> ErrorCorrection,
    Optional<string?> Foreground,
    Optional<string?> Background,
    Optional<string?> Style,
    Optional<long?> Logo
)
{
    /// <summary>The look after the changes. A cleared part gets its default.</summary>
    public QrLook Apply(QrLook look)
    {
        var usual = QrLook.Usual;
        return new(
            Size.IsPresent ? (int)(Size.Value ?? usual.Size) : look.Size,
            Margin.IsPresent ? (int)(Margin.Value ?? usual.Margin) : look.Margin,
            ErrorCorrection.IsPresent ? ErrorCorrection.Value ?? usual.ErrorCorrection : look.ErrorCorrection,
            Foreground.IsPresent ? Foreground.Value?.ToLowerInvariant() ?? usual.Foreground : look.Foreground,
            Background.IsPresent ? Background.Value?.ToLowerInvariant() ?? usual.Background : look.Background,
            Style.IsPresent ? Style.Value ?? usual.Style : look.Style,
            Logo.IsPresent ? Logo.Value : look.LogoId
        );
    }
}

/// <summary>Reads and describes how a QR code looks.</summary>
internal static partial class QrLookFields
{
    public static QrLookChanges Read(FieldReader read) =>
        new(
            Whole(read, "size", QrLook.LeastSize, QrLook.MostSize),
            Whole(read, "margin", QrLook.LeastMargin, QrLook.MostMargin),
            read.OneOf("error_correction", QrLook.Levels),
            Colour(read, "foreground"),
            Colour(read, "background"),
            read.OneOf("style", QrLook.Styles),
            read.Number("logo", _ => null)
        );

    public static IEnumerable<Parameter> Parameters() =>
        [
            new(
                "size",
                Describe.Between(QrLook.LeastSize, QrLook.MostSize),
                $"The length of a side in pixels, two or more for each module. Default: {QrLook.Usual.Size}."
            ),
            new(
                "margin",
                Describe.Between(QrLook.LeastMargin, QrLook.MostMargin),
                $"The light border, in modules. Default: {QrLook.Usual.Margin}."
            ),
            new(
                "error_correction",
                Describe.OneOf(QrLook.Levels),
                $"How much of the code may be damaged: L 7 %, M 15 %, Q 25 %, H 30 %. Default: {QrLook.Usual.ErrorCorrection}. With a logo it is always H."
            ),
            new("foreground", Hex(), $"The colour of the modules. Default: {QrLook.Usual.Foreground}."),
            new(
                "background",
                Hex(),
                $"It must be lighter than the foreground, with a contrast of {QrLook.LeastContrast} to 1 or more. Default: {QrLook.Usual.Background}."
            ),
            new("style", Describe.OneOf(QrLook.Styles), $"The form of the modules. Default: {QrLook.Usual.Style}."),
            new("logo", Describe.Whole(1), "The id of one of your logos (/api/qr-logos), for the middle."),
        ];

    private static Optional<long?> Whole(FieldReader read, string name, int least, int most) =>
        read.Number(name, number => number >= least && number <= most ? null : $"must be from {least} to {most}");

    private static Optional<string?> Colour(FieldReader read, string name) =>
        read.Read(name, TextRules.Line, text => Form().IsMatch(text) ? null : "must be a colour like #0f766e");

    private static Microsoft.OpenApi.OpenApiSchema Hex() =>
        new() { Type = Microsoft.OpenApi.JsonSchemaType.String, Pattern = "^#[0-9a-fA-F]{6}$" };

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Form();
}
