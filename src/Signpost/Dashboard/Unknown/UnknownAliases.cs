using System.Globalization;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Resources;
using Signpost.Core.Links;
using Signpost.Dashboard.Shell;
using Signpost.Domains;
using Signpost.Links;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;
using static Signpost.Dashboard.OneLink.OneLinkLayout;
using static Signpost.Dashboard.Unknown.UnknownPage;

namespace Signpost.Dashboard.Unknown;

/// <summary>Asks for unknown aliases as the API does, and finds the alias that each visitor probably meant.</summary>
internal sealed class UnknownAliases(
    OrphanResponses orphans,
    IResourceCatalog<DomainResponse> domains,
    LinkCatalog links,
    PublicAddress address,
    Navigation navigation,
    TimeProvider clock
)
{
    private const int PageSize = 50;

    /// <summary>The number of links whose aliases are compared: the newest of the domain.</summary>
    public const int MostCompared = 5_000;

    private static readonly int[] Periods = [7, 30, 90];

    private static readonly ResourceQuery ByHost = new(
        DomainEndpoints.Resource.Filters,
        new(new(1, Paging.LargestSize), ByLastEdit: false, From: null, To: null, OrderBy: "host", Ascending: true)
    );

    /// <summary>The most aliases of an export. The rest are one row.</summary>
    public const int MostExported = 50_000;

    /// <summary>The page that an address asks for; null: the person may not ask about that domain, or the address is wrong beyond its days.</summary>
    public async Task<Content?> ReadAsync(HttpContext http)
    {
        var (caller, cancel, read) = (http.Caller(), http.RequestAborted, http.QueryReader());
        var question = orphans.Read(read);
        if (read.Errors.Any(error => error.Field is not ("start_date" or "end_date")))
            return null;
        var choices = await DomainsAsync(caller, cancel);
        var domain = question.DomainId ?? choices.Select(one => (long?)one.Id).FirstOrDefault();
        var span = question.Asked.Span!.Value;
        Content content = new(
            choices,
            domain,
            choices.FirstOrDefault(one => one.Id == domain).Host ?? "",
            (span.Start, span.End)
        );
        if (domain is not { } asked)
            return content;
        if (await orphans.RefusalAsync(caller, asked, cancel) is not null)
            return null;

        content = content with { Periods = PeriodsOf(asked, span) };
        if (read.Errors is not [])
            return content with { IsWrong = true };
        var rows = (await orphans.AnswerAsync(asked, question.Asked, cancel)).Data;
        return rows is [] ? content : await WithLinesAsync(http, content, asked, rows);
    }

    /// <summary>The rows for an export, and the host: at most <see cref="MostExported"/> aliases, the most requested first. Null: there is no such page.</summary>
    public async Task<(string Host, IReadOnlyList<OrphanResponse> Rows)?> ListAsync(HttpContext http)
    {
        var (caller, cancel, read) = (http.Caller(), http.RequestAborted, http.QueryReader());
        var question = orphans.Read(read);
        if (
            read.Errors is not []
            || question.DomainId is not { } domain
            || await orphans.RefusalAsync(caller, domain, cancel) is not null
        )
            return null;
        var host = (await DomainsAsync(caller, cancel)).FirstOrDefault(one => one.Id == domain).Host;
        var asked = question.Asked with { Limit = MostExported };
        return (host ?? "", (await orphans.AnswerAsync(domain, asked, cancel)).Data);
    }

    private async Task<IReadOnlyList<(long Id, string Host)>> DomainsAsync(Caller caller, CancellationToken cancel)
    {
        List<(long, string)> all = caller.May(Scopes.Admin) ? [(0, new Uri(address.Url).Authority)] : [];
        all.AddRange((await domains.ListAsync(caller, ByHost, cancel)).Items.Select(one => (one.Id, one.Host)));
        return all;
    }

    private async Task<Content> WithLinesAsync(
        HttpContext http,
        Content content,
        long domain,
        IReadOnlyList<OrphanResponse> rows
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var pages = (rows.Count + PageSize - 1) / PageSize;
        var page = int.TryParse(http.Request.Query["page"], CultureInfo.InvariantCulture, out var asked) ? asked : 1;
        page = Math.Clamp(page, 1, pages);
        OrphanResponse[] shown = [.. rows.Skip((page - 1) * PageSize).Take(PageSize)];
        string[] keys = [.. shown.Select(row => row.Url).OfType<string>()];
        var made = await links.FindAliasesAsync(caller, domain, keys, cancel);
        var own = await links.ListAliasesAsync(caller, domain, MostCompared, cancel);
        NearAlias near = new(own.Select(link => link.Key));
        var mayCreate = caller.May(Scopes.LinksWrite) && navigation.Has(Navigation.NewLink);
        return content with
        {
            Lines = [.. shown.Select(LineOf)],
            First = (page - 1) * PageSize + 1,
            Total = rows.Count,
            Previous = page > 1 ? AddressOf(domain, content.Days, page: page - 1) : null,
            Next = page < pages ? AddressOf(domain, content.Days, page: page + 1) : null,
            Export = AddressOf(domain, content.Days, "/export"),
            Compared = own.Count,
        };

        Line LineOf(OrphanResponse row)
        {
            var day = DateOnly.Parse(row.LastDate, CultureInfo.InvariantCulture);
            if (row.Url is not { } alias)
                return new(null, row.Pageviews, day);
            if (made.TryGetValue(alias, out var link))
                return new(alias, row.Pageviews, day)
                {
                    HasLink = true,
                    Link = link is { } id ? LinkHead.PathOf(id) : null,
                };
            return new(alias, row.Pageviews, day)
            {
                Create = mayCreate ? Navigation.NewLink + CreateQuery(alias, domain) : null,
                Nearest = near.IndexOf(alias) is >= 0 and var at ? (own[at].Alias, LinkHead.PathOf(own[at].Id)) : null,
            };
        }
    }

    private IReadOnlyList<(int, string, bool)> PeriodsOf(long domain, DateSpan span)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        return
        [
            .. Periods.Select(days =>
                (days, AddressOf(domain, (today.AddDays(1 - days), today)), span.End == today && span.Days == days)
            ),
        ];
    }

    private static QueryString CreateQuery(string alias, long domain) =>
        QueryString.Create(new Dictionary<string, string?> { ["url"] = alias, ["domain_id"] = $"{domain}" });

    private static string AddressOf(long domain, (DateOnly First, DateOnly Last) days, string below = "", int page = 1)
    {
        List<KeyValuePair<string, string?>> values =
        [
            new("domain_id", $"{domain}"),
            new("start_date", DateSpan.Write(days.First)),
            new("end_date", DateSpan.Write(days.Last)),
        ];
        if (page > 1)
            values.Add(new("page", $"{page}"));
        return UnknownEndpoints.Path + below + QueryString.Create(values);
    }
}
