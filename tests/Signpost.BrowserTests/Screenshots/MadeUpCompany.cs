using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Signpost.Testing;

namespace Signpost.BrowserTests.Screenshots;

/// <summary>A made-up company with 40 links, and the clicks of a month. It is the same each time.</summary>
internal sealed class MadeUpCompany(TestServer server, PastClock clock)
{
    public const string Host = "go.nordlicht.example";

    private const int Days = 30;

    private static readonly (string Alias, string Title, string Project, string Destination)[] Campaigns =
    [
        ("jackets", "Spring jackets", "Spring collection", "https://shop.nordlicht.example/jackets"),
        ("trails", "Trail guide", "Summer outdoors", "https://trails.example/guide"),
        ("hamburg", "Opening in Hamburg", "Stores", "https://hamburg.example/nordlicht"),
        ("rain", "Rain gear", "Spring collection", "https://shop.nordlicht.example/rain-gear"),
        ("map", "Map of all huts", "Summer outdoors", "https://huts.example/map"),
        ("gift", "Gift cards", "Winter sale", "https://gifts.example/nordlicht"),
        ("tents", "Tents for two", "Summer outdoors", "https://shop.nordlicht.example/tents?for=2"),
        ("repair", "Repair service", "Stores", "https://repair.example/appointments"),
        ("sale", "Winter sale", "Winter sale", "https://shop.nordlicht.example/sale"),
        ("jobs", "Work with us", "", "https://careers.example/nordlicht"),
    ];

    private static readonly (string Alias, string Name, string Medium, double Share)[] Channels =
    [
        ("", "Poster", "print", 1),
        ("-news", "Newsletter", "email", 0.7),
        ("-insta", "Instagram", "social", 1.6),
        ("-ad", "Search ad", "cpc", 0.4),
    ];

    private static readonly string[] Colors = ["#0f766e", "#b45309", "#1d4ed8", "#7c3aed"];
    private static readonly string[] Countries = ["DE", "DE", "DE", "AT", "CH", "DK", "NL", "SE", "FR", "ES", "US"];
    private static readonly string[] Languages = ["de-DE", "de-AT", "en-GB", "da-DK", "fr-FR", "es-ES"];
    private static readonly string[] Referrers =
    [
        "https://www.instagram.com/",
        "https://www.google.com/",
        "https://trails.example/blog",
        "",
    ];

    private static readonly string[] Agents =
    [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ];

    private readonly Random _chance = new(20);
    private readonly Dictionary<string, long> _ids = [];

    /// <summary>The id of a link.</summary>
    public long this[string alias] => _ids[alias];

    /// <summary>The ids of a QR code, of a domain, and of a link in the trash.</summary>
    public (long QrCode, long Domain, long Trashed) Others { get; private set; }

    public async Task MakeAsync()
    {
        foreach (var client in (HttpClient[])[server.Http, server.Anonymous])
            client.DefaultRequestHeaders.Host = Host;
        await MakeLinksAsync();
        await MakeOthersAsync();
        for (var day = Days; day >= 0; day--)
        {
            clock.Shift = TimeSpan.FromDays(-day);
            await VisitAsync(day);
            // A click that is stored days later has no visitor any more.
            await Patience.UntilAsync(AreStoredAsync);
        }

        await server.UpdateLinkAsync(this["jackets"], ("title", "Spring jackets: the poster"));
        await server.UpdateLinkAsync(this["jackets"], ("clicks_limit", "5000"), ("note", "Posters in 40 towns."));
        using var deleted = await server.Http.DeleteAsync($"/api/links/{Others.Trashed}");
        deleted.EnsureSuccessStatusCode();
    }

    private async Task MakeLinksAsync()
    {
        Dictionary<string, long> projects = new() { [""] = 0 };
        foreach (var (_, _, project, _) in Campaigns)
            if (!projects.ContainsKey(project))
                projects[project] = await PostAsync(
                    "/api/projects",
                    ("name", project),
                    ("color", Colors[projects.Count - 1])
                );
        for (var place = Campaigns.Length - 1; place >= 0; place--)
        {
            var (alias, title, project, destination) = Campaigns[place];
            // The campaigns began one after another.
            clock.Shift = TimeSpan.FromDays(-Days - 9 * place);
            foreach (var (ending, channel, medium, _) in Enumerable.Reverse(Channels))
                _ids[alias + ending] = await PostAsync(
                    "/api/links",
                    [
                        ("url", alias + ending),
                        ("location_url", destination),
                        ("title", $"{title}, {channel.ToLowerInvariant()}"),
                        ("project_id", $"{projects[project]}"),
                        ("tags[]", channel.ToLowerInvariant()),
                        ("utm_source", channel.ToLowerInvariant()),
                        ("utm_medium", medium),
                        ("utm_campaign", alias),
                        .. Special(alias + ending),
                    ]
                );
        }
    }

    private static (string, string)[] Special(string alias) =>
        alias switch
        {
            "jackets" =>
            [
                ("targeting_type", "country_code"),
                ("targeting_country_code_key[]", "ES"),
                ("targeting_country_code_value[]", "https://shop.nordlicht.example/es/chaquetas"),
                ("targeting_country_code_key[]", "FR"),
                ("targeting_country_code_value[]", "https://shop.nordlicht.example/fr/vestes"),
                ("clicks_limit", "2000"),
            ],
            "tents-ad" => [("is_enabled", "0")],
            "sale-news" => [("schedule", "1"), ("end_date", DateIn(-9))],
            "sale" => [("schedule", "1"), ("start_date", DateIn(10)), ("end_date", DateIn(40))],
            "gift" => [("password", "reindeer")],
            "hamburg-insta" => [("cloaking_is_enabled", "1")],
            _ => [],
        };

    private async Task MakeOthersAsync()
    {
        await server.CreatePixelAsync("facebook", "1234567890123456");
        await server.CreateSplashPageAsync(("title", "One moment"), ("description", "The sale begins at nine."));
        await PostAsync("/api/teams", ("name", "Agency Fjord"));
        var domain = await PostAsync("/api/domains", ("host", "nordlicht-trails.example"));
        await PostAsync("/api/qr-codes", ("name", "Poster in Hamburg"), ("link_id", $"{this["hamburg"]}"));
        var code = await PostAsync(
            "/api/qr-codes",
            ("name", "Hang tag of all jackets"),
            ("link_id", $"{this["jackets"]}"),
            ("foreground", "#0f766e"),
            ("style", "dots")
        );
        var trashed = await PostAsync("/api/links", ("url", "old-sale"), ("location_url", "https://sale.example/2025"));
        Others = (code, domain, trashed);
    }

    private async Task VisitAsync(int day)
    {
        var season = 3 + 2 * Math.Sin(day * 0.9) + (Days - day) * 0.1;
        for (var place = 0; place < Campaigns.Length; place++)
            foreach (var (ending, _, _, share) in Channels)
                for (var left = season * share * (1.4 - place * 0.12) * _chance.NextDouble() * 1.5; left >= 1; left--)
                    await FollowAsync(Campaigns[place].Alias + ending);
    }

    private async Task<bool> AreStoredAsync()
    {
        using var answer = await server.Anonymous.GetAsync("/readyz");
        return (await answer.Content.ReadAsStringAsync()).Contains("\"journal_bytes\":0", StringComparison.Ordinal);
    }

    private async Task FollowAsync(string alias)
    {
        using var answer = await server.FollowAsync(
            alias,
            null,
            ("User-Agent", One(Agents)),
            ("Accept-Language", One(Languages)),
            ("Referer", One(Referrers)),
            ("CF-IPCountry", One(Countries)),
            ("X-Forwarded-For", $"203.0.113.{_chance.Next(1, 255)}")
        );
    }

    private async Task<long> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var body = new FormUrlEncodedContent(fields.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        using var response = await server.Http.PostAsync(path, body);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {answer}");
        return answer.GetProperty("data").GetProperty("id").GetInt64();
    }

    // From the day of the pictures on.
    private static string DateIn(int days) =>
        TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private T One<T>(T[] all) => all[(int)(_chance.NextDouble() * _chance.NextDouble() * all.Length)];
}
