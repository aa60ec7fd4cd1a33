namespace Signpost.Dashboard.ManyLinks;

/// <summary>The progress of a change of many links.</summary>
public partial class ProgressPage
{
    /// <summary>Everything that the page shows.</summary>
    public sealed record Content
    {
        public required long Id { get; init; }

        /// <summary>A text of <c>many.status.…</c>.</summary>
        public required string Status { get; init; }

        /// <summary>The number of links to change.</summary>
        public required long Total { get; init; }

        /// <summary>The number of links that were changed.</summary>
        public required long Done { get; init; }

        /// <summary>The number of links that could not be changed.</summary>
        public required long Failed { get; init; }

        /// <summary>The first of these.</summary>
        public required IReadOnlyList<Failure> Failures { get; init; }

        /// <summary>The address of the list.</summary>
        public required string Back { get; init; }
    }

    /// <summary>A link that could not be changed.</summary>
    public sealed record Failure
    {
        public required long Id { get; init; }

        /// <summary>Its short address without the scheme; null: the link is gone.</summary>
        public string? ShortText { get; init; }

        public required string Reason { get; init; }
    }
}
