using System.Text.Json;
using Microsoft.Playwright;

namespace Signpost.BrowserTests;

/// <summary>Checks a page against WCAG 2.2 AA with axe, as far as a program can.</summary>
internal static class Accessibility
{
    private const string Rules = """
        async () => {
          const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
          const { violations, passes } = await axe.run(document, { runOnly: levels });
          if (passes.length < 10) throw new Error("axe checked nothing.");
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
        }
        """;

    private static readonly string Axe = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe.min.js"));

    /// <summary>Asserts that the page has no violation, in light and in dark.</summary>
    public static async Task AssertAccessibleAsync(this IPage page)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.EvaluateAsync(Axe);
            var violations = await page.EvaluateAsync<JsonElement>(Rules);
            Assert.True(violations.GetArrayLength() == 0, $"{page.Url} in {scheme}: {violations}");
        }
    }
}
