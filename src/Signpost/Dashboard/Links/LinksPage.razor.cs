using Signpost.Dashboard.Shell;

namespace Signpost.Dashboard.Links;

/// <summary>The list of links.</summary>
public partial class LinksPage
{
    /// <summary>Everything that the page shows.</summary>
    public sealed record Content
    {
        public required LinkListAddress Address { get; init; }
        public required IReadOnlyList<LinkLine> Lines { get; init; }
        public required long Total { get; init; }

        /// <summary>False: there are at least <see cref="Total"/> links.</summary>
        public required bool IsExact { get; init; }

        /// <summary>The number of the first link of the page, from 1.</summary>
        public required long First { get; init; }
        public string? Previous { get; init; }
        public string? Next { get; init; }
        public required IReadOnlyList<Choice> Projects { get; init; }
        public required IReadOnlyList<Choice> Domains { get; init; }

        /// <summary>The tags of the account, by name.</summary>
        public required IReadOnlyList<Choice> Tags { get; init; }

        /// <summary>A change of many links that runs; null: none does, or the person may change no links.</summary>
        public Change? Running { get; init; }

        /// <summary>The saved views of the account, by name.</summary>
        public required IReadOnlyList<SavedView> Views { get; init; }

        /// <summary>The error of a form of views.</summary>
        public ViewError? ViewError { get; init; }
        public required Actions Actions { get; init; }

        /// <summary>The link that was just created.</summary>
        public LinkLine? Made { get; init; }

        /// <summary>The error of the form that creates a link.</summary>
        public string? Error { get; init; }

        /// <summary>The destination that was typed into that form.</summary>
        public string? Typed { get; init; }

        /// <summary>The first API key of a new server, which is shown once.</summary>
        public string? FirstKey { get; init; }

        /// <summary>The address of the API, without a trailing slash.</summary>
        public required string PublicUrl { get; init; }
    }

    /// <summary>One link of the list.</summary>
    /// <param name="ShortText">The short address without its scheme.</param>
    /// <param name="Host">The host of the destination, or its scheme if it has none.</param>
    /// <param name="State">A text of <c>links.state.…</c>; null: visitors get the link.</param>
    /// <param name="Flags">An icon and its text.</param>
    /// <param name="Trend">The clicks of the last days; null: unknown at the moment.</param>
    public sealed record LinkLine(
        long Id,
        string ShortUrl,
        string ShortText,
        string? Title,
        string Destination,
        string Host,
        IReadOnlyList<string> Tags,
        Choice? Project,
        bool IsEnabled,
        string? State,
        IReadOnlyList<(string Icon, string Text)> Flags,
        IReadOnlyList<long>? Trend,
        long Clicks,
        DateTimeOffset Created
    );

    /// <summary>A project, a domain or a tag.</summary>
    /// <param name="Color">The colour of a project or tag, as in <c>#ff0000</c>.</param>
    public sealed record Choice(long Id, string Name, string? Color = null);

    /// <summary>A change of many links.</summary>
    /// <param name="Done">So many of its links are over.</param>
    public sealed record Change(long Id, long Done, long Total);

    /// <summary>Filters and an order of the list under a name.</summary>
    /// <param name="List">The filters that the page can show.</param>
    /// <param name="Value">The stored value, in JSON.</param>
    /// <param name="IsPartial">The stored value has more than the page can show.</param>
    public sealed record SavedView(long Id, string Name, LinkListAddress List, string Value, bool IsPartial)
    {
        /// <summary>The address that opens it.</summary>
        public string Address => List.Of(LinkListAddress.View, $"{Id}");
    }

    /// <summary>A form of views was refused.</summary>
    /// <param name="Id">The view; null: a new one.</param>
    /// <param name="Typed">The name that was typed.</param>
    public sealed record ViewError(long? Id, string Typed, string Text);

    /// <summary>The addresses of pages of a link; null: there is no such page.</summary>
    /// <param name="HasTrash">Deleted links can be restored for some days.</param>
    public sealed record Actions(string? Link, string? Edit, string? Statistics, bool HasTrash)
    {
        private const string Id = "{id}";

        /// <summary>The address of a page of this link.</summary>
        public static string? Of(string? page, long id) => page?.Replace(Id, $"{id}", StringComparison.Ordinal);
    }

    /// <summary>The state of the list: it stands in the address of the page.</summary>
    public sealed record LinkListAddress(IReadOnlyDictionary<string, string> Values)
    {
        /// <summary>The parameters of the API's list that the page has, and <c>created</c>: the last days in which a link was created.</summary>
        public static readonly string[] Names =
        [
            "search",
            "search_by",
            "is_enabled",
            Flag,
            "project_id",
            "domain_id",
            "tag",
            "created",
            "order_by",
            View,
        ];

        /// <summary>The parameter with the id of the saved view that is open. Its filters may have been changed since.</summary>
        public const string View = "view";

        /// <summary>The parameter for settings of links, which takes several: their names with commas between them.</summary>
        public const string Flag = "flag";

        /// <summary>The settings that each link of the list has.</summary>
        public string[] Flags => this[Flag]?.Split(',') ?? [];

        public string? this[string name] => Values.GetValueOrDefault(name);

        /// <summary>Not all links are listed.</summary>
        public bool IsFiltered => Values.Keys.Any(name => name is not ("order_by" or "search_by" or View));

        /// <summary>The list without the view that is open.</summary>
        public LinkListAddress Bare =>
            new(Values.Where(pair => pair.Key is not View).ToDictionary(pair => pair.Key, pair => pair.Value));

        /// <summary>The same list with another value of a parameter.</summary>
        public LinkListAddress With(string name, string value) =>
            new(new Dictionary<string, string>(Values) { [name] = value });

        /// <summary>All links, with one parameter of this list.</summary>
        public LinkListAddress Only(string name) =>
            new(Values.Where(pair => pair.Key == name).ToDictionary(pair => pair.Key, pair => pair.Value));

        /// <summary>Its parameters as the query of an address.</summary>
        public string Query => string.Join('&', Pairs(null, null));

        /// <summary>All its links, as the query of an address.</summary>
        public string All => Bare.Query is { Length: > 0 } query ? $"all=1&{query}" : "all=1";

        /// <summary>Whether both list the same in the same order.</summary>
        public bool IsSameAs(LinkListAddress other) =>
            Bare.Values.Count == other.Bare.Values.Count && !Bare.Values.Except(other.Bare.Values).Any();

        /// <summary>The address of the first page, or of another one.</summary>
        public string Of(string? name = null, string? value = null) =>
            Values.Count == 0 && name is null
                ? Navigation.Home
                : $"{Navigation.Home}?{string.Join('&', Pairs(name, value))}";

        private IEnumerable<string> Pairs(string? name, string? value) =>
            Values
                .Where(pair => pair.Key != name)
                .Append(new(name ?? "", value ?? ""))
                .Where(pair => pair.Key is not "")
                .Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}");
    }
}
