using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Signpost.Testing.Actions;

namespace Signpost.Tests.Dashboard.Actions;

/// <summary>A browser without script. It sends forms as browsers do.</summary>
/// <param name="agent">The browser's user agent.</param>
internal sealed partial class Hand(EveryAction actions, string agent) : IHand, IDisposable
{
    private const int MostRedirects = 5;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(actions.Url),
        DefaultRequestHeaders = { { "User-Agent", agent } },
    };

    private readonly IBrowsingContext _reader = BrowsingContext.New(Configuration.Default);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IDocument Page { get; set; } = null!;

    public string Path => new Uri(Page.Url).AbsolutePath;

    public Task<string> ReadAsync(string place) => Task.FromResult(Find(place).TextContent.Trim());

    public async Task OpenAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(_http.BaseAddress!, path));
        await OpenAsync(request);
    }

    public Task PressAsync(string place) => OpenAsync(((IHtmlAnchorElement)Find(place)).Href);

    public async Task SendAsync(string? path, string button, params (string Field, string Value)[] fields)
    {
        if (path is not null)
            await OpenAsync(path);
        foreach (var (field, value) in fields)
            Fill(Find(field), value);
        var pressed = (IHtmlButtonElement)Find(button);
        var form = pressed.Form ?? throw new InvalidOperationException($"{button} of {Page.Url} has no form.");
        var target = new Uri(new Uri(Page.Url), pressed.GetAttribute("formaction") ?? form.GetAttribute("action")!);
        Assert.Equal("post", pressed.GetAttribute("formmethod") ?? form.Method);
        using HttpRequestMessage request = new(HttpMethod.Post, target) { Content = Body(form, pressed) };
        await OpenAsync(request);
        Assert.True(Page.QuerySelector(".problems") is null, $"{target.AbsolutePath}: {Shown()}");
        actions.Note(target.AbsolutePath);
    }

    public void Dispose()
    {
        _http.Dispose();
        _reader.Dispose();
    }

    private async Task OpenAsync(HttpRequestMessage request)
    {
        var (address, response) = (request.RequestUri!, await _http.SendAsync(request, Cancel));
        for (var steps = 0; response.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther; steps++)
        {
            Assert.True(steps < MostRedirects, $"{request.RequestUri} leads on and on.");
            address = new Uri(address, response.Headers.Location!);
            response.Dispose();
            response = await _http.GetAsync(address, Cancel);
        }

        using (response)
        {
            var html = await response.Content.ReadAsStringAsync(Cancel);
            Page = await _reader.OpenAsync(page => page.Content(html).Address(address.AbsoluteUri), Cancel);
            // A page that asks for a password is one, too.
            Assert.True(
                response.StatusCode is HttpStatusCode.OK
                    || response.StatusCode is HttpStatusCode.Unauthorized && request.Method == HttpMethod.Get,
                $"{request.RequestUri}: {response.StatusCode} of {address}: {Shown()}"
            );
        }
    }

    private IElement Find(string place) =>
        Page.QuerySelector(place) ?? throw new InvalidOperationException($"{Page.Url} has no {place}: {Shown()}");

    private string Shown() => Blanks().Replace((Page.QuerySelector("main") ?? Page.Body!).TextContent, " ");

    // As a browser sends it: fields that are disabled or not checked are left out, and a file that was not chosen is empty.
    private HttpContent Body(IHtmlFormElement form, IHtmlButtonElement pressed)
    {
        List<(string Name, string? Value)> sent = [];
        foreach (var field in Page.QuerySelectorAll("input, select, textarea, button"))
        {
            var name = field.GetAttribute("name");
            if (name is null or "" || field.HasAttribute("disabled") || field.Closest("fieldset[disabled]") is not null)
                continue;
            switch (field)
            {
                case IHtmlInputElement input when input.Form == form:
                    if (input.Type is not ("checkbox" or "radio") || input.IsChecked)
                        sent.Add((name, input.Type is "file" ? null : input.Value));
                    break;
                case IHtmlSelectElement list when list.Form == form:
                    sent.AddRange(list.Options.Where(one => one.IsSelected).Select(one => (name, (string?)one.Value)));
                    break;
                case IHtmlTextAreaElement area when area.Form == form:
                    sent.Add((name, area.Value.ReplaceLineEndings("\r\n")));
                    break;
                case IHtmlButtonElement when field == pressed:
                    sent.Add((name, pressed.Value));
                    break;
            }
        }

        if ((pressed.GetAttribute("formenctype") ?? form.GetAttribute("enctype")) is not "multipart/form-data")
            return new FormUrlEncodedContent(sent.Select(one => KeyValuePair.Create(one.Name, one.Value ?? "")));
        MultipartFormDataContent parts = [];
        foreach (var (name, value) in sent)
        {
            ByteArrayContent part = new(Encoding.UTF8.GetBytes(value ?? ""));
            part.Headers.ContentDisposition = new("form-data")
            {
                Name = $"\"{name}\"",
                FileName = value is null ? "\"\"" : null,
            };
            parts.Add(part);
        }

        return parts;
    }

    private static void Fill(IElement field, string value)
    {
        switch (field)
        {
            case IHtmlSelectElement list:
                Assert.Contains(list.Options, option => option.Value == value);
                list.Value = value;
                break;
            case IHtmlInputElement { Type: "checkbox" or "radio" } box:
                box.IsChecked = true;
                break;
            case IHtmlInputElement text:
                text.Value = value;
                break;
            case IHtmlTextAreaElement area:
                area.Value = value;
                break;
            default:
                throw new InvalidOperationException($"{field.LocalName} is no field.");
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
