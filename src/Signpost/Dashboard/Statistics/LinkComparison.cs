using Signpost.Addressing;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Links;
using Signpost.Statistics.Responses;
using Signpost.Statistics.Sheets;
using Signpost.Storage;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The links in the table of a page about several links.</summary>
/// <param name="Compared">Those that people compare, in the order of the address.</param>
/// <param name="Others">The others, without those.</param>
/// <param name="Errors">The reasons why links cannot be compared.</param>
internal sealed record TableOfLinks(
    IReadOnlyList<LinkResponse> Compared,
    IReadOnlyList<LinkResponse> Others,
    IReadOnlyList<string> Errors
)
{
    public IEnumerable<LinkResponse> All => [.. Compared, .. Others];
}

/// <summary>Finds the links of a page about several links, and says the lines of those that people compare.</summary>
internal sealed class LinkComparison(LinkCatalog links, ShortAddresses addresses)
{
    /// <summary>The links in the table, besides those that are compared.</summary>
    private const int MostRows = 8;

    /// <summary>Finds the links in the table. Only links of the page can be compared.</summary>
    public async Task<TableOfLinks> FindAsync(
        HttpContext http,
        AskedPage asked,
        PageTexts texts,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        if (asked.Shown is not null || StatisticsWords.ShowsTags(asked.Address))
            return new([], [], []);
        long[] wanted =
        [
            .. asked
                .Address.Words.Where(word => word.Name is StatisticsWords.Compared)
                .Select(word => FieldText.TryNumber(word.Value, out var id) ? id : 0)
                .Where(id => id > 0),
        ];
        var own = await links.ListAsync(caller, wanted, cancel);
        var compared = own.Where(link => IsOn(asked.Question, link)).OrderBy(link => Array.IndexOf(wanted, link.Id));
        var gone = wanted.Except(own.Select(link => link.Id)).Select(id => ($"{id}", "problem.gone"));
        var outside = own.Where(link => !IsOn(asked.Question, link))
            .Select(link => (NameOf(link), "stats.compare.outside"));
        return new(
            [.. compared],
            [.. (await FindAsync(http, asked, cancel)).Where(link => !wanted.Contains(link.Id))],
            [.. gone.Concat(outside).Select(one => $"{texts["stats.compare"]}: {one.Item1}. {texts[one.Item2]}")]
        );
    }

    /// <summary>Adds the table of links to a page.</summary>
    public static StatisticsView AddTo(StatisticsView view, AskedPage asked, TableOfLinks table, StatisticsSheet sheet)
    {
        view = view with { Errors = [.. view.Errors, .. table.Errors.Select(error => (error, (string?)null))] };
        if (asked.Shown is not null || view.Empty is not null)
            return view;
        var count = table.Compared.Count;
        if (sheet.Links is not { } counts)
            return view with
            {
                Links = new([.. table.All.Select((link, at) => RowOf(link, null, asked, at < count))], []),
            };
        var rows = table.All.Zip(counts).Select((row, at) => RowOf(row.First, row.Second, asked, at < count)).ToList();
        return view with
        {
            Links = new(
                [.. rows.Take(count), .. rows.Skip(count).OrderByDescending(row => row.Clicks)],
                [.. counts.Take(count).Select(line => line.Select(one => one.Count.Pageviews).ToList())]
            ),
        };
    }

    private static bool IsOn(SheetQuestion question, LinkResponse link) =>
        (question.Scope.ProjectId ?? link.ProjectId) == link.ProjectId
        && (question.Scope.DomainId ?? link.DomainId) == link.DomainId
        && question.Asked.Tags.All(filter => HasOne(filter, link) != filter.IsExcluding);

    private static bool HasOne(TagFilter filter, LinkResponse link) =>
        link.Tags is [] ? filter.NamesNone : link.Tags.Any(tag => filter.Keys.Contains(TagRow.KeyOf(tag)));

    // The links of the page that were clicked most since they exist, or those that people look for.
    private async Task<IReadOnlyList<LinkResponse>> FindAsync(
        HttpContext http,
        AskedPage asked,
        CancellationToken cancel
    )
    {
        var (scope, search) = (asked.Question.Scope, asked.Address[StatisticsWords.FindLink].Trim());
        LinkQuery query = new()
        {
            Window = new(
                new(1, MostRows),
                ByLastEdit: false,
                From: null,
                To: null,
                OrderBy: "clicks",
                Ascending: false
            ),
            ProjectId = scope.ProjectId,
            DomainId = scope.DomainId,
            Tags = asked.Question.Asked.Tags,
            Search = search is "" ? null : search,
            SearchedAddress = addresses.Find(search, http.Request.Headers.Host.ToString()),
        };
        return (await links.ListAsync(http.Caller(), query, cancel)).Links;
    }

    private static LinkLine RowOf(LinkResponse link, IReadOnlyList<TimeRow>? counts, AskedPage asked, bool isCompared)
    {
        string[] own =
        [
            StatisticsWords.Project,
            StatisticsWords.Domain,
            StatisticsWords.Compared,
            StatisticsWords.FindLink,
        ];
        StatisticsAddress page = new($"/dashboard/links/{link.Id}/statistics", asked.Address.Except(own));
        return new(
            link.Id,
            NameOf(link),
            link.Title,
            page.ToString(),
            counts?.Sum(row => row.Count.Pageviews),
            counts?.Sum(row => row.Count.Visitors),
            isCompared
        );
    }

    private static string NameOf(LinkResponse link) =>
        link.ShortUrl[(link.ShortUrl.IndexOf("://", StringComparison.Ordinal) + 3)..];
}
