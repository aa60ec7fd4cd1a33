using System.Security.Cryptography;
using System.Text;

namespace Signpost.Pages;

/// <summary>The one style of all pages, written into each so that a page is one request.</summary>
internal static class PageStyle
{
    public static string Text { get; } = Read();

    /// <summary>What a content security policy calls it.</summary>
    public static string Source { get; } =
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";

    private static string Read()
    {
        using var stream = typeof(PageStyle).Assembly.GetManifestResourceStream("pages.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
