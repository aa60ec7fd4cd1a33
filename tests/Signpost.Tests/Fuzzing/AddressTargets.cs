using Signpost.Core.Clicks;
using Signpost.Core.Links;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Statistics;
using Signpost.Links.Framing;
using Signpost.Outbound;

namespace Signpost.Tests.Fuzzing;

/// <summary>Aliases, destinations, names of domains, and other texts with addresses in them.</summary>
internal static class AddressTargets
{
    private static readonly string[] Destinations =
    [
        "https://example.org/a/b?c=d#e",
        "http://[2001:db8::1]:8080/%7Euser/../x",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s",
        "https://b\u00fccher.example/stra\u00dfe?q=\u00e4",
        "mailto:ada@example.org?subject=Hello",
        "tel:+4930123456",
        "https://open.spotify.com/track/4cOdK2wGLETKBW3PvgPWqT",
        "https://maps.example/?q=48.1,11.5&utm_source=x",
        "spotify:track:4cOdK2wGLETKBW3PvgPWqT",
    ];

    private static readonly string[] AddressPieces =
    [
        "http://",
        "https://",
        "mailto:",
        "tel:",
        "intent:",
        "javascript:",
        "://",
        "//",
        "/",
        "/../",
        "/./",
        "?",
        "#",
        "@",
        ":",
        ":80",
        ":65536",
        ":0",
        "[::1]",
        "[::ffff:1.2.3.4]",
        "[v1.x]",
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "xn--bcher-kva",
        "xn--a",
        "example.org",
        ".example.",
        "%2e%2e",
        "%",
        "%zz",
        "%C3%A9",
        "user:pass@",
        "\\",
        "\t",
        "\u3002",
        "\u00AD",
        "utm_source=",
        "utm_campaign",
        "&",
        "=",
        "+",
        "youtu.be/",
        "instagram.com/p/",
        "x.com/a/status/1",
    ];

    public static IEnumerable<FuzzTarget> All() =>
        [
            FuzzTarget.OfText(
                "alias",
                ["summer-sale", "Stra\u00dfe/\u00dcber", "a/b/c~1", "e\u0301te\u0301", "\u0130stanbul", "\u4f60\u597d"],
                [
                    "a",
                    "Z",
                    "0",
                    "-",
                    "_",
                    ".",
                    "..",
                    "/",
                    "~",
                    "\u0301",
                    "\u0323",
                    "\u212B",
                    "\u03A3",
                    "\u1E9E",
                    "\uAC00",
                    "\u1100",
                ],
                ReadAlias
            ) with
            {
                Weight = 60,
            },
            FuzzTarget.OfText("destination", Destinations, AddressPieces, ReadDestination) with
            {
                Weight = 60,
                MostAllocated = (64 << 10, 512),
            },
            FuzzTarget.OfText(
                "domain",
                ["go.example.org", "b\u00fccher.example", "xn--bcher-kva.example"],
                AddressPieces,
                ReadDomain
            ) with
            {
                Weight = 30,
            },
            FuzzTarget.OfText(
                "visit-query",
                [
                    "utm_source=news&utm_medium=mail&utm_campaign=may+sale&qr=1",
                    "a=b&a=c&%75tm_source=%F0%9F%98%80",
                    "qr",
                ],
                [
                    "utm_source=",
                    "utm_medium",
                    "&utm_campaign=",
                    "%75",
                    "qr",
                    "&",
                    "=",
                    "%",
                    "%F0%9F",
                    "%FF",
                    "+",
                    "dnt",
                    "#",
                ],
                ReadVisitQuery
            ) with
            {
                Weight = 60,
            },
            FuzzTarget.OfText(
                "referrer",
                [
                    "https://news.example/story?id=1",
                    "android-app://com.google.android.gm/",
                    "http://[::1]:80/x",
                    "https://b\u00fccher.example/",
                ],
                [.. AddressPieces, "android-app://"],
                ReadReferrer
            ) with
            {
                Weight = 40,
            },
            FuzzTarget.OfText(
                "frame-policy",
                [
                    "default-src 'self'; frame-ancestors https://*.example.org:* 'self'\nDENY",
                    "frame-ancestors 'none'\nsameorigin",
                    "\nallow-from x",
                ],
                [
                    "frame-ancestors",
                    " ",
                    ";",
                    ",",
                    "'self'",
                    "'none'",
                    "*",
                    "*.",
                    "https:",
                    "http://",
                    ":*",
                    ":443",
                    "\n",
                    "deny",
                    "sameorigin",
                    "allowall",
                ],
                ReadFramePolicy
            ) with
            {
                MostAllocated = (32 << 10, 256),
            },
        ];

    private static Outcome ReadAlias(string text)
    {
        var outcome = ReadAlias(text, AliasCase.Kept);
        return ReadAlias(text, AliasCase.Ignored) == outcome || Alias.TryParse(text, out _, out _)
            ? outcome
            : throw new InvalidOperationException("An alias is valid by one rule only.");
    }

    private static Outcome ReadAlias(string text, AliasCase rule)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        var isPath = Alias.TryGetKey(text, rule, buffer, out var key);
        if (!Alias.TryParse(text, out _, out var problem))
            return Outcome.Refused($"{problem} {isPath}");
        var stored = Alias.KeyOf(text, rule);
        if (!isPath || !key.SequenceEqual(stored))
            throw new InvalidOperationException("A visitor's path has another key than the alias.");
        if (!Alias.TryGetKey(stored, rule, buffer, out var again) || !again.SequenceEqual(stored))
            throw new InvalidOperationException("The key of a key is another.");
        return Outcome.Accepted($"{text.Count('/')} {stored.Length - text.Length} {text.Length / 16}");
    }

    private static Outcome ReadDestination(string text)
    {
        if (!TargetUrl.TryParse(text, out var url, out var problem))
            return Outcome.Refused(problem);
        if (!TargetUrl.TryParse(url.Text, out var again, out _) || again.Text != url.Text)
            throw new InvalidOperationException("A canonical address is not canonical.");
        var app = AppSites.NameOf(url.Text);
        _ = AppSites.AddressOf(AppSystem.Ios, url.Text);
        _ = AppSites.AddressOf(AppSystem.Android, url.Text);
        _ = DestinationBuilder.WithUtm(url.Text, text, "mail", null);
        _ = DestinationBuilder.WithQuery(url.Text, text);
        return Outcome.Accepted(
            $"{url.Scheme} {app} {(url.IsWeb ? url.Port : 0)} {url.Host.Length / 8} {url.Text.Count('%')}"
        );
    }

    private static Outcome ReadDomain(string text) =>
        !DomainName.TryParse(text, out var name, out var problem) ? Outcome.Refused(problem)
        : DomainName.TryParse(name.Text, out var again, out _) && again == name
            ? Outcome.Accepted(
                $"{name.Text.Split('.').Length} {name.Text.Contains("xn--", StringComparison.Ordinal)} {name.Text.Length / 8}"
            )
        : throw new InvalidOperationException("A canonical name is not canonical.");

    private static Outcome ReadVisitQuery(string text)
    {
        Span<byte> decoded = stackalloc byte[ClickCodec.LongestUtm];
        var query = VisitQuery.Read(text, "dnt");
        var lengths = (
            VisitQuery.Decode(query.Source, decoded),
            VisitQuery.Decode(query.Medium, decoded),
            VisitQuery.Decode(query.Campaign, decoded)
        );
        _ = DestinationBuilder.Escaped(text);
        var shape = $"{lengths} {query.IsQr} {query.IsUntracked}";
        return lengths == default ? Outcome.Refused(shape) : Outcome.Accepted(shape);
    }

    private static Outcome ReadReferrer(string text)
    {
        var referrer = Referrers.Read(text);
        var isOwn = Referrers.IsOf(text, "go.example.org:8080");
        return referrer == ClickReferrer.None
            ? Outcome.Refused($"{isOwn}")
            : Outcome.Accepted($"{referrer.Path?.Length} {referrer.Host?.Length} {isOwn}");
    }

    private static Outcome ReadFramePolicy(string text)
    {
        string[] lines = [.. text.Split('\n', 2), ""];
        var response = new OutboundResponse(new Uri("https://example.org/"), 200, [lines[1]], [lines[0]]);
        var allows = FramePolicy.Allows(response, new Uri("https://go.example.org/x"));
        return allows ? Outcome.Accepted($"{text.Length / 8}") : Outcome.Refused($"{text.Length / 8}");
    }
}
