using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Signpost.QrCodes;

/// <summary>Draws a QR code as SVG, PNG or PDF: the same shapes in each.</summary>
internal static class QrDrawing
{
    public static readonly string[] Formats = ["svg", "png", "pdf"];

    /// <summary>Below this, a code on a screen cannot be scanned.</summary>
    private const int LeastPixels = 2;

    // A pixel of CSS is 1/96 inch, a point of PDF 1/72.
    private const float PointsPerPixel = 0.75f;

    // The light ring between the logo and the modules, in modules.
    private const float LogoRing = 0.5f;

    // Rows of modules repeat, so the difference to the row above is nothing, and packs well and fast.
    private static readonly SKPngEncoderOptions Png = new(SKPngEncoderFilterFlags.Up, zLibLevel: 6);

    public static string ContentTypeOf(string format) =>
        format switch
        {
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "pdf" => "application/pdf",
            var unknown => throw new ArgumentOutOfRangeException(nameof(format), unknown, null),
        };

    /// <summary>The smallest size in pixels that shows all modules of this code.</summary>
    public static int LeastSize(QrMatrix code, QrLook look) => LeastPixels * (code.Side + 2 * look.Margin);

    /// <param name="logo">A PNG; null: none.</param>
    public static byte[] Draw(QrMatrix code, QrLook look, byte[]? logo, string format) =>
        Draw(new(look, code.Side, QrShapes.PathOf(code, look.Style), logo, code.LogoSide), format);

    /// <summary>A picture that stands for a code whose link is gone: a crossed square, which no scanner reads.</summary>
    public static byte[] DrawGone(QrLook look, string format) =>
        Draw(
            new(
                look,
                10,
                "M0 0h10v10h-10zM1 .3L5 4.3L9 .3L9.7 1L5.7 5L9.7 9L9 9.7L5 5.7L1 9.7L.3 9L4.3 5L.3 1z",
                null,
                0
            ),
            format
        );

    private static byte[] Draw(Drawing drawing, string format) =>
        format switch
        {
            "svg" => Svg(drawing),
            "png" => DrawPng(drawing),
            _ => DrawPdf(drawing),
        };

    private static byte[] Svg(Drawing drawing)
    {
        var (look, whole, logo) = (drawing.Look, drawing.Whole, drawing.LogoPlace);
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{look.Size}" height="{look.Size}" viewBox="0 0 {whole} {whole}">"""
        );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<rect width="{whole}" height="{whole}" fill="{look.Background}"/>"""
        );
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""<path transform="translate({look.Margin} {look.Margin})" fill="{look.Foreground}" fill-rule="evenodd" d="{drawing.Path}"/>"""
        );
        if (drawing.Logo is { } picture)
            svg.Append(
                CultureInfo.InvariantCulture,
                $"""<image x="{logo.Left}" y="{logo.Top}" width="{logo.Width}" height="{logo.Height}" href="data:image/png;base64,{Convert.ToBase64String(picture)}"/>"""
            );
        return Encoding.ASCII.GetBytes(svg.Append("</svg>").ToString());
    }

    // Each module has the same whole number of pixels; the rest is border.
    private static byte[] DrawPng(Drawing drawing)
    {
        var size = drawing.Look.Size;
        var scale = size / drawing.Whole;
        using var surface = SKSurface.Create(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rest = (size - scale * drawing.Whole) / 2;
        Paint(surface.Canvas, drawing, rest, scale);
        using var pixels = surface.PeekPixels();
        using var png = pixels.Encode(Png)!;
        return png.ToArray();
    }

    private static byte[] DrawPdf(Drawing drawing)
    {
        var side = drawing.Look.Size * PointsPerPixel;
        using var stream = new MemoryStream();
        using (var document = SKDocument.CreatePdf(stream))
        {
            Paint(document.BeginPage(side, side), drawing, 0, side / drawing.Whole);
            document.EndPage();
            document.Close();
        }

        return stream.ToArray();
    }

    private static void Paint(SKCanvas canvas, Drawing drawing, float offset, float scale)
    {
        canvas.Clear(SKColor.Parse(drawing.Look.Background));
        canvas.Translate(offset, offset);
        canvas.Scale(scale);
        using var path = SKPath.ParseSvgPathData(drawing.Path);
        using var filled = new SKPathBuilder(path) { FillType = SKPathFillType.EvenOdd };
        using var shapes = filled.Detach();
        using var paint = new SKPaint { Color = SKColor.Parse(drawing.Look.Foreground), IsAntialias = true };
        canvas.Translate(drawing.Look.Margin, drawing.Look.Margin);
        canvas.DrawPath(shapes, paint);
        canvas.Translate(-drawing.Look.Margin, -drawing.Look.Margin);
        if (drawing.Logo is null)
            return;
        using var logo = SKImage.FromEncodedData(drawing.Logo);
        canvas.DrawImage(
            logo,
            Fitted(logo, drawing.LogoPlace),
            new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear),
            null
        );
    }

    // As an image of SVG is fitted: whole, in the middle.
    private static SKRect Fitted(SKImage logo, SKRect place) => place.AspectFit(new SKSize(logo.Width, logo.Height));

    private sealed record Drawing(QrLook Look, int Side, string Path, byte[]? Logo, int LogoSide)
    {
        /// <summary>Modules along a side, with the border.</summary>
        public int Whole => Side + 2 * Look.Margin;

        public SKRect LogoPlace =>
            SKRect.Create(
                (Whole - LogoSide) / 2f + LogoRing,
                (Whole - LogoSide) / 2f + LogoRing,
                LogoSide - 2 * LogoRing,
                LogoSide - 2 * LogoRing
            );
    }
}
