using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests.Hostile;

/// <summary>Opens every page of a server whose every field holds a hostile text.</summary>
public sealed partial class HostileTextTests(Chromium chromium) : IAsyncLifetime
{
    // What a browser made of a page. The address of a form may hold a text, so only names and schemes are judged.
    private const string Broken = """
        () => {
          const broken = [];
          const addresses = ["href", "src", "action", "formaction", "data", "poster", "background", "srcdoc", "xlink:href"];
          for (const one of document.querySelectorAll("*")) {
            if (one.localName.includes("hostile")) broken.push(`<${one.localName}>`);
            if (one.localName === "script" && !one.type.includes("json") && new URL(one.src || "about:blank", location).origin !== location.origin)
              broken.push(`a script: ${one.outerHTML}`);
            for (const { name, value } of one.attributes)
              if (name.includes("hostile") || name.startsWith("on") || name === "style" && value.includes("hostile")
                || addresses.includes(name) && /^\s*(javascript|vbscript|data:text)/i.test(value))
                broken.push(`${name} of ${one.outerHTML.slice(0, 200)}`);
          }
          // A page in a sandbox has no cookies.
          if (origin !== "null" && document.cookie.includes("hostile")) broken.push("a cookie");
          return broken;
        }
        """;

    private const string Shows =
        "() => [...document.querySelectorAll('main, body:not(:has(main))')].some((one) => one.outerHTML.includes('hostile'))";

    // Names of parameters that pages read. Each gets a hostile text.
    private static readonly string[] Parameters =
    [
        "search",
        "tag",
        "not_tag",
        "flag",
        "project_id",
        "order_by",
        "name",
        "url",
        "location_url",
        "utm_source",
        "country_code",
        "city_name",
        "browser_name",
        "referrer_host",
        "user_agent",
        "kind",
        "period",
        "start",
        "end",
        "cursor",
        "page",
        "edit",
        "link_id",
        "email",
        "next",
        "view",
        "days",
    ];

    private TestServer _server = null!;
    private HostilePlants _plants = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(
            ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"),
            ("SIGNPOST_GEO_HEADERS", "cloudflare")
        );
        _plants = new(_server);
        await _plants.PlantAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact(Timeout = 600_000)]
    public async Task No_page_makes_anything_but_text_of_hostile_texts()
    {
        await using var view = await chromium.OpenAsync(agent: DeliveryTests.Desktop);
        List<string> wrong = [];
        HashSet<string> showing = [];
        HashSet<string> opened = [];
        await SignInAsync(view);
        // Two of them lead to the hosts of the texts.
        var routes = _server
            .MappedPages()
            .Where(row => row.StartsWith("GET ", StringComparison.Ordinal) && !Leading().IsMatch(row))
            .ToList();
        var asked = string.Join('&', Parameters.Select((name, i) => $"{name}={Uri.EscapeDataString(TextOf(i))}"));

        foreach (var (route, path) in routes.Select(row => row[4..]).SelectMany(Addresses).Concat(VisitorPages()))
        {
            if (!await IsPageAsync(view, path))
                continue;
            wrong.AddRange(await VisitAsync(view, path));
            wrong.AddRange(await MeasureAsync(view, path));
            if (await view.Page.EvaluateAsync<bool>(Shows))
                showing.Add(route);
            // One page of each kind reads the parameters.
            if (opened.Add(route))
                wrong.AddRange(await VisitAsync(view, $"{path}?{asked}"));
        }

        Assert.Empty(wrong);
        Assert.Empty(_plants.Refused);
        Assert.True(showing.Count >= 30, $"Only these pages show a text: {string.Join(", ", showing.Order())}");
        await view.AssertCalmAsync();
    }

    private async Task<IEnumerable<string>> VisitAsync(View view, string path)
    {
        var response = await view.GoAsync(_server.Url + path);
        List<string> broken = [.. await view.Page.EvaluateAsync<string[]>(Broken)];
        if (response.Status >= 500)
            broken.Add($"{response.Status}");
        return broken.Select(what => $"{path}: {what}");
    }

    // The page of the API draws itself again, some time after the window has changed.
    private static async Task<List<string>> MeasureAsync(View view, string path)
    {
        List<string> broken = [];
        foreach (var width in path.StartsWith("/docs", StringComparison.Ordinal) ? (int[])[1280] : [390, 1280])
        {
            await view.Page.SetViewportSizeAsync(width, 800);
            if (await view.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                broken.Add($"{path}: wider than {width} px");
        }

        return broken;
    }

    // A file would be downloaded. Its kind is known before the browser opens it.
    private async Task<bool> IsPageAsync(View view, string path)
    {
        var response = await view.Page.Context.APIRequest.GetAsync(_server.Url + path, new() { MaxRedirects = 0 });
        return response.Status is >= 300 and < 400
            ? response.Headers["location"] is ['/', not '/', ..]
            : response.Headers.GetValueOrDefault("content-type")?.StartsWith("text/html", StringComparison.Ordinal)
                is true;
    }

    // Pages of one link are opened for every link, others once.
    private IEnumerable<(string Route, string Path)> Addresses(string route)
    {
        var count = route is "/dashboard/links/{link_id}" or "/dashboard/links/{id}/edit"
            ? HostilePlants.Texts.Length
            : 1;
        for (var number = 0; number < count; number++)
            yield return (route, Parameter().Replace(route, match => ValueOf(route, match.Groups[1].Value, number)));
    }

    // The pages of a password, a warning, a splash page, and of what is not there.
    private IEnumerable<(string Route, string Path)> VisitorPages() =>
        from alias in _plants.Aliases[1..5].Append($"missing-{HostilePlants.Texts[0]}")
        select ("/{alias}", $"/{Uri.EscapeDataString(alias)}");

    private string ValueOf(string route, string parameter, int number) =>
        (parameter, route.Split('/')[2..]) switch
        {
            ("link_id", ["trash", ..]) => _plants["trash"][0],
            ("link_id" or "id", ["links", ..]) => _plants["/api/links"][number],
            ("link" or "link_id", _) => _plants["/api/links"][number],
            ("id", ["server", ..]) => _plants["/api/users"][0],
            ("id", [var things, ..]) => _plants[$"/api/{things}"][0],
            ("code_id", _) => _plants["/api/qr-codes"][0],
            ("view_id", _) => _plants["/api/views"][0],
            ("change_id" or "member_id" or "click", _) => _plants[parameter][0],
            ("version", ["links", ..]) => "1",
            ("secret", ["invitation" or "reset", ..]) => _plants[route.Split('/')[2]][0],
            ("alias", ["unlock", ..]) => Uri.EscapeDataString(_plants.Aliases[1]),
            ("alias", ["agree", ..]) => Uri.EscapeDataString(_plants.Aliases[2]),
            ("alias", _) => Uri.EscapeDataString(_plants.Aliases[0]),
            ("asset" or "format" or "key" or "name" or "page" or "scope" or "secret" or "token" or "version", _) =>
                "none",
            _ => throw new InvalidOperationException($"Say a value for {parameter} of {route}."),
        };

    private static string TextOf(int number) => HostilePlants.Texts[number % HostilePlants.Texts.Length];

    private async Task SignInAsync(View view)
    {
        await view.GoAsync($"{_server.Url}/login");
        await view.Page.GetByLabel("E-mail address").FillAsync(TestServer.AdminEmail);
        await view.Page.GetByLabel("Password").FillAsync(TestServer.AdminPassword);
        await view.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Assertions.Expect(view.Page.Locator("h1")).Not.ToHaveTextAsync("Sign in");
        await view.GoAsync($"{_server.Url}/dashboard/links?account={_plants.Team}");
    }

    [GeneratedRegex("/_signpost/(continue|open)/")]
    private static partial Regex Leading();

    [GeneratedRegex(@"\{\**([a-z_]+)[^}]*\}")]
    private static partial Regex Parameter();
}
