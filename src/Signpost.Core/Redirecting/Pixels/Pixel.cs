using System.Diagnostics.CodeAnalysis;

namespace Signpost.Core.Redirecting.Pixels;

/// <summary>A tracker that is fired when a person is redirected.</summary>
public sealed record Pixel
{
    private const int LongestId = 64;

    private Pixel(PixelVendor vendor, string id) => (Vendor, Id) = (vendor, id);

    public PixelVendor Vendor { get; }

    /// <summary>Letters, digits, <c>-</c> and <c>_</c>, nothing else: it goes into addresses and scripts.</summary>
    public string Id { get; }

    public static bool TryCreate(string vendor, string id, [NotNullWhen(true)] out Pixel? pixel)
    {
        pixel =
            PixelVendors.Find(vendor) is { } known && id.Length is > 0 and <= LongestId && id.All(IsSafe)
                ? new Pixel(known, id)
                : null;
        return pixel is not null;
    }

    private static bool IsSafe(char sign) => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_';
}
