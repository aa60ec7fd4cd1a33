using System.Security.Cryptography;
using System.Text;

namespace Signpost.Redirects.Pages;

/// <summary>A script of our own that is written into a page; it reads everything about the link from the page.</summary>
internal sealed class PageScript
{
    /// <summary>Continues when all pixels have loaded, after a second at the latest.</summary>
    public static PageScript Continue { get; } = new("continue.js");

    /// <summary>Opens the app, and continues to the web if no app opens.</summary>
    public static PageScript OpenApp { get; } = new("open-app.js");

    private PageScript(string file)
    {
        using var stream = typeof(PageScript).Assembly.GetManifestResourceStream(file)!;
        using var reader = new StreamReader(stream);
        var text = new StringBuilder();
        while (reader.ReadLine() is { } line)
            if (!line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                text.Append(line.Trim()).Append('\n');

        Text = text.ToString();
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";
    }

    public string Text { get; }

    /// <summary>Its name in a content security policy.</summary>
    public string Source { get; }
}
