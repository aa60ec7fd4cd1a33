using System.Diagnostics;
using System.Globalization;
using Signpost.QrCodes;
using SkiaSharp;

namespace Signpost.Benchmarks;

/// <summary>Times how long a QR code of a short address takes to draw, each with another text: with and without a logo, in each format.</summary>
internal static class QrCodes
{
    private const int WarmUps = 50;

    public static void Run(int count)
    {
        var logo = QrLogo.TryDecode(Upload())!;
        foreach (var format in QrDrawing.Formats)
        foreach (var style in QrLook.Styles)
        foreach (var with in (byte[]?[])[null, logo])
        {
            var look = QrLook.Usual with { Style = style };
            for (var i = 0; i < WarmUps; i++)
                Draw(look, with, format, -i);
            var before = Environment.CpuUsage.TotalTime;
            var times = Enumerable.Range(0, count).Select(i => Draw(look, with, format, i)).Order().ToArray();
            var used = (Environment.CpuUsage.TotalTime - before) / count;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{format}, {style}, {(with is null ? "no logo" : "a logo")}: median {Part(times, 0.5):0.00} ms, p95 {Part(times, 0.95):0.00} ms, processor time {used.TotalMilliseconds:0.00} ms"
                )
            );
        }
    }

    private static TimeSpan Draw(QrLook look, byte[]? logo, string format, int number)
    {
        var start = Stopwatch.GetTimestamp();
        var text = string.Create(CultureInfo.InvariantCulture, $"https://example.org/alias{number:D6}?qr");
        QrDrawing.Draw(QrMatrix.TryMake(text, look, logo is not null)!, look, logo, format);
        return Stopwatch.GetElapsedTime(start);
    }

    private static double Part(TimeSpan[] ordered, double part) =>
        ordered[(int)(part * (ordered.Length - 1))].TotalMilliseconds;

    // As large as an upload may be.
    private static byte[] Upload()
    {
        using var bitmap = new SKBitmap(QrLogo.MostSide, QrLogo.MostSide);
        for (var y = 0; y < bitmap.Height; y++)
        for (var x = 0; x < bitmap.Width; x++)
            bitmap.SetPixel(x, y, new((byte)(x / 8 * 8), (byte)(y / 8 * 8), (byte)((x / 16 ^ y / 16) * 4)));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
