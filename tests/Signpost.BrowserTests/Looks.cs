using Microsoft.Playwright;

namespace Signpost.BrowserTests;

/// <summary>Every page is looked at in each of these.</summary>
internal static class Looks
{
    public static MatrixTheoryData<string, Screen, ColorScheme> Of(params string[] pages) =>
        new(pages, [Screen.Wide, Screen.Phone], [ColorScheme.Light, ColorScheme.Dark]);
}
