namespace Signpost.Dashboard.BulkCreate;

/// <summary>Creates many links at once.</summary>
public partial class BulkPage
{
    /// <param name="Text">The pasted text.</param>
    /// <param name="Rows">The rows with their verdicts; null: nothing was checked yet.</param>
    /// <param name="Error">The problem of the whole text; null: there is none.</param>
    public sealed record Content(string Text, IReadOnlyList<Line>? Rows, string? Error)
    {
        /// <summary>The number of links that were just created from rows that stand here no more.</summary>
        public int Made { get; init; }

        /// <summary>The address of the page with these links; null: there are none.</summary>
        public string? MadePath { get; init; }

        public int Good => Rows?.Count(row => row.Error is null) ?? 0;
    }

    /// <param name="Number">The number of the line, from 1.</param>
    /// <param name="Error">Null: the link can be created.</param>
    public sealed record Line(int Number, string Destination, string Alias, string Others, string? Error);
}

/// <summary>The links that were created at once.</summary>
public partial class BulkResultPage
{
    /// <param name="Download">The address of the CSV.</param>
    public sealed record Content(IReadOnlyList<Line> Lines, string Download);

    public sealed record Line(long Id, string ShortUrl, string ShortText, string Destination);
}
