using Microsoft.Playwright;

namespace Signpost.BrowserTests;

/// <summary>The looks in which every page is checked.</summary>
internal static class Looks
{
    public static MatrixTheoryData<string, Screen, ColorScheme> Of(params string[] pages) =>
        new(pages, [Screen.Wide, Screen.Phone], [ColorScheme.Light, ColorScheme.Dark]);
}
