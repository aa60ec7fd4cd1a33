namespace Signpost.Api.Callers;

/// <summary>Short names of browser and system, so that people recognise their sessions.</summary>
internal static class DeviceNames
{
    // The first match counts, because agents of the earlier ones also contain the later names.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("CrOS", "Chrome OS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    public static string Of(string? userAgent)
    {
        var browser = Find(Browsers, userAgent) ?? "Another browser";
        return Find(Systems, userAgent) is { } system ? $"{browser} on {system}" : browser;
    }

    private static string? Find((string Mark, string Name)[] table, string? userAgent)
    {
        foreach (var (mark, name) in table)
            if (userAgent?.Contains(mark, StringComparison.Ordinal) is true)
                return name;
        return null;
    }
}
