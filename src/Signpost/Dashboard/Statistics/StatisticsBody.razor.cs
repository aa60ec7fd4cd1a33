namespace Signpost.Dashboard.Statistics;

/// <summary>The content of each page with statistics.</summary>
public partial class StatisticsBody
{
    /// <summary>Everything that the page shows, as people read it.</summary>
    public sealed record StatisticsView
    {
        public required StatisticsAddress Address { get; init; }

        /// <summary>The parts of the address that are not possible.</summary>
        public required IReadOnlyList<(string Text, string? Field)> Errors { get; init; }

        /// <summary>The word of the period; <c>custom</c>: the address has dates.</summary>
        public required string Period { get; init; }

        /// <summary>The first and the last day, as in <c>2026-11-27</c>.</summary>
        public required (string Start, string End) Dates { get; init; }

        /// <summary>The first and the last day, as people read them.</summary>
        public required string Range { get; init; }

        public required string Comparison { get; init; }
        public required string Granularity { get; init; }

        /// <summary>The granularities that the range allows.</summary>
        public required IReadOnlyList<string> Granularities { get; init; }

        public required IReadOnlyList<FilterChip> Chips { get; init; }

        /// <summary>The choices of a new filter.</summary>
        public required FilterPicker Picker { get; init; }

        /// <summary>The counted clicks as files.</summary>
        public required ClickFiles Clicks { get; init; }

        /// <summary>The public page with these statistics; null: there can be none.</summary>
        public PublicShare? Share { get; init; }

        public required IReadOnlyList<TotalCard> Totals { get; init; }
        public required TimeSeries Times { get; init; }
        public required RequestParts Requests { get; init; }
        public required IReadOnlyList<TableCard> Cards { get; init; }
        public required HeatRows Heat { get; init; }

        /// <summary>The links to compare; null: the page is about one link, or shows one table.</summary>
        public LinkLines? Links { get; init; }

        /// <summary>The targets of a rotation; null: the page is about no such link.</summary>
        public VariantPanel? Variants { get; init; }

        /// <summary>The address of the stream of new clicks; null: the days are over.</summary>
        public string? Live { get; init; }

        /// <summary>The one table that fills the page; null: the page shows all cards.</summary>
        public TableCard? Shown { get; init; }

        /// <summary>The reason why nothing was counted, a text of <c>stats.empty.…</c>; null: there are visits.</summary>
        public string? Empty { get; init; }

        /// <summary>Today is in the range, so the last count still grows.</summary>
        public required bool IsUnfinished { get; init; }

        /// <summary>The days to compare with have too many clicks, so there is no comparison.</summary>
        public required bool IsEarlierTooLarge { get; init; }
    }

    /// <summary>A filter: clicks that have one of the values, or none of them.</summary>
    /// <param name="Other">The address with the opposite filter.</param>
    public sealed record FilterChip(
        string Name,
        bool IsExcluding,
        string Other,
        IReadOnlyList<(string Text, string Remove)> Values
    );

    /// <summary>A new filter.</summary>
    /// <param name="Dimensions">Each with the address that picks it.</param>
    /// <param name="Picked">The name of the picked dimension; null: none.</param>
    /// <param name="Values">Its values; empty: people type them.</param>
    public sealed record FilterPicker(
        IReadOnlyList<(string Href, string Text, bool IsPicked)> Dimensions,
        string? Picked,
        IReadOnlyList<(string Value, string Text)> Values
    );

    /// <param name="Rows">The number of clicks in each file.</param>
    public sealed record ClickFiles(string Csv, string Json, long Rows);

    /// <summary>The page for everybody.</summary>
    /// <param name="Url">Its address; null: it is not published.</param>
    /// <param name="Action">The address of the form that publishes it; null: the person may not.</param>
    /// <param name="Settings">The page with its settings.</param>
    /// <param name="IsOfProject">Otherwise it is the page of a link.</param>
    public sealed record PublicShare(string? Url, string? Action, string Settings, bool IsOpen, bool IsOfProject);

    /// <summary>A number with its name.</summary>
    /// <param name="Note">More about the number.</param>
    /// <param name="Hint">The key of a text that explains the number.</param>
    public sealed record TotalCard(string Name, string Value, string? Note = null, string? Hint = null)
    {
        /// <summary>The change against the days to compare with.</summary>
        public (string Text, string Mood, string Title)? Change { get; init; }
    }

    /// <summary>The targets of a rotation with their shares.</summary>
    /// <param name="IsDoubtful">The split can hardly be chance.</param>
    /// <param name="Since">When the weights were changed last; null: not in the range.</param>
    public sealed record VariantPanel(IReadOnlyList<VariantRow> Rows, bool IsDoubtful, string? Since);

    /// <param name="SetShare">The weight as a share of all, from 0 to 1.</param>
    /// <param name="Interval">It holds the true share in 95 of 100 cases.</param>
    public sealed record VariantRow(
        string Destination,
        string Weight,
        long Clicks,
        long Visitors,
        string Share,
        double SetShare,
        (double From, double To) Interval
    );

    /// <summary>Links of which some are compared in a chart.</summary>
    /// <param name="Rows">Those that are compared come first.</param>
    /// <param name="Lines">The clicks of each compared link, by the points of the time line.</param>
    public sealed record LinkLines(IReadOnlyList<LinkLine> Rows, IReadOnlyList<IReadOnlyList<long>> Lines);

    /// <param name="Name">The short address without its scheme.</param>
    /// <param name="Href">Its own statistics, of the same days and with the same filters.</param>
    /// <param name="Clicks">Null: the links have too many.</param>
    public sealed record LinkLine(
        long Id,
        string Name,
        string? Title,
        string Href,
        long? Clicks,
        long? Visitors,
        bool IsCompared
    );

    /// <summary>An edit of the link.</summary>
    /// <param name="At">The point of the time line in which it was.</param>
    public sealed record TimeFlag(int At, int Version, string Fields, string Href);

    /// <summary>The counts by time.</summary>
    /// <param name="Few">So few clicks that a line would say too much.</param>
    /// <param name="Export">The table as files and over the API.</param>
    public sealed record TimeSeries(IReadOnlyList<TimePoint> Points, bool Few, TableFiles Export)
    {
        public IReadOnlyList<TimeFlag> Flags { get; init; } = [];

        /// <summary>The name of what is counted.</summary>
        public required string Unit { get; init; }
    }

    /// <summary>An hour, a day, a week or a month.</summary>
    /// <param name="Label">Its label below the chart.</param>
    /// <param name="Zoom">The address of the page for this time only; null: it is the smallest.</param>
    public sealed record TimePoint(string Name, string Label, long Clicks, long Visitors, string? Zoom)
    {
        /// <summary>Its first and its last day; null: it is an hour.</summary>
        public (string Start, string End)? Days { get; init; }

        /// <summary>It is not over yet.</summary>
        public bool IsUnfinished { get; init; }
    }

    /// <summary>All requests, and their kinds, which add up to them.</summary>
    public sealed record RequestParts(long Total, IReadOnlyList<RequestPart> Parts, TableFiles Export);

    /// <param name="Kind">The name of the API.</param>
    /// <param name="Href">The page for this kind only.</param>
    public sealed record RequestPart(string Kind, string Name, long Count, string Href, bool IsChosen);

    /// <summary>The values of a dimension.</summary>
    /// <param name="Name">The word of the card in addresses.</param>
    /// <param name="All">The address of the whole table; null: this is the whole table.</param>
    public sealed record TableCard(
        string Name,
        string Title,
        IReadOnlyList<(string Href, string Text, bool IsOpen)> Tabs,
        IReadOnlyList<TableRow> Rows,
        string? All,
        TableFiles Export
    )
    {
        /// <summary>The countries with clicks, by their codes; null: this is no table of countries.</summary>
        public IReadOnlyDictionary<string, MapCountry>? Map { get; init; }
    }

    /// <summary>A country on the map.</summary>
    /// <param name="Level">How dark it is, from 1 to 5.</param>
    public sealed record MapCountry(int Level, string Title, string Href);

    /// <param name="Detail">Tells it from other rows of this name.</param>
    /// <param name="Href">The page for the clicks of this row; null: there is none.</param>
    /// <param name="Share">Its part of all clicks, from 0 to 1.</param>
    public sealed record TableRow(string Name, string? Detail, string? Href, long Clicks, long Visitors, double Share);

    /// <summary>The hours of the week, from Monday on.</summary>
    public sealed record HeatRows(
        IReadOnlyList<(string Day, IReadOnlyList<(int Level, string Title)> Hours)> Days,
        TableFiles Export
    );

    /// <summary>A table as files, and the command that asks the API for the same numbers.</summary>
    public sealed record TableFiles(string Csv, string Json, string Command);
}
