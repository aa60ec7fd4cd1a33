using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using Signpost.Addressing;
using Signpost.ClickStore;
using Signpost.Core.Links;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;
using Signpost.Storage;

namespace Signpost.Statistics.Publishing;

/// <summary>
/// The public statistics of a link, if its owner shows them, for one of a few periods that end today. They reveal neither the destination nor the
/// exact page from which a visitor came.
/// </summary>
internal sealed class PublicStatistics(
    Database database,
    IStatistics statistics,
    DomainDirectory domains,
    CaseRules rules,
    PublicAddress address,
    HybridCache cache,
    TimeProvider clock
) : IDisposable
{
    private const int MostRows = 8;
    private const string Usual = "30";

    private static readonly (string Name, Dimension Dimension)[] Shown =
    [
        ("countries", Dimension.CountryCode),
        ("referrers", Dimension.ReferrerHost),
        ("systems", Dimension.OsName),
        ("browsers", Dimension.BrowserName),
        ("devices", Dimension.DeviceType),
    ];

    public SharedReads Reads { get; } = new(cache, clock, "statistics");

    /// <param name="host">The host of a custom domain; null: the main domain.</param>
    /// <param name="days">The wanted period; null or one that the owner does not show: the usual one.</param>
    /// <returns>Null: the link does not exist, or its statistics are not public.</returns>
    /// <exception cref="TooBusyException">Too many links are counted at the moment.</exception>
    public async Task<LinkStatistics?> FindAsync(string alias, string? host, string? days, CancellationToken cancel)
    {
        var domain = host is null ? 0 : domains.Find(host)?.Id;
        if (domain is not { } domainId || !Alias.TryParse(alias, out _, out _))
            return null;

        var keys = rules.Of(domainId).KeysOf(alias);
        var now = clock.GetUtcNow();
        var milliseconds = now.ToUnixTimeMilliseconds();
        await using var db = database.Read();
        var found = await (
            from link in db.Links
            where link.DomainId == domain && keys.Contains(link.AliasKey) && link.StatisticsIsPublic && link.IsEnabled
            where !link.IsBlocked
            where link.StartAt == null || link.StartAt <= milliseconds
            where
                !db.Jobs.Any(job =>
                    job.Kind == JobKind.DeleteAccount && job.Subject == link.AccountId && job.HeirId == null
                )
            join account in db.Accounts on link.AccountId equals account.Id
            join owned in db.Domains on link.DomainId equals owned.Id into owning
            from own in owning.DefaultIfEmpty()
            orderby link.AliasKey == keys[0] descending
            select new
            {
                link.Id,
                link.Alias,
                account.TimeZone,
                Title = link.StatisticsPublicTitle,
                Shows = link.StatisticsPublicShows,
                Periods = link.StatisticsPublicPeriods,
                Home = own == null ? null : own.Scheme + own.Host,
            }
        ).FirstOrDefaultAsync(cancel);
        if (found is null)
            return null;

        var url = $"{found.Home ?? address.Url}/{found.Alias}";
        var zone = TimeZoneInfo.FindSystemTimeZoneById(found.TimeZone);
        // Only a few periods, so that few answers are computed and kept.
        var (periods, shows) = (PublicParts.Periods.Read(found.Periods), PublicParts.Shows.Read(found.Shows));
        var period = int.Parse(
            periods.FirstOrDefault(one => one == days)
                ?? periods.FirstOrDefault(one => one == Usual)
                ?? periods.FirstOrDefault(Usual),
            CultureInfo.InvariantCulture
        );
        var counted = await Reads.GetAsync(
            $"{found.Id}/{period}/{zone.Id}/{url}",
            unwanted => CountAsync(found.Id, url, period, zone, now, unwanted),
            cancel
        );
        return counted with
        {
            Title = found.Title,
            Periods = [.. periods.Select(one => int.Parse(one, CultureInfo.InvariantCulture))],
            Lists = [.. counted.Lists.Where(list => shows.Contains(list.Name))],
        };
    }

    public void Dispose() => Reads.Dispose();

    private async Task<LinkStatistics> CountAsync(
        long linkId,
        string url,
        int period,
        TimeZoneInfo zone,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var span = new DateSpan(today.AddDays(1 - period), today, zone);
        var question = new StatisticsQuestion(new(ScopeKind.Link, linkId), span.From, span.To, []);
        var days = TimeRows.Of(span, await statistics.CountByTimeAsync(question, cancel), now);
        List<PublicList> lists = [];
        foreach (var (name, dimension) in Shown)
            lists.Add(new(name, Shorten(await statistics.CountByValueAsync(question, dimension, cancel))));
        return new(
            url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..],
            new Uri(url).AbsoluteUri,
            zone.Id,
            [.. days.Select((day, at) => (span.Start.AddDays(at), day.Count.Pageviews, day.Count.Visitors))],
            lists
        );
    }

    // One row for the rest comes last.
    private static List<PublicRow> Shorten(IReadOnlyList<ValueCount> counts) =>
        [
            .. ValueCount
                .Shorten(counts, MostRows)
                .OrderBy(count => count.IsOther)
                .Select(count => new PublicRow(count.Value, count.IsOther, count.Count.Pageviews)),
        ];
}
