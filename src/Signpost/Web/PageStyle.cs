using System.Security.Cryptography;
using System.Text;

namespace Signpost.Web;

/// <summary>A style that is written into a page, so that the page is one request.</summary>
internal sealed class PageStyle
{
    /// <summary>Colours, type and our mark: what the page around the API viewer needs.</summary>
    public static PageStyle Base { get; } = new("base.css");

    /// <summary>What all other pages need.</summary>
    public static PageStyle Whole { get; } = new("base.css", "pages.css");

    /// <summary>What the page around a frame needs.</summary>
    public static PageStyle Cloak { get; } = new("cloak.css");

    /// <summary>What the page with a link's public statistics needs.</summary>
    public static PageStyle PublicStatistics { get; } = new("base.css", "pages.css", "public-statistics.css");

    /// <summary>What the pages of people who sign in need.</summary>
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

    /// <summary>What a content security policy calls it.</summary>
    public string Source { get; }

    // Without line ends and indents: they would be a tenth of every page.
    private static void Append(StringBuilder text, string file)
    {
        using var stream = typeof(PageStyle).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            text.Append(line.AsSpan().Trim());
    }
}
