namespace Signpost.Dashboard.Trash;

/// <summary>The deleted links that can be restored.</summary>
public partial class TrashPage
{
    /// <param name="First">The number of the first line among all, from 1.</param>
    public sealed record Content(IReadOnlyList<Line> Lines, long First, long Total, string? Previous, string? Next);

    /// <summary>A deleted link.</summary>
    /// <param name="ShortText">The short address without its scheme.</param>
    /// <param name="Erased">When the server erases it.</param>
    public sealed record Line(
        long Id,
        string ShortText,
        string? Title,
        string Destination,
        long Clicks,
        DateTimeOffset Deleted,
        DateTimeOffset Erased
    );
}
