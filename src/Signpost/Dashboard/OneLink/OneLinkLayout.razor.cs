namespace Signpost.Dashboard.OneLink;

/// <summary>The frame of each page of a link.</summary>
public partial class OneLinkLayout
{
    /// <summary>The top of each page of a link.</summary>
    /// <param name="Name">The title, or the destination without its scheme.</param>
    /// <param name="Host">The host of the destination, or its scheme if it has none.</param>
    /// <param name="ShortText">The short address without its scheme.</param>
    /// <param name="State">A text of <c>links.state.…</c>.</param>
    /// <param name="QrPath">The QR code of the short address, as the path of an SVG.</param>
    /// <param name="QrSize">Modules along a side, with the quiet zone.</param>
    /// <param name="Tabs">The pages of the link that exist.</param>
    /// <param name="Edit">The address of the form; null: the person cannot change the link.</param>
    public sealed record LinkHead(
        long Id,
        string Name,
        string Host,
        string ShortUrl,
        string ShortText,
        string Destination,
        string State,
        string QrPath,
        int QrSize,
        IReadOnlyList<(string Href, string Text)> Tabs,
        string? Edit
    )
    {
        /// <summary>The address of the first page of a link.</summary>
        public static string PathOf(long id) => $"/dashboard/links/{id}";

        public string Path => PathOf(Id);

        /// <summary>Browsers open the destination; other schemes are those of apps.</summary>
        public bool IsWebAddress =>
            Destination.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || Destination.StartsWith("http://", StringComparison.OrdinalIgnoreCase);

        /// <summary>The kind of the badge of the state.</summary>
        public string Mood =>
            State switch
            {
                "enabled" => "good",
                "scheduled" => "warning",
                _ => "neutral",
            };
    }
}
