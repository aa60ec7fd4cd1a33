using System.Globalization;
using System.Text;

namespace Signpost.QrCodes;

/// <summary>
/// The dark shapes of a QR code as path data of SVG, in modules, for the fill rule evenodd. All formats are drawn from it.
/// </summary>
internal static class QrShapes
{
    public static string PathOf(QrMatrix code, string style)
    {
        var path = new StringBuilder();
        if (style is "square")
        {
            AddRuns(path, code);
            return path.ToString();
        }

        // Scanners look for the three squares first, so they are never dots.
        var far = code.Side - QrMatrix.Finder;
        foreach (var (x, y) in ((int, int)[])[(0, 0), (far, 0), (0, far)])
            AddFinder(path, x, y);
        for (var y = 0; y < code.Side; y++)
        for (var x = 0; x < code.Side; x++)
            if (code.IsDark(x, y) && !code.IsFinder(x, y))
                if (style is "dots")
                    AddDot(path, x, y);
                else
                    AddRounded(path, code, x, y);
        return path.ToString();
    }

    // A rectangle for each run of dark modules in a row.
    private static void AddRuns(StringBuilder path, QrMatrix code)
    {
        for (var y = 0; y < code.Side; y++)
        for (var x = 0; x < code.Side; x++)
        {
            var start = x;
            while (code.IsDark(x, y))
                x++;
            if (x > start)
                path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1h-{x - start}z");
        }
    }

    private static void AddFinder(StringBuilder path, int x, int y)
    {
        AddSquare(path, x, y, QrMatrix.Finder, 2);
        AddSquare(path, x + 1, y + 1, 5, 1);
        AddSquare(path, x + 2, y + 2, 3, 1);
    }

    private static void AddSquare(StringBuilder path, int x, int y, int side, int radius)
    {
        var line = side - 2 * radius;
        path.Append(
            CultureInfo.InvariantCulture,
            $"M{x + radius} {y}h{line}a{radius} {radius} 0 0 1 {radius} {radius}v{line}a{radius} {radius} 0 0 1 -{radius} {radius}"
        );
        path.Append(
            CultureInfo.InvariantCulture,
            $"h-{line}a{radius} {radius} 0 0 1 -{radius} -{radius}v-{line}a{radius} {radius} 0 0 1 {radius} -{radius}z"
        );
    }

    // Dots as large as modules would touch and look like rounded ones.
    private static void AddDot(StringBuilder path, int x, int y) =>
        path.Append(CultureInfo.InvariantCulture, $"M{x}.05 {y}.5a.45 .45 0 1 1 .9 0a.45 .45 0 1 1 -.9 0z");

    // A corner is rounded where no dark module touches it.
    private static void AddRounded(StringBuilder path, QrMatrix code, int x, int y)
    {
        var (up, down) = (code.IsDark(x, y - 1), code.IsDark(x, y + 1));
        var (left, right) = (code.IsDark(x - 1, y), code.IsDark(x + 1, y));
        path.Append(CultureInfo.InvariantCulture, $"M{x}.5 {y}")
            .Append(up || right ? "h.5v.5" : "a.5 .5 0 0 1 .5 .5")
            .Append(right || down ? "v.5h-.5" : "a.5 .5 0 0 1 -.5 .5")
            .Append(down || left ? "h-.5v-.5" : "a.5 .5 0 0 1 -.5 -.5")
            .Append(left || up ? "v-.5h.5z" : "a.5 .5 0 0 1 .5 -.5z");
    }
}
