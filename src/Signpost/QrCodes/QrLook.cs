using System.Globalization;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>How a QR code looks.</summary>
/// <param name="Size">The length of a side, in pixels.</param>
/// <param name="Margin">The light border, in modules.</param>
/// <param name="ErrorCorrection">L, M, Q or H. With a logo, H is used.</param>
/// <param name="Foreground">As in <c>#000000</c>.</param>
/// <param name="Style">One of <see cref="Styles"/>.</param>
internal sealed record QrLook(
    int Size,
    int Margin,
    string ErrorCorrection,
    string Foreground,
    string Background,
    string Style,
    long? LogoId
)
{
    public const int LeastSize = 64;
    public const int MostSize = 2048;
    public const int LeastMargin = 2;
    public const int MostMargin = 16;

    /// <summary>Scanners read a code of less contrast only in good light. Black on white has 21.</summary>
    public const double LeastContrast = 3;

    public static readonly string[] Levels = ["L", "M", "Q", "H"];
    public static readonly string[] Styles = ["square", "rounded", "dots"];

    public static QrLook Usual { get; } = new(512, 4, "M", "#000000", "#ffffff", Styles[0], null);

    public static QrLook Of(QrCodeRow row) =>
        new(row.Size, row.Margin, row.ErrorCorrection, row.Foreground, row.Background, row.Style, row.LogoId);

    public void WriteTo(QrCodeRow row)
    {
        (row.Size, row.Margin, row.ErrorCorrection, row.LogoId) = (Size, Margin, ErrorCorrection, LogoId);
        (row.Foreground, row.Background, row.Style) = (Foreground, Background, Style);
    }

    /// <summary>The reason why scanners cannot read these colours; null: they can.</summary>
    public string? ColourProblem()
    {
        var (dark, light) = (Luminance(Foreground), Luminance(Background));
        if (dark >= light)
            return "foreground must be darker than background: many scanners cannot read a light code on a dark ground.";
        // The contrast of WCAG 2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
        var contrast = (light + 0.05) / (dark + 0.05);
        return contrast >= LeastContrast
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"foreground and background have a contrast of {Math.Floor(contrast * 10) / 10:0.0} to 1. Scanners need {LeastContrast} to 1 or more."
            );
    }

    private static double Luminance(string colour)
    {
        var number = int.Parse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return 0.2126 * Linear(number >> 16) + 0.7152 * Linear((number >> 8) & 255) + 0.0722 * Linear(number & 255);
    }

    private static double Linear(int part)
    {
        var share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
