using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Files;
using Signpost.Hosting;
using Signpost.Statistics.Publishing;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Files;
using Signpost.Web.Notices;

namespace Signpost.Tests.Statistics;

/// <summary>Public statistics when counting takes long and many visitors ask.</summary>
public sealed class SlowPublicStatisticsTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact(Timeout = 60_000)]
    public async Task A_link_that_takes_long_to_count_delays_no_other_and_is_counted_once_for_all()
    {
        var (slow, quick) = (
            await LinkAsync(("statistics_is_public", "1")),
            await LinkAsync(("statistics_is_public", "1"))
        );
        var statistics = new SlowStatistics(Of<IStatistics>(), slow.Id);
        using var published = new PublicStatistics(statistics, Of<HybridCache>(), TimeProvider.System);

        var asked = Enumerable.Range(0, 50).Select(_ => CountAsync(slow)).ToList();
        var other = await CountAsync(quick);

        Assert.Equal(30, other.Days.Count);
        Assert.All(asked, one => Assert.False(one.IsCompleted));
        statistics.End.SetResult();
        var answers = await Task.WhenAll(asked);
        Assert.All(answers, one => Assert.Same(answers[0].Days, one.Days));
        Assert.Equal(1, statistics.Counted);

        async Task<PublicNumbers> CountAsync(MadeLink link) =>
            await published.CountAsync(
                (await Of<PublishedFinder>().FindLinkAsync(link.Alias, null, Cancel))!,
                null,
                Cancel
            );
    }

    [Fact]
    public async Task Many_who_load_a_picture_share_its_bytes()
    {
        var content = Pictures.PngOfLength(5 << 20);
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Multipart(("location_url", "https://example.org/")).WithFile("cloaking_opengraph", content)
        );
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var name = Server
            .Database.Read()
            .Files.OrderByDescending(file => file.CreatedAt)
            .Select(file => file.Name)
            .First();
        var catalog = Of<FileCatalog>();

        var first = await catalog.FindAsync(name, Cancel);
        var second = await catalog.FindAsync(name, Cancel);

        Assert.Equal(content, first!.Content);
        Assert.Same(first, second);
    }

    [Fact]
    public async Task Who_is_refused_for_now_gets_a_page_that_says_when_to_try_again()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Of<VisitorPages>());
        builder.Services.AddSingleton(Of<FaultLog>());
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UsePageErrors();
        app.Run(_ => throw new TooBusyException("Too many things are asked for at once."));
        await app.StartAsync(Cancel);

        using var answer = await Server.Anonymous.GetAsync(app.Urls.First(), Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter!.Delta);
        await app.StopAsync(Cancel);
    }

    private T Of<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <summary>Counts as the server does, but waits with one link until the test continues.</summary>
    private sealed class SlowStatistics(IStatistics real, long slowLink) : IStatistics
    {
        private int _counted;

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Counted => _counted;

        public Task<IReadOnlyList<ValueCount>> CountByTagAsync(StatisticsQuestion question, CancellationToken cancel) =>
            real.CountByTagAsync(question, cancel);

        public async Task<IReadOnlyList<QuarterCount>> CountByTimeAsync(
            StatisticsQuestion question,
            CancellationToken cancel
        )
        {
            if (question.Scope.Id == slowLink)
            {
                Interlocked.Increment(ref _counted);
                await End.Task;
            }

            return await real.CountByTimeAsync(question, cancel);
        }

        public Task<IReadOnlyList<Counted>> CountEachAsync(IReadOnlyList<CountedBy> counts, CancellationToken cancel) =>
            real.CountEachAsync(counts, cancel);

        public Task<IReadOnlyList<ValueCount>> CountByValueAsync(
            StatisticsQuestion question,
            Dimension dimension,
            CancellationToken cancel
        ) => real.CountByValueAsync(question, dimension, cancel);

        public Task<IReadOnlyList<ListedClick>> ListAsync(
            StatisticsQuestion question,
            long before,
            int most,
            CancellationToken cancel
        ) => real.ListAsync(question, before, most, cancel);

        public IAsyncEnumerable<ListedClick> ReadAllAsync(
            StatisticsQuestion question,
            bool mayRefuse,
            CancellationToken cancel
        ) => real.ReadAllAsync(question, mayRefuse, cancel);

        public Task<IReadOnlyList<OrphanCount>> CountOrphansAsync(
            long domainId,
            long from,
            long to,
            int most,
            CancellationToken cancel
        ) => real.CountOrphansAsync(domainId, from, to, most, cancel);
    }
}
