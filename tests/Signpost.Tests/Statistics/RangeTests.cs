using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Statistics;

/// <summary>Days, hours and months in the account's time zone.</summary>
public sealed class RangeTests : IAsyncLifetime
{
    private readonly ShiftedClock _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync(_clock, null, ("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // Visits at UTC instants, and the rows with clicks.
    [Theory]
    [InlineData(
        "UTC",
        "2026-02-01",
        "2026-02-03",
        "2026-02-01T00:00:00Z 2026-02-01T23:59:00Z 2026-02-03T00:00:00Z",
        "2026-02-01:2 2026-02-03:1"
    )]
    [InlineData(
        "Asia/Kolkata",
        "2026-02-01",
        "2026-02-03",
        "2026-02-01T18:29:00Z 2026-02-01T18:31:00Z",
        "2026-02-01:1 2026-02-02:1"
    )]
    [InlineData(
        "Asia/Kathmandu",
        "2026-02-01",
        "2026-02-03",
        "2026-02-01T18:14:00Z 2026-02-01T18:16:00Z",
        "2026-02-01:1 2026-02-02:1"
    )]
    [InlineData(
        "America/St_Johns",
        "2026-02-01",
        "2026-02-03",
        "2026-02-02T03:29:00Z 2026-02-02T03:31:00Z",
        "2026-02-01:1 2026-02-02:1"
    )]
    [InlineData(
        "Pacific/Kiritimati",
        "2026-02-02",
        "2026-02-04",
        "2026-02-02T09:59:00Z 2026-02-02T10:01:00Z",
        "2026-02-02:1 2026-02-03:1"
    )]
    [InlineData(
        "Europe/Berlin",
        "2026-03-28",
        "2026-03-30",
        "2026-03-28T23:01:00Z 2026-03-29T21:59:00Z 2026-03-29T22:01:00Z",
        "2026-03-29:2 2026-03-30:1"
    )]
    [InlineData(
        "Asia/Kolkata",
        "2026-02-02",
        "2026-02-02",
        "2026-02-01T18:31:00Z 2026-02-01T19:29:00Z 2026-02-01T19:31:00Z",
        "2026-02-02 00:00:00:2 2026-02-02 01:00:00:1"
    )]
    [InlineData("UTC", "2025-12-01", "2026-03-15", "2026-01-31T23:59:00Z 2026-02-01T00:00:00Z", "2026-01:1 2026-02:1")]
    [InlineData(
        "Asia/Tokyo",
        "2025-12-01",
        "2026-03-15",
        "2026-01-31T14:59:00Z 2026-01-31T15:01:00Z",
        "2026-01:1 2026-02:1"
    )]
    public async Task A_click_is_in_the_hour_day_or_month_that_its_time_zone_says(
        string zone,
        string start,
        string end,
        string visits,
        string expected
    )
    {
        using var http = await Strangers.NewAsync(_server, zone, Cancel);
        var link = await CreateAsync(http);
        foreach (var at in visits.Split(' '))
            await VisitAsync(link.Alias, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        AdvanceTo(new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));

        var rows = await RowsAsync(http, $"/{link.Id}?start_date={start}&end_date={end}", visits.Split(' ').Length);

        Assert.Equal(
            expected,
            string.Join(
                ' ',
                rows.Where(row => row!["pageviews"]!.GetValue<int>() > 0)
                    .Select(row => $"{row!["formatted_date"]}:{row["pageviews"]}")
            )
        );
    }

    [Theory]
    [InlineData("hour", "UTC", "18 1/1")]
    [InlineData("hour", "Asia/Kolkata", "0 1/1")]
    [InlineData("weekday_hour", "UTC", "7-18 1/1")]
    [InlineData("weekday_hour", "Asia/Kolkata", "1-0 1/1")]
    public async Task Hours_of_the_day_and_the_week_are_the_zone_s(string type, string zone, string expected)
    {
        using var http = await Strangers.NewAsync(_server, zone, Cancel);
        var link = await CreateAsync(http);
        await VisitAsync(link.Alias, new(2026, 2, 1, 18, 40, 0, TimeSpan.Zero));

        var rows = await RowsAsync(http, $"/{link.Id}?type={type}&start_date=2026-02-01&end_date=2026-02-03", 1);

        Assert.Equal([expected], rows.Select(row => StatisticsTests.Brief(row!, type)));
    }

    [Fact]
    public async Task The_days_without_a_date_are_the_last_thirty_and_what_was_before_them_can_be_compared()
    {
        using var http = await Strangers.NewAsync(_server, "UTC", Cancel);
        var link = await CreateAsync(http);
        DateOnly[] days = [new(2026, 2, 15), new(2026, 2, 16), new(2026, 3, 1), new(2026, 3, 17)];
        foreach (var (at, day) in days.Index())
        {
            await VisitAsync(link.Alias, new(day, new(12, 0), TimeSpan.Zero));
            // A click that is stored days later has no visitor.
            await RowsAsync(http, $"/{link.Id}?start_date=2026-02-01", at + 1);
        }

        var rows = await RowsAsync(http, $"/{link.Id}", 2);
        var answer = JsonNode.Parse(
            await http.GetStringAsync($"/api/statistics/{link.Id}?type=kind&compare=previous", Cancel)
        )!;

        var meta = answer["meta"]!.AsObject();
        Assert.True(meta.Remove("as_of"));
        Assert.Equal("2026-02-16", rows[0]!["formatted_date"]!.GetValue<string>());
        Assert.Equal("2026-03-17", rows[^1]!["formatted_date"]!.GetValue<string>());
        Assert.Equal(
            """{"start_date":"2026-02-16","end_date":"2026-03-17","pageviews":3,"visitors":3,"previous":{"start_date":"2026-01-17","end_date":"2026-02-15","pageviews":1,"visitors":1}}""",
            meta.ToJsonString()
        );
        Assert.Equal(1, answer["data"]![0]!["previous"]!["pageviews"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_visitor_is_counted_once_a_day_of_UTC()
    {
        using var http = await Strangers.NewAsync(_server, "UTC", Cancel);
        var link = await CreateAsync(http);
        int[] visits = [1, 1, 2];
        foreach (var (at, day) in visits.Index())
        {
            await VisitAsync(link.Alias, new(2026, 2, day, 12, 0, 0, TimeSpan.Zero));
            await RowsAsync(http, $"/{link.Id}?start_date=2026-02-01", at + 1);
        }

        AdvanceTo(new(2026, 2, 3, 12, 0, 0, TimeSpan.Zero));

        var days = await RowsAsync(http, $"/{link.Id}?start_date=2026-02-01&end_date=2026-02-03", 3);
        var all = await RowsAsync(http, $"/{link.Id}?type=kind&start_date=2026-02-01&end_date=2026-02-03", 3);

        Assert.Equal([1, 1, 0], days.Select(row => row!["visitors"]!.GetValue<int>()));
        Assert.Equal("person 3/2", StatisticsTests.Brief(all[0]!, "kind"));
    }

    private void AdvanceTo(DateTimeOffset at) => _clock.MoveTo(at);

    private async Task VisitAsync(string alias, DateTimeOffset at)
    {
        AdvanceTo(at);
        using var response = await _server.FollowAsync(alias, null, ("User-Agent", StatisticsTests.Firefox));
    }

    private static async Task<MadeLink> CreateAsync(HttpClient http)
    {
        using var made = await http.PostAsync(
            "/api/links",
            Bodies.Form(("location_url", "https://example.org/")),
            Cancel
        );
        var data = JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancel))!["data"]!;
        return new(data["id"]!.GetValue<long>(), data["url"]!.GetValue<string>());
    }

    /// <summary>The rows, as soon as they hold this number of clicks.</summary>
    internal static async Task<JsonArray> RowsAsync(HttpClient http, string query, int clicks)
    {
        JsonArray rows = [];
        await Patience.UntilAsync(
            async () =>
            {
                rows = JsonNode.Parse(await http.GetStringAsync($"/api/statistics{query}", Cancel))!["data"]!.AsArray();
                return rows.Sum(row => row!["pageviews"]!.GetValue<int>()) >= clicks;
            },
            $"Counting {clicks} clicks"
        );
        return rows;
    }
}

/// <summary>The rows of a range: one for each hour, day or month that has begun.</summary>
public sealed class RangeRowTests(JuneServer june) : IClassFixture<JuneServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UTC", "2026-02-01", "2026-02-01", 24, "2026-02-01 00:00:00", "2026-02-01 23:00:00")]
    [InlineData("UTC", "2026-02-01", "2026-02-02", 48, "2026-02-01 00:00:00", "2026-02-02 23:00:00")]
    [InlineData("UTC", "2026-02-01", "2026-02-03", 3, "2026-02-01", "2026-02-03")]
    [InlineData("UTC", "2026-01-01", "2026-04-10", 100, "2026-01-01", "2026-04-10")]
    [InlineData("UTC", "2025-12-31", "2026-04-10", 5, "2025-12", "2026-04")]
    [InlineData("Europe/Berlin", "2026-03-29", "2026-03-29", 23, "2026-03-29 00:00:00", "2026-03-29 23:00:00")]
    [InlineData("Europe/Berlin", "2025-10-26", "2025-10-26", 25, "2025-10-26 00:00:00", "2025-10-26 23:00:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "2026-04-05", 24, "2026-04-05 00:00:00", "2026-04-05 23:00:00")]
    [InlineData("Asia/Beirut", "2026-03-29", "2026-03-29", 23, "2026-03-29 01:00:00", "2026-03-29 23:00:00")]
    [InlineData("Asia/Kathmandu", "2026-02-01", "2026-02-01", 24, "2026-02-01 00:00:00", "2026-02-01 23:00:00")]
    [InlineData("UTC", "2026-05-30", "2026-06-05", 3, "2026-05-30", "2026-06-01")]
    [InlineData("UTC", "2026-06-01", "2026-06-01", 14, "2026-06-01 00:00:00", "2026-06-01 13:00:00")]
    [InlineData("America/New_York", "2026-06-01", "2026-06-01", 10, "2026-06-01 00:00:00", "2026-06-01 09:00:00")]
    public async Task Each_hour_day_or_month_that_has_begun_is_there(
        string zone,
        string start,
        string end,
        int count,
        string first,
        string last
    )
    {
        using var http = await Strangers.NewAsync(june.Server, zone, Cancel);

        var rows = await RangeTests.RowsAsync(http, $"?start_date={start}&end_date={end}", 0);

        Assert.Equal(count, rows.Count);
        Assert.Equal(first, rows[0]!["formatted_date"]!.GetValue<string>());
        Assert.Equal(last, rows[^1]!["formatted_date"]!.GetValue<string>());
        Assert.All(rows, row => Assert.Equal(0, row!["pageviews"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("2026-05-30", "2026-05-31", "day", 2, "2026-05-30", "2026-05-31")]
    [InlineData("2026-05-29", "2026-05-31", "hour", 72, "2026-05-29 00:00:00", "2026-05-31 23:00:00")]
    [InlineData("2026-05-27", "2026-06-07", "week", 2, "2026-05-27", "2026-06-01")]
    [InlineData("2026-05-30", "2026-06-01", "month", 2, "2026-05", "2026-06")]
    [InlineData("2026-01-01", "2026-05-31", "day", 151, "2026-01-01", "2026-05-31")]
    public async Task The_rows_have_the_granularity_that_is_asked_for(
        string start,
        string end,
        string granularity,
        int count,
        string first,
        string last
    )
    {
        var query = $"?start_date={start}&end_date={end}&granularity={granularity}";

        var rows = await RangeTests.RowsAsync(june.Server.Http, query, 0);

        Assert.Equal(
            (count, first, last),
            (rows.Count, $"{rows[0]!["formatted_date"]}", $"{rows[^1]!["formatted_date"]}")
        );
    }

    [Theory]
    [InlineData("granularity=hour&start_date=2026-05-01&end_date=2026-06-01")]
    [InlineData("granularity=minute")]
    public async Task A_granularity_that_has_too_many_rows_is_an_error(string query)
    {
        using var answer = await june.Server.Http.GetAsync($"/api/statistics?{query}", Cancel);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }
}

/// <summary>A server at half past one, on the first of June.</summary>
public sealed class JuneServer : SharedServer
{
    private protected override Task<TestServer> StartAsync() =>
        TestServer.StartAsync(new ShiftedClock(new(2026, 6, 1, 13, 30, 0, TimeSpan.Zero)), null);
}

/// <summary>A clock that runs at normal speed from the time to which it is set.</summary>
internal sealed class ShiftedClock(DateTimeOffset start) : TimeProvider
{
    private TimeSpan _shift = start - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;

    public void MoveTo(DateTimeOffset at) => _shift = at - System.GetUtcNow();
}
