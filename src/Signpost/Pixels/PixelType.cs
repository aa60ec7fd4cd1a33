using System.Text.RegularExpressions;

namespace Signpost.Pixels;

/// <summary>The company of a pixel's tracker, and the format of its ids.</summary>
/// <param name="Name">The name in the API.</param>
/// <param name="Title">The name that people know.</param>
/// <param name="Shape">Matches the whole id, in any case. Another id is a warning.</param>
/// <param name="Expected">The description of a valid id, for errors.</param>
internal sealed partial record PixelType(string Name, string Title, Regex Shape, string Expected)
{
    /// <summary>Longer than any id.</summary>
    public const int LongestId = 64;

    public static readonly IReadOnlyList<PixelType> All =
    [
        new("facebook", "Meta (Facebook)", Digits(), "4 to 20 digits"),
        new("google_analytics", "Google Analytics", GoogleAnalytics(), "an id like G-ABC1234567 or UA-1234567-1"),
        new("google_tag_manager", "Google Tag Manager", GoogleTagManager(), "an id like GTM-ABC1234"),
        new("linkedin", "LinkedIn", Digits(), "4 to 20 digits"),
        new("pinterest", "Pinterest", Digits(), "4 to 20 digits"),
        new("twitter", "X (Twitter)", Twitter(), "4 to 16 letters and digits"),
        new("quora", "Quora", Quora(), "8 to 64 hexadecimal digits"),
        new("tiktok", "TikTok", TikTok(), "8 to 40 letters and digits"),
        new("snapchat", "Snapchat", Snapchat(), "an id like 01234567-89ab-cdef-0123-456789abcdef"),
    ];

    public static string[] Names { get; } = [.. All.Select(type => type.Name)];

    public static PixelType Named(string name) => All.Single(type => type.Name == name);

    /// <summary>Returns the canonical spelling of an id; null: the id does not match the format of this company.</summary>
    public string? Canonical(string id)
    {
        if (!Shape.IsMatch(id))
            return null;
        return Name switch
        {
            "google_analytics" or "google_tag_manager" or "tiktok" => id.ToUpperInvariant(),
            _ => id.ToLowerInvariant(),
        };
    }

    [GeneratedRegex(@"\A[0-9]{4,20}\z")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\A([Gg]-[A-Za-z0-9]{4,16}|[Uu][Aa]-[0-9]{4,12}-[0-9]{1,4})\z")]
    private static partial Regex GoogleAnalytics();

    [GeneratedRegex(@"\A[Gg][Tt][Mm]-[A-Za-z0-9]{4,12}\z")]
    private static partial Regex GoogleTagManager();

    [GeneratedRegex(@"\A[A-Za-z0-9]{4,16}\z")]
    private static partial Regex Twitter();

    [GeneratedRegex(@"\A[A-Fa-f0-9]{8,64}\z")]
    private static partial Regex Quora();

    [GeneratedRegex(@"\A[A-Za-z0-9]{8,40}\z")]
    private static partial Regex TikTok();

    [GeneratedRegex(@"\A[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}\z")]
    private static partial Regex Snapchat();
}
