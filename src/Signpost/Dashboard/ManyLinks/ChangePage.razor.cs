using Signpost.Dashboard.Links;

namespace Signpost.Dashboard.ManyLinks;

/// <summary>The form that changes many links.</summary>
public partial class ChangePage
{
    /// <summary>Everything that the page shows.</summary>
    public sealed record Content
    {
        /// <summary>The selection as the query of an address.</summary>
        public required string Selection { get; init; }

        public required string Seal { get; init; }
        public required int Count { get; init; }

        /// <summary>The filters of the list in words; null: somebody chose the links.</summary>
        public IReadOnlyList<string>? Filters { get; init; }

        /// <summary>The short addresses of the first links.</summary>
        public required IReadOnlyList<string> First { get; init; }

        /// <summary>The address of the list.</summary>
        public required string Back { get; init; }

        /// <summary>The page asks only whether the links are deleted.</summary>
        public bool AsksToDelete { get; init; }

        /// <summary>Deleted links go to the trash.</summary>
        public required bool HasTrash { get; init; }
        public required FormValues Values { get; init; }
        public required IReadOnlyList<LinksPage.Choice> Projects { get; init; }
        public required IReadOnlyList<LinksPage.Choice> Domains { get; init; }
        public required IReadOnlyList<string> Tags { get; init; }

        /// <summary>The key of a text; null: there is nothing to say.</summary>
        public string? Notice { get; init; }
        public IReadOnlyList<(string Text, string? Field)> Errors { get; init; } = [];

        public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.Field == field).Text;
    }
}
