using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Links;
using Signpost.Statistics.Responses;
using Signpost.Statistics.Sheets;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>Reads the links of a page about several links, and the lines of those that people compare.</summary>
internal sealed class LinkComparison(LinkCatalog links, SheetReader sheets)
{
    /// <summary>The links in the table, besides those that are compared.</summary>
    private const int MostRows = 8;

    /// <summary>Adds the table of links to a page.</summary>
    public async Task<StatisticsView> AddAsync(
        Caller caller,
        AskedPage asked,
        StatisticsView view,
        PageTexts texts,
        CancellationToken cancel
    )
    {
        if (asked.Shown is not null || view.Empty is not null)
            return view;
        long[] wanted =
        [
            .. asked
                .Address.Words.Where(word => word.Name is StatisticsWords.Compared)
                .Select(word => FieldText.TryNumber(word.Value, out var id) ? id : 0)
                .Where(id => id > 0),
        ];
        var compared = (await links.ListAsync(caller, wanted, cancel))
            .OrderBy(link => Array.IndexOf(wanted, link.Id))
            .ToList();
        var others = (await FindAsync(caller, asked, cancel)).Where(link => !wanted.Contains(link.Id));
        LinkResponse[] all = [.. compared, .. others];
        var times = await sheets.ReadLinksAsync(asked.Question, [.. all.Select(link => link.Id)], cancel);
        var rows = all.Zip(times, (link, counts) => RowOf(link, counts, asked, wanted.Contains(link.Id))).ToList();
        return view with
        {
            Links = new(
                [.. rows.Take(compared.Count), .. rows.Skip(compared.Count).OrderByDescending(row => row.Clicks)],
                [.. times.Take(compared.Count).Select(line => line.Select(one => one.Count.Pageviews).ToList())]
            ),
            Errors =
            [
                .. view.Errors,
                .. wanted
                    .Except(compared.Select(link => link.Id))
                    .Select(id => ($"{texts["stats.compare"]}: {id}. {texts["problem.gone"]}", (string?)null)),
            ],
        };
    }

    // The links of the page that were clicked most since they exist, or those that people look for.
    private async Task<IReadOnlyList<LinkResponse>> FindAsync(Caller caller, AskedPage asked, CancellationToken cancel)
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
        };
        return (await links.ListAsync(caller, query, cancel)).Links;
    }

    private static LinkLine RowOf(LinkResponse link, IReadOnlyList<TimeRow> counts, AskedPage asked, bool isCompared)
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
            link.ShortUrl[(link.ShortUrl.IndexOf("://", StringComparison.Ordinal) + 3)..],
            link.Title,
            page.ToString(),
            counts.Sum(row => row.Count.Pageviews),
            counts.Sum(row => row.Count.Visitors),
            isCompared
        );
    }
}
