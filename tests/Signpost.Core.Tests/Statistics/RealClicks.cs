using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

/// <summary>Clicks as a link gets them: a few countries, systems and pages often, many rarely.</summary>
internal static class RealClicks
{
    private static readonly string[] Countries =
        "US DE FR GB JP BR IN IT ES CA AU NL SE CH AT PL TR MX AR ZA KR CN ID VN PT".Split(' ');
    private static readonly string[] Systems = ["Windows", "Android", "iOS", "OS X", "Linux", "Chrome OS"];
    private static readonly string[] Browsers = ["Chrome", "Safari", "Firefox", "Edge", "Samsung Internet", "Opera"];
    private static readonly string[] Languages = "en de fr ja es pt it nl sv pl tr ko zh".Split(' ');
    private static readonly string[] Hosts = ["www.google.com", "t.co", "www.facebook.com", "news.example.org", "x.y"];

    public static ClickRow[] Of(long link, int count, long seconds, int seed, long from = 1_750_000_000)
    {
        // So that every run of a test sees the same.
        Random chance = new(seed);
        var rows = new ClickRow[count];
        for (var row = 0; row < count; row++)
        {
            var country = Rarely(chance, Countries.Length);
            var host = Rarely(chance, Hosts.Length + 2) - 2;
            rows[row] = new ClickRow(
                link,
                from + seconds * row / count,
                (ulong)chance.NextInt64(1, 1L << 48),
                chance.Next(20) == 0 ? ClickKind.Robot : ClickKind.Person,
                302,
                chance.Next(10) == 0,
                new(country % 2 == 0 ? "EU" : "NA", Countries[country], $"City {country}-{Rarely(chance, 40)}"),
                new(
                    Systems[Rarely(chance, Systems.Length)],
                    Browsers[Rarely(chance, Browsers.Length)],
                    chance.Next(3) == 0 ? "mobile" : "desktop"
                ),
                Languages[Rarely(chance, Languages.Length)],
                host < 0 ? ClickReferrer.None : new(Hosts[host], $"/articles/{Rarely(chance, 200)}"),
                chance.Next(4) == 0 ? new("newsletter", "mail", $"spring-{Rarely(chance, 8)}") : ClickUtm.None,
                new("https://example.org/a/rather/long/landing/page?with=parameters", null),
                "go.example.org"
            );
        }

        return rows;
    }

    private static int Rarely(Random chance, int below)
    {
        var share = chance.NextDouble();
        return (int)(share * share * share * below);
    }
}
