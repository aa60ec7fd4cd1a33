namespace Signpost.Dashboard.QrCodes;

/// <summary>Sheets with QR codes, to print.</summary>
public partial class QrPrintPage
{
    /// <summary>Everything that the page shows.</summary>
    public sealed record Content
    {
        /// <summary>The address of the page, without its query.</summary>
        public required string Path { get; init; }

        /// <summary>The parameters that name the codes.</summary>
        public required IReadOnlyList<(string Name, string Value)> Selection { get; init; }
        public required IReadOnlyList<Cell> Cells { get; init; }

        /// <summary>The columns and rows of a sheet, as in <c>3x4</c>.</summary>
        public required string Grid { get; init; }

        /// <summary><c>a4</c> or <c>letter</c>.</summary>
        public required string Paper { get; init; }

        /// <summary>The number of the first code of the page, from 1.</summary>
        public required long First { get; init; }
        public required long Total { get; init; }
        public string? Previous { get; init; }
        public string? Next { get; init; }
    }

    /// <summary>A code and the lines below it.</summary>
    /// <param name="Picture">An address of a picture, or its data.</param>
    /// <param name="Name">The title; null: there is none.</param>
    /// <param name="Text">The short address or the destination.</param>
    public sealed record Cell(string Picture, string? Name, string? Text);
}
