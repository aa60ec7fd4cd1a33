namespace Signpost.Dashboard.Unknown;

/// <summary>The addresses that visitors asked for and that have no link.</summary>
public partial class UnknownPage
{
    /// <summary>Everything that the page shows.</summary>
    /// <param name="Domains">The domains that the person may ask about, with their hosts; the main domain has the id 0.</param>
    /// <param name="DomainId">The chosen one; null: there is none.</param>
    /// <param name="Host">The host of the chosen one.</param>
    /// <param name="Days">The first and the last day, in UTC.</param>
    public sealed record Content(
        IReadOnlyList<(long Id, string Host)> Domains,
        long? DomainId,
        string Host,
        (DateOnly First, DateOnly Last) Days
    )
    {
        /// <summary>The last days that can be chosen at once, each with its address.</summary>
        public IReadOnlyList<(int Days, string Address, bool IsHere)> Periods { get; init; } = [];

        /// <summary>The rows of this page.</summary>
        public IReadOnlyList<Line> Lines { get; init; } = [];

        /// <summary>The number of the first row, from 1.</summary>
        public int First { get; init; } = 1;

        /// <summary>The number of rows on all pages.</summary>
        public int Total { get; init; }

        public string? Previous { get; init; }
        public string? Next { get; init; }

        /// <summary>The address of the rows as CSV.</summary>
        public string? Export { get; init; }

        /// <summary>The number of links whose aliases were compared.</summary>
        public int Compared { get; init; }

        /// <summary>The days are no dates, or too many, or in the wrong order.</summary>
        public bool IsWrong { get; init; }
    }

    /// <summary>An unknown alias.</summary>
    /// <param name="Alias">Null: the sum of all aliases that are not listed.</param>
    public sealed record Line(string? Alias, long Requests, DateOnly LastDay)
    {
        /// <summary>A link has this alias by now.</summary>
        public bool HasLink { get; init; }

        /// <summary>The page of that link; null: it belongs to another account.</summary>
        public string? Link { get; init; }

        /// <summary>The address of the form for a new link with this alias; null: there is a link, or the person may create none.</summary>
        public string? Create { get; init; }

        /// <summary>The link with the most similar alias; null: there is none.</summary>
        public (string Alias, string Page)? Nearest { get; init; }
    }
}
