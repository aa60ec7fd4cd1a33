using Microsoft.Playwright;
using Signpost.Testing;
using Signpost.Testing.Actions;

namespace Signpost.BrowserTests.Actions;

/// <summary>A real browser with script. It opens menus and folded parts on the way to what it needs, as people do.</summary>
internal sealed class ScriptedHand : IHand
{
    // Pages that look again by themselves, and confirmations that go away, would race with the test.
    private const string Patient = """
        const later = setTimeout;
        window.setTimeout = (act, after, ...more) => (after >= 5000 ? 0 : later(act, after, ...more));
        """;

    private readonly EveryAction _actions;
    private readonly View _view;

    private ScriptedHand(EveryAction actions, View view)
    {
        (_actions, _view) = (actions, view);
        Page.Request += (_, request) =>
        {
            if (request.Method is "POST")
                actions.Note(new Uri(request.Url).AbsolutePath);
        };
    }

    public static async Task<ScriptedHand> OpenAsync(EveryAction actions, View view)
    {
        ScriptedHand hand = new(actions, view);
        await hand.Page.AddInitScriptAsync(Patient);
        return hand;
    }

    public string Path => new Uri(Page.Url).AbsolutePath;

    private IPage Page => _view.Page;

    public async Task OpenAsync(string path)
    {
        var response = await _view.GoAsync(_actions.Url + path);
        // A page that asks for a password is one, too.
        Assert.True(response.Ok || response.Status == 401, $"{path}: {response.Status}");
    }

    public async Task PressAsync(string place)
    {
        var link = await ShowAsync(place);
        if (await link.GetAttributeAsync("data-dialog") is { } dialog)
        {
            await link.ClickAsync();
            await Assertions.Expect(Page.Locator($"#{dialog}")).ToBeVisibleAsync();
        }
        else
            await LoadAsync(() => link.ClickAsync());
    }

    public async Task<string> ReadAsync(string place) =>
        (await Page.Locator(place).First.TextContentAsync() ?? "").Trim();

    /// <summary>As the interface says. A form whose button is only there without script sends itself when its fields change.</summary>
    public async Task SendAsync(string? path, string button, params (string Field, string Value)[] fields)
    {
        if (path is not null)
            await OpenAsync(path);
        var pressed = Page.Locator(button).First;
        var sendsItself = await pressed.EvaluateAsync<bool>("(one) => one.closest('.unscripted') !== null");
        var target = await pressed.EvaluateAsync<string>(
            "(one) => new URL(one.getAttribute('formaction') ?? one.form.getAttribute('action'), location).href.split('?')[0]"
        );

        if (!sendsItself)
            await FillAllAsync();
        await LoadAsync(async () =>
        {
            var response = await Page.RunAndWaitForResponseAsync(
                () => sendsItself ? FillAllAsync() : ClickAsync(),
                response => response.Request.Method is "POST" && response.Url.Split('?')[0] == target
            );
            Assert.True(response.Status < 400, $"{target}: {response.Status}");
            return response.Request.IsNavigationRequest;
        });

        var problems = await Page.Locator(".problems").AllInnerTextsAsync();
        Assert.True(problems is [], $"{target}: {string.Join(' ', problems)}");
        await _view.AssertCalmAsync();

        async Task FillAllAsync()
        {
            foreach (var (field, value) in fields)
                await FillAsync(await ShowAsync(field), value);
        }

        async Task ClickAsync() => await (await ShowAsync(button)).ClickAsync();
    }

    private static async Task FillAsync(ILocator field, string value)
    {
        var kind = await field.EvaluateAsync<string>("(one) => one.type");
        if (kind is "checkbox" or "radio")
            await field.CheckAsync();
        else if (kind is "select-one")
            await field.SelectOptionAsync(value);
        else
            await field.FillAsync(value);
    }

    // The element, after all that is folded around it was opened.
    private async Task<ILocator> ShowAsync(string place)
    {
        var found = Page.Locator(place).First;
        var closed = found.Locator("xpath=ancestor::details[not(@open)]");
        while (await closed.CountAsync() > 0)
            await closed.First.Locator("xpath=./summary").ClickAsync();
        return found;
    }

    private Task LoadAsync(Func<Task> act) =>
        LoadAsync(async () =>
        {
            await act();
            return true;
        });

    // Acts, and waits for the next page if the action leads to one.
    private async Task LoadAsync(Func<Task<bool>> act)
    {
        TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Page.Load += Note;
        if (await act())
            await loaded.Task.OrFail($"The page after {Page.Url}");
        Page.Load -= Note;

        void Note(object? sender, IPage page) => loaded.TrySetResult();
    }
}
