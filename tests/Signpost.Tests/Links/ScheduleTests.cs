using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Dates of links: their zone, their order, what they imply.</summary>
public sealed class ScheduleTests(SharedServer shared) : ApiTests(shared)
{
    [Theory]
    [InlineData("Europe/Berlin", "2030-06-01 12:00", "2030-06-01 12:00:00")]
    [InlineData("Europe/Berlin", "2030-06-01T12:00:00Z", "2030-06-01 14:00:00")]
    [InlineData("Europe/Berlin", "2030-03-31 02:30:00", "2030-03-31 03:30:00")]
    [InlineData("Europe/Berlin", "2030-10-27T00:30:00Z", "2030-10-27 02:30:00")]
    [InlineData("America/New_York", "2030-01-01 00:00:00", "2030-01-01 00:00:00")]
    [InlineData("Pacific/Kiritimati", "9999-12-31T23:59:59Z", "9999-12-31 23:59:59")]
    [InlineData("Asia/Kathmandu", "2030-01-01T00:00:00Z", "2030-01-01 05:45:00")]
    public async Task Dates_are_read_and_written_in_the_accounts_zone(string zone, string sent, string answered)
    {
        using var http = await StrangerAsync(zone);

        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form(("location_url", "https://example.org/"), ("start_date", sent)),
            http
        );

        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        var link = (await SendAsync(HttpMethod.Get, $"/api/links/{made.Json["data"]!["id"]}", http: http)).Json[
            "data"
        ]!;
        Assert.Equal(answered, link["start_date"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("2030-01-02 00:00", "2030-01-01 00:00")]
    [InlineData("2030-01-01 00:00:00", "2030-01-01 00:00")]
    public async Task The_end_comes_after_the_start(string start, string end)
    {
        var both = await PostAsync(
            "/api/links",
            ("location_url", "https://example.org/"),
            ("start_date", start),
            ("end_date", end)
        );
        var id = await CreateAsync(("start_date", start));
        var later = await PostAsync($"/api/links/{id}", ("end_date", end));
        var other = await CreateAsync(("end_date", end));
        var earlier = await PostAsync($"/api/links/{other}", ("start_date", start));

        Assert.Equal(["end_date"], both.WrongFields);
        Assert.Equal(["end_date"], later.WrongFields);
        Assert.Equal(["start_date"], earlier.WrongFields);
    }

    [Fact]
    public async Task Dates_imply_a_schedule_and_no_schedule_means_no_dates()
    {
        var id = await CreateAsync(("start_date", "2030-01-01 00:00"), ("end_date", "2031-01-01 00:00"));
        Assert.Equal("true 2030-01-01 00:00:00 2031-01-01 00:00:00", await ScheduleAsync(id));

        await PostAsync($"/api/links/{id}", ("start_date", ""));
        Assert.Equal("true null 2031-01-01 00:00:00", await ScheduleAsync(id));
        await PostAsync($"/api/links/{id}", ("end_date", "null"));
        Assert.Equal("false null null", await ScheduleAsync(id));
        await PostAsync($"/api/links/{id}", ("schedule", "1"));
        Assert.Equal("true null null", await ScheduleAsync(id));
        await PostAsync($"/api/links/{id}", ("end_date", "2031-01-01 00:00"));
        await PostAsync($"/api/links/{id}", ("schedule", "0"), ("end_date", "2032-01-01 00:00"));
        Assert.Equal("false null null", await ScheduleAsync(id));
    }

    private async Task<string> ScheduleAsync(long id)
    {
        var link = await ReadAsync(id);
        return $"{ParameterTests.At(link, "settings.schedule")} {ParameterTests.At(link, "start_date")} {ParameterTests.At(link, "end_date")}";
    }
}
