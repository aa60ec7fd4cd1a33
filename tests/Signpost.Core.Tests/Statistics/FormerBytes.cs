using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

/// <summary>Bytes that servers wrote before clicks had hosts, or terms and contents, and the clicks that they hold.</summary>
internal static class FormerBytes
{
    public const int FirstDay = 1_000;
    private const long First = FirstDay * MadeClicks.Day;

    private const string BlockText =
        "AdW4N+sEAQIEgPCyUtAP0A+A3woGBQAAAAAABQAAAAAABgAAAAAABwAAAAAACwICAgUHBwIMAgQURVVGUkRFTGludXhGaXJlZm94"
        + "ZGVza3RvcGZybmV3cy5leGFtcGxlL2FtYWlsaHR0cHM6Ly9leGFtcGxlLm9yZy8CAQECAwAAAAABAQEEBQYBBwEICQEKAAABCwAC"
        + "DS4BAAguAQAAAAEA";
    private const string BlockOfHostsText =
        "AomcYpEEAQIEgPCyUtAP0A+A3woGBQAAAAAABQAAAAAABgAAAAAABwAAAAAADgICAgUHBwIMAgQGBhQKRVVGUkRFTGludXhGaXJl"
        + "Zm94ZGVza3RvcGZybmV3cy5leGFtcGxlL2FtYWlsbGV0dGVyc3ByaW5naHR0cHM6Ly9leGFtcGxlLm9yZy9nby5leGFtcGxlAgEB"
        + "AgMAAAAAAQEBBAUGAQcBCAkBCgsMAQ0AAQ4CDS4BAAguAQAAAAEA";
    private const string TotalsText =
        "AfndjMsRAAYBFAIIAwwFCwYNBw0ICBAKDwYLCgwMDQwJEg4aBBAKFQEDAAWMAwhwZXJzb24CAgIBBAdyb2JvdAEABEVVAgICAQQE"
        + "REUBBARGUgECAgEHTGludXgCAgIBBAlGaXJlZm94AgICAQQJZGVza3RvcAICAgEEBGZyAgICAQQGbGluawICAgEEAQICAgEEBm1h"
        + "aWwCAgIBBAgeH21haWwCAgIBBAgeH21haWwCAgIBBA5uZXdzLmV4YW1wbGUCAgIBBBZodHRwczovL2V4YW1wbGUub3JnLwICAgEE"
        + "Bh4fREUBBAYeH0ZSAQICAREvYR9uZXdzLmV4YW1wbGUCAgIBBA==";
    private const string QuartersText =
        "AWbg7iYQARQCCAMMBQsGDQcNCAgQCg8GCwoMDA0MCRIOGgQQChUIcGVyc29uAwAFjAMHcm9ib3QBCARFVQMABYwDBERFAZADBEZS"
        + "AgAFB0xpbnV4AwAFjAMJRmlyZWZveAMABYwDCWRlc2t0b3ADAAWMAwRmcgMABYwDBmxpbmsDAAWMAwEDAAWMAwZtYWlsAwAFjAMI"
        + "Hh9tYWlsAwAFjAMIHh9tYWlsAwAFjAMObmV3cy5leGFtcGxlAwAFjAMWaHR0cHM6Ly9leGFtcGxlLm9yZy8DAAWMAwYeH0RFAZAD"
        + "Bh4fRlICAAURL2EfbmV3cy5leGFtcGxlAwAFjAM=";

    public static ClickRow[] Rows { get; } =
    [
        Row(First, 5, ClickKind.Person, "FR"),
        Row(First + 1_000, 5, ClickKind.Person, "FR"),
        Row(First + 2_000, 6, ClickKind.Robot, "DE"),
        Row(First + 90_000, 7, ClickKind.Person, "DE"),
    ];

    public static ClickRow[] RowsOfHosts { get; } =
    [.. Rows.Select(row => row with { Utm = new("mail", "letter", "spring"), Host = "go.example" })];

    public static byte[] Block => Convert.FromBase64String(BlockText);

    /// <summary>With hosts, without terms and contents.</summary>
    public static byte[] BlockOfHosts => Convert.FromBase64String(BlockOfHostsText);

    /// <summary>The rollup of three days.</summary>
    public static StoredRollup Rollup =>
        new(3, Convert.FromBase64String(TotalsText), Convert.FromBase64String(QuartersText));

    private static ClickRow Row(long at, ulong visitor, ClickKind kind, string country) =>
        new(
            1,
            at,
            visitor,
            kind,
            302,
            false,
            new("EU", country, null),
            new("Linux", "Firefox", "desktop"),
            "fr",
            new("news.example", "/a"),
            new("mail", null, null),
            new("https://example.org/", null)
        );
}
