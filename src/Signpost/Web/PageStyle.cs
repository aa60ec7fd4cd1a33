using System.Security.Cryptography;
using System.Text;

namespace Signpost.Web;

/// <summary>A style that is written into a page, so that the page is one request.</summary>
internal sealed class PageStyle
{
    /// <summary>Colours, type and our mark, for the page around the API viewer.</summary>
    public static PageStyle Base { get; } = new("base.css");

    /// <summary>The style of all other pages.</summary>
    public static PageStyle Whole { get; } = new("base.css", "pages.css");

    /// <summary>The style of the page around a frame.</summary>
    public static PageStyle Cloak { get; } = new("cloak.css");

    /// <summary>The style of the page with a link's public statistics.</summary>
    public static PageStyle PublicStatistics { get; } = new("base.css", "pages.css", "public-statistics.css");

    /// <summary>The style of the pages for people who sign in.</summary>
    public static PageStyle People { get; } = new("base.css", "pages.css", "people.css");

    private PageStyle(params ReadOnlySpan<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
            Append(text, file);

        Text = text.ToString();
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";
    }

    public string Text { get; }

    /// <summary>Its name in a content security policy.</summary>
    public string Source { get; }

    // Line ends and indents are removed: they would be a tenth of every page.
    private static void Append(StringBuilder text, string file)
    {
        using var stream = typeof(PageStyle).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            text.Append(line.AsSpan().Trim());
    }
}
