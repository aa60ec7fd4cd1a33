using Microsoft.Extensions.Configuration;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Statistics.Questions;
using Signpost.Storage.Sqlite;

namespace Signpost.Tests.Fuzzing;

/// <summary>Dates, parameters of lists and statistics, and the operator's settings.</summary>
internal static class QuestionTargets
{
    private static readonly TimeZoneInfo[] Zones =
    [
        TimeZoneInfo.Utc,
        TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"),
        TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia"),
        TimeZoneInfo.FindSystemTimeZoneById("Pacific/Kiritimati"),
        TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns"),
    ];

    private static readonly string[] Dates =
    [
        "2030-01-31 18:00:00",
        "2030-03-31 02:30",
        "0001-01-01 00:00",
        "9999-12-31 23:59:59",
        "2030-01-31T18:00:00.123456789Z",
        "2030-01-31T18:00+14:00",
        "2011-12-30 12:00:00",
        "2030-01-31",
        "1970-01-01",
        "9998-12-31",
    ];

    private static readonly string[] DatePieces =
    [
        "2030",
        "0001",
        "9999",
        "-",
        "-02-29",
        "-13-",
        ":",
        " ",
        "T",
        "t",
        "Z",
        "+",
        "-14:00",
        "+1400",
        "+15",
        ".9",
        ",123",
        "24:00",
        "23:59:60",
        "\u0661",
        "\u2212",
    ];

    public static IEnumerable<FuzzTarget> All() =>
        [
            FuzzTarget.OfText("date", Dates, DatePieces, ReadDate) with
            {
                Weight = 100,
                Longest = 256,
                Grammar = MakeDate,
            },
            FuzzTarget.OfText(
                "search",
                [
                    "search=sale&order_by=clicks&order_type=ASC&page=2&results_per_page=100&is_enabled=1",
                    "?datetime_start=2030-01-01%2000:00&datetime_end=2030-01-02%2000:00&search_by=location_url&search=%25",
                ],
                [
                    "search=",
                    "&page=",
                    "results_per_page=",
                    "order_by=",
                    "project_id=",
                    "domain_id=0",
                    "datetime_start=",
                    "&",
                    "=",
                    "?",
                    "%",
                    "page=9223372036854775807",
                    "1000",
                    "ASC",
                    .. DatePieces,
                ],
                ReadSearch
            ) with
            {
                Weight = 20,
                MostAllocated = (64 << 10, 512),
            },
            FuzzTarget.OfText(
                "statistics",
                [
                    "type=overview&start_date=2026-01-01&end_date=2026-01-31",
                    "type=country_code&country_code=DE&limit=10&compare=previous",
                    "type=hour&cursor=5&browser_name=null&start_date=9998-12-31",
                ],
                [
                    "type=",
                    "&limit=",
                    "cursor=",
                    "start_date=",
                    "end_date=",
                    "compare=previous",
                    "null",
                    "country_code",
                    "os_name",
                    "weekday_hour",
                    "is_qr",
                    "status",
                    "&",
                    "=",
                    .. DatePieces,
                ],
                ReadQuestion
            ) with
            {
                Weight = 20,
                MostAllocated = (64 << 10, 512),
            },
            FuzzTarget.OfText(
                "settings",
                [
                    "SIGNPOST_PUBLIC_URL=https://go.example.org\nSIGNPOST_TRUSTED_PROXIES=10.0.0.0/8,::1\nSIGNPOST_GEO_HEADERS=cloudflare",
                    "SIGNPOST_ADMIN_EMAIL=ada@example.org\nSIGNPOST_ADMIN_PASSWORD=correct horse\nurls=http://localhost:8080;http://[::1]:0",
                    "SIGNPOST_DNS_RESOLVER=[::1]:53\nSIGNPOST_BACKLOG_MB=1048576\nhttp_ports=80;443\nSIGNPOST_NOTRACK_PARAMETER=dnt\nSIGNPOST_GEO_DATABASE=a,b",
                ],
                [
                    "SIGNPOST_",
                    "API_REQUESTS_PER_MINUTE=",
                    "SIGNPOST_GEO_DATABASE=",
                    "SIGNPOST_PUBLIC_URL=",
                    "\nurls=",
                    "Kestrel:Endpoints:A:Url=",
                    "https_ports=",
                    "OTEL_EXPORTER_OTLP_ENDPOINT=",
                    "=",
                    "\n",
                    ";",
                    ",",
                    "/33",
                    "/8",
                    "[::]:80",
                    "http://unix:/x",
                    "http://+:80",
                    "https://*:443",
                    "on",
                    "off",
                    "\"a\"@b",
                    "99999999999999999999",
                ],
                ReadSettings
            ) with
            {
                Weight = 8,
                MostAllocated = (256 << 10, 512),
            },
        ];

    private static byte[] MakeDate(Random random) =>
        System.Text.Encoding.ASCII.GetBytes(
            $"{random.Next(10_000):d4}-{random.Next(14):d2}-{random.Next(33):d2}{" Tt"[random.Next(3)]}{random.Next(25):d2}:{random.Next(61):d2}"
                + (random.Next(2) == 0 ? $":{random.Next(61):d2}" : "")
                + (random.Next(2) == 0 ? "" : $"{"+-"[random.Next(2)]}{random.Next(16):d2}:{random.Next(60):d2}")
        );

    private static Outcome ReadDate(string text)
    {
        var read = 0;
        foreach (var zone in Zones)
        {
            if (DateSpan.TryParse(text, out var date))
            {
                read++;
                var span = new DateSpan(date, date, zone);
                _ = (span.From, span.To, DateSpan.Write(date));
                if (span.To < span.From)
                    throw new InvalidOperationException("A day ends before it begins.");
            }

            if (!LocalTime.TryParse(text, zone, out var instant))
                continue;
            read++;
            if (LocalTime.Format(instant, zone).Length != 19)
                throw new InvalidOperationException("A date is written in another shape.");
        }

        return read == 0 ? Outcome.Refused($"{text.Length}") : Outcome.Accepted($"{read} {text.Length} {text[0]}");
    }

    private static Outcome ReadSearch(string text)
    {
        Fields fields;
        try
        {
            fields = FormBody.ParseQuery(text);
        }
        catch (BodyException error)
        {
            return Outcome.Refused(error.Message);
        }

        var read = new FieldReader(fields, Zones[1]);
        var query = LinkQuery.Read(read);
        read.WarnOfUnknown();
        var window = query.Window;
        _ = window.Paging.Links(1_000, "https://go.example/api/links", text);
        _ = (window.Paging.Offset(1_000), window.Paging.Meta(1_000));
        _ = (
            new LinkConditions(1, query, 0, []).All,
            LinkSearch.Of(query)?.Grams(1, SqliteDialect.Instance),
            query.NameOf(1)
        );
        return read.Errors is []
            ? Outcome.Accepted(
                $"{window.OrderBy} {window.Ascending} {query.Search?.Length} {window.From is null} {query.ProjectId is null} {read.Warnings.Count}"
            )
            : Outcome.Refused(string.Join(' ', read.Errors.Select(error => error.Field)));
    }

    private static Outcome ReadQuestion(string text)
    {
        Fields fields;
        try
        {
            fields = FormBody.ParseQuery(text);
        }
        catch (BodyException error)
        {
            return Outcome.Refused(error.Message);
        }

        var today = new DateOnly(2026, 11, 27);
        var read = new FieldReader(fields, Zones[1]);
        var asked = AskedStatistics.Read(read, Zones[2], today);
        var clicks = new FieldReader(fields, Zones[1]);
        _ = AskedStatistics.ReadClicks(clicks, Zones[3], today, canWarn: true);
        _ = clicks.Number("cursor", number => number >= 1 ? null : "must be a cursor");
        if (read.Errors is not [])
            return Outcome.Refused(string.Join(' ', read.Errors.Select(error => error.Field)));
        if (asked.Span is { } span)
            _ = (span.From, span.To, asked.ComparesPrevious ? span.Previous.From : 0);
        return Outcome.Accepted($"{asked.Type.Name} {asked.Filters.Count} {asked.Span?.Days} {asked.ComparesPrevious}");
    }

    private static Outcome ReadSettings(string text)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in text.Split('\n'))
            values[line.Split('=')[0]] = line.Split('=', 2) is [_, var value] ? value : null;
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        try
        {
            var settings = SignpostSettings.Read(configuration);
            ListenAddresses.Check(configuration);
            return Outcome.Accepted(
                $"{settings.PublicUrl?.Scheme} {settings.TrustedProxies.Count} {settings.GeoHeaders} {settings.Unknown.Count} {settings.DnsResolver is null} {settings.GeoDatabases.Count}"
            );
        }
        catch (StartException error)
        {
            return Outcome.Refused(error.Message.Split('=', ' ')[0]);
        }
    }
}
