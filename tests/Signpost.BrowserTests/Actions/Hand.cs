using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests.Actions;

/// <summary>Fills in forms and presses their buttons as a person does, and notes which actions of the server it reached.</summary>
/// <param name="reached">The actions, as <see cref="PageRoutes"/> writes them. All hands of a test share it.</param>
internal sealed partial class Hand(View view, TestServer server, HashSet<string> reached)
{
    public IPage Page => view.Page;

    /// <summary>Sends a form, and asserts that the action succeeded and leads to a page without an error.</summary>
    /// <param name="path">The page; null: the one that is open.</param>
    /// <param name="button">The place of the button; null: script sends the fields.</param>
    /// <param name="fields">Places of fields, and their values; a box is checked.</param>
    public async Task SendAsync(string? path, string? button, params (string Field, string Value)[] fields)
    {
        if (path is not null)
            await view.GoAsync(server.Url + path);
        var response = await Page.RunAndWaitForResponseAsync(
            async () =>
            {
                foreach (var (field, value) in fields)
                    await FillAsync(Page.Locator(field).First, value);
                if (button is not null)
                    await PressAsync(button);
            },
            // Script asks while somebody types. A button loads a page.
            one => one.Request.Method == "POST" && (button is null || one.Request.IsNavigationRequest),
            new() { Timeout = (float)Patience.Longest.TotalMilliseconds }
        );
        await Page.WaitForLoadStateAsync(LoadState.Load);
        var action = new Uri(response.Url).AbsolutePath;
        Assert.True(
            response.Status is 200 or 302 or 303,
            $"{action}: {response.Status} {await Page.Locator("main").InnerTextAsync()}"
        );
        Assert.True(
            await Page.Locator(".problems").CountAsync() == 0,
            $"{action}: {await Page.Locator("main").InnerTextAsync()}"
        );
        reached.UnionWith(
            server
                .MappedPages()
                .Where(row => row.StartsWith("POST ", StringComparison.Ordinal))
                .Where(row => Regex.IsMatch(action, $"^{Parameter().Replace(row[5..], "[^/]+")}$"))
                .Take(1)
        );
    }

    /// <summary>Presses a button or a link, after opening what hides it.</summary>
    public async Task PressAsync(string place)
    {
        var found = Page.Locator(place).First;
        await RevealAsync(found);
        await found.ClickAsync();
    }

    private static async Task FillAsync(ILocator field, string value)
    {
        await RevealAsync(field);
        switch (await field.EvaluateAsync<string>("(one) => one.type"))
        {
            case "select-one":
                await field.SelectOptionAsync(value);
                break;
            case "checkbox" or "radio":
                await field.CheckAsync();
                break;
            default:
                await field.FillAsync(value);
                break;
        }
    }

    private static async Task RevealAsync(ILocator place)
    {
        var closed = place.Locator("xpath=ancestor::details[not(@open)]/summary");
        while (await closed.CountAsync() > 0)
            await closed.First.ClickAsync();
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
