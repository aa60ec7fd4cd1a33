using System.Globalization;
using System.Text;
using QRCoder;

namespace Signpost.Dashboard.Account;

/// <summary>A QR code as one path of an inline SVG.</summary>
/// <param name="Path">A rectangle for each run of dark modules.</param>
/// <param name="Size">Modules along a side, with the quiet zone.</param>
internal sealed record QrCode(string Path, int Size)
{
    public static QrCode Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        for (var x = 0; x < rows[y].Length; x++)
        {
            var start = x;
            while (x < rows[y].Length && rows[y][x])
                x++;
            if (x > start)
                path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
        }

        return new(path.ToString(), rows.Count);
    }
}
