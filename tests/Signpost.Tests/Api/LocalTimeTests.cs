using Signpost.Api;

namespace Signpost.Tests.Api;

/// <summary>Reading and writing instants in zones.</summary>
public sealed class LocalTimeTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29T00:59:59Z")]
    [InlineData("Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z")]
    [InlineData("Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z")]
    [InlineData("America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00Z")]
    [InlineData("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z")]
    [InlineData("Africa/Casablanca", "2026-01-15 12:00", "2026-01-15T11:00:00Z")]
    [InlineData("UTC", "2026-02-28 23:59:59", "2026-02-28T23:59:59Z")]
    [InlineData("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00Z")]
    [InlineData("UTC", "2026-02-28T23:59:59", "2026-02-28T23:59:59Z")]
    public void A_local_time_is_the_first_it_can_be_and_a_skipped_one_moves_forward(
        string zone,
        string text,
        string utc
    )
    {
        Assert.True(LocalTime.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(zone), out var instant));

        Assert.Equal(DateTimeOffset.Parse(utc, null).ToUnixTimeMilliseconds(), instant);
    }

    [Theory]
    [InlineData("2026-01-01T10:00:00.5Z", 500)]
    [InlineData("2026-01-01T10:00:00,123456789+00:00", 123)]
    [InlineData("2026-01-01t10:00:00z", 0)]
    [InlineData("2026-01-01 12:00+0200", 0)]
    [InlineData("2026-01-01T12:00:00+02", 0)]
    [InlineData("2026-01-01T04:30:00-05:30", 0)]
    public void ISO_8601_carries_its_own_offset(string text, int milliseconds)
    {
        Assert.True(LocalTime.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"), out var instant));

        Assert.Equal(
            new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() + milliseconds,
            instant
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-1-1 10:00")]
    [InlineData("2026-01-01  10:00")]
    [InlineData("2026-01-01 10:00 ")]
    [InlineData("2026-01-01 10")]
    [InlineData("2026-01-01 24:00")]
    [InlineData("2026-01-01 10:60")]
    [InlineData("2026-01-01 10:00:00.5")]
    [InlineData("2026-01-01T10:00:00.5")]
    [InlineData("2026-01-01T10:00:00 Z")]
    [InlineData("2026-01-01T10:00:00+14:01")]
    [InlineData("2026-01-01T10:00:00+1:00")]
    [InlineData("20260101T100000Z")]
    [InlineData("0000-01-01 00:00")]
    [InlineData("10000-01-01 00:00")]
    [InlineData("2026-02-29 00:00")]
    [InlineData("now")]
    [InlineData("1767261600")]
    public void Nothing_else_is_a_date(string text) => Assert.False(LocalTime.TryParse(text, TimeZoneInfo.Utc, out _));

    [Theory]
    [InlineData("Pacific/Kiritimati", "0001-01-01 00:00:00")]
    [InlineData("Pacific/Niue", "9999-12-31 23:59:59")]
    public void An_instant_beyond_the_calendar_is_an_error(string zone, string text) =>
        Assert.False(LocalTime.TryParse(text, TimeZoneInfo.FindSystemTimeZoneById(zone), out _));
}
