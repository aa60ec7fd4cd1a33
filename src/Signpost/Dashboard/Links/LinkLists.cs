using System.Globalization;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Links.Bulk;
using Signpost.Projects;
using Signpost.Tags;

namespace Signpost.Dashboard.Links;

/// <summary>Reads the list of links for its page, with the catalogs of the API.</summary>
internal sealed class LinkLists(
    LinkCatalog catalog,
    LinkTrends trends,
    LinkDomains domains,
    IResourceCatalog<ProjectResponse> projects,
    IResourceCatalog<TagResponse> tags,
    LinkViews views,
    BulkCatalog changes,
    LinkLines lines,
    Navigation navigation,
    ShortAddresses addresses,
    CaseRules rules,
    PublicAddress address,
    SignpostSettings settings,
    TimeProvider clock
)
{
    private const int MostChoices = 1_000;
    private const int MostSuggestions = 8;
    private const string SearchBy = "search_by";

    /// <summary>All things of a kind that an account may have, by name.</summary>
    public static readonly ResourceQuery AllByName = new(
        new("name"),
        new(new(1, MostChoices), ByLastEdit: false, From: null, To: null, OrderBy: "name", Ascending: true)
    );

    /// <summary>The state of the list that an address has, as the page writes it; empty values are no filters.</summary>
    public static LinksPage.LinkListAddress AddressOf(IQueryCollection query) =>
        new(
            LinksPage
                .LinkListAddress.Names.Select(name => (Name: name, Value: Written(name, query[name].ToString())))
                .Where(pair => pair.Value is not "")
                .ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)
        );

    private static string Written(string name, string value) =>
        name switch
        {
            SearchBy => Array.Find(LinkFilters.Fields, one => one.Equals(value, StringComparison.OrdinalIgnoreCase))
                ?? "",
            "is_enabled" when FieldText.ToBoolean(value) is { } isEnabled => isEnabled ? "1" : "0",
            LinksPage.LinkListAddress.Flag => string.Join(
                ',',
                value
                    .ToLowerInvariant()
                    .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Distinct()
                    .Order(StringComparer.Ordinal)
            ),
            _ => value,
        };

    /// <summary>Reads a page of the list; null: its address is no address of this list.</summary>
    /// <param name="page">The parameter <c>page</c>, or <c>cursor</c>.</param>
    public async Task<LinksPage.Content?> ReadAsync(
        HttpContext http,
        LinksPage.LinkListAddress list,
        (string Name, string Value)? page
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        if (Query(http, list, page) is not { } query)
            return null;
        var (links, found) = await catalog.ListAsync(caller, query, cancel);
        // Nobody should have to know where a word is.
        if (query.Search is not null && list[SearchBy] is null)
            for (var at = 1; links is [] && at < LinkFilters.Fields.Length; at++)
            {
                list = SearchIn(list, LinkFilters.Fields[at]);
                query = Query(http, list, page) ?? query;
                (links, found) = await catalog.ListAsync(caller, query, cancel);
            }

        var (choices, domainChoices, tagChoices) = await ChoicesAsync(caller, cancel);
        var counts = await trends.ReadAsync([.. links.Select(link => link.Id)], caller.TimeZone, cancel);
        var paging = query.Window.Paging;
        return new()
        {
            Address = list,
            Lines = lines.Of(http, links, choices, counts),
            Total = found.Total,
            IsExact = found.IsExact,
            First = (paging.Page - 1) * paging.Size + 1,
            Previous = paging.Page > 1 ? list.Of("page", Text(paging.Page - 1)) : null,
            Next = found.Next is { } next ? list.Of("cursor", next.Write(query.NameOf(caller.AccountId))) : null,
            Projects = Keep(choices, list["project_id"]),
            Domains = domainChoices,
            Tags = tagChoices,
            Running = caller.May(Scopes.LinksWrite) ? await RunningAsync(caller, cancel) : null,
            Views = await views.ListAsync(caller, cancel),
            Actions = new(
                Page("/dashboard/links/{id}"),
                Page("/dashboard/links/{id}/edit"),
                Page("/dashboard/links/{id}/statistics"),
                settings.TrashDays > 0
            ),
            PublicUrl = address.Url,
        };
    }

    /// <summary>One link; null: the caller has no such link.</summary>
    public async Task<LinksPage.LinkLine?> FindAsync(HttpContext http, long id) =>
        await catalog.FindAsync(http.Caller(), id, http.RequestAborted) is { } link
            ? lines.Of(http, [link], [], null)[0]
            : null;

    /// <summary>The first links with a text in the alias, or else in another field; at most <see cref="MostSuggestions"/>.</summary>
    public async Task<IReadOnlyList<LinkResponse>> SuggestAsync(HttpContext http, string text)
    {
        LinksPage.LinkListAddress list = new(new Dictionary<string, string> { ["search"] = text });
        foreach (var field in text is "" ? [] : LinkFilters.Fields)
            if (Query(http, SearchIn(list, field), ("results_per_page", Text(MostSuggestions))) is { } query)
                if (await catalog.ListAsync(http.Caller(), query, http.RequestAborted) is ([_, ..] links, _))
                    return links;
        return [];
    }

    private static LinksPage.LinkListAddress SearchIn(LinksPage.LinkListAddress list, string field) =>
        new(new Dictionary<string, string>(list.Values) { [SearchBy] = field });

    /// <summary>The projects, domains and tags to choose from.</summary>
    public async Task<(
        IReadOnlyList<LinksPage.Choice> Projects,
        IReadOnlyList<LinksPage.Choice> Domains,
        IReadOnlyList<LinksPage.Choice> Tags
    )> ChoicesAsync(Caller caller, CancellationToken cancel) =>
        (await ProjectsAsync(caller, cancel), await DomainsAsync(caller, cancel), await TagsAsync(caller, cancel));

    /// <summary>The list as the API reads it; null: it is no list, or the API would warn of a value.</summary>
    public LinkQuery? QueryOf(HttpContext http, LinksPage.LinkListAddress list) =>
        Query(http, list, page: null, isStrict: true);

    private async Task<LinksPage.Change?> RunningAsync(Caller caller, CancellationToken cancel) =>
        await changes.FindRunningAsync(caller, cancel) is { } running
            ? new(running.Id, running.Done + running.Failed, running.Total)
            : null;

    private LinkQuery? Query(
        HttpContext http,
        LinksPage.LinkListAddress list,
        (string Name, string Value)? page,
        bool isStrict = false
    )
    {
        if (list["created"] is { } created && !TryDays(created, out _))
            return null;
        Fields fields = new();
        foreach (var (name, value) in list.Values)
            if (name is LinksPage.LinkListAddress.Flag)
                foreach (var flag in list.Flags)
                    fields.Add(name, new FieldValue.Text(flag));
            else if (name is not ("created" or LinksPage.LinkListAddress.View))
                fields.Add(name, new FieldValue.Text(value));
        if (page is var (place, at))
            fields.Add(place, new FieldValue.Text(at));
        // Aliases begin with A.
        if (list["order_by"] is "url")
            fields.Add("order_type", new FieldValue.Text("ASC"));
        if (TryDays(list["created"], out var days))
            fields.Add("datetime_start", new FieldValue.Text(Since(days, http.Caller().TimeZone)));

        FieldReader read = new(fields, http.Caller().TimeZone);
        var host = http.Request.Headers.Host.ToString();
        var query = LinkQuery.Read(
            read,
            settings.AppSchemes,
            text => addresses.Find(text, host),
            http.Caller().AccountId
        );
        return read.Errors is [] && !(isStrict && read.Warnings is not [])
            ? query with
            {
                CaseSensitive = rules.Keeping,
            }
            : null;
    }

    private static bool TryDays(string? text, out int days) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) && days is > 0 and < 100_000;

    private string Since(int days, TimeZoneInfo zone) =>
        TimeZoneInfo
            .ConvertTime(clock.GetUtcNow(), zone)
            .AddDays(1 - days)
            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<LinksPage.Choice>> ProjectsAsync(Caller caller, CancellationToken cancel)
    {
        var (items, _) = await projects.ListAsync(caller, AllByName, cancel);
        return [.. items.Select(one => new LinksPage.Choice(one.Id, one.Name, one.Color))];
    }

    private async Task<IReadOnlyList<LinksPage.Choice>> TagsAsync(Caller caller, CancellationToken cancel)
    {
        var (items, _) = await tags.ListAsync(caller, AllByName, cancel);
        return [.. items.Select(one => new LinksPage.Choice(one.Id, one.Name, one.Color))];
    }

    private async Task<IReadOnlyList<LinksPage.Choice>> DomainsAsync(Caller caller, CancellationToken cancel)
    {
        var (items, _) = await domains.ListAsync(caller, new Paging(1, MostChoices), cancel);
        return [.. items.Select(one => new LinksPage.Choice(one.Id, one.Host))];
    }

    // A project that is not among the listed ones stays chosen.
    private static IReadOnlyList<LinksPage.Choice> Keep(IReadOnlyList<LinksPage.Choice> choices, string? chosen) =>
        long.TryParse(chosen, CultureInfo.InvariantCulture, out var id) && id > 0 && choices.All(one => one.Id != id)
            ? [.. choices, new(id, $"#{id}")]
            : choices;

    private string? Page(string path) => navigation.Has(path) ? path : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
