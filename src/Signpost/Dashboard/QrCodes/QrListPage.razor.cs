namespace Signpost.Dashboard.QrCodes;

/// <summary>The kept QR codes.</summary>
public partial class QrListPage
{
    /// <param name="First">The number of the first code among all, from 1.</param>
    public sealed record Content(IReadOnlyList<Code> Codes, long First, long Total, string? Previous, string? Next);

    /// <param name="Picture">The path of its picture as SVG.</param>
    /// <param name="Target">The coded address as people read it; null: the link is gone.</param>
    public sealed record Code(
        long Id,
        string Name,
        string Picture,
        string? Target,
        long? LinkId,
        DateTimeOffset Created
    );
}
