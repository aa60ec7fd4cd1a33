using Signpost.ClickStore;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.ClickStore;

/// <summary>Questions that take long, or that nobody waits for any more.</summary>
public sealed class QuestionBudgetTests
{
    private const int Clicks = 2_400;
    private static readonly int First = StatisticsFixture.Today - 2;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_that_takes_too_long_ends_and_says_what_it_has_read(bool isClosed)
    {
        await using var statistics = await FillAsync(isClosed);
        LookedAtClock clock = new(statistics.Rows.Clock, _ => statistics.Rows.Clock.Advance(TimeSpan.FromSeconds(1)));
        var asked = statistics.Asking(clock).CountByTimeAsync(Question, Cancel);

        var error = await Assert.ThrowsAsync<TooBusyException>(() => asked.OrFail("The answer"));

        var read = Assert.NotNull(error.ClicksRead);
        Assert.InRange(read, 1, Clicks - 1);
        Assert.Contains($"{read} clicks", error.Message, StringComparison.Ordinal);
        // Soon after, the same question is answered.
        Assert.NotEmpty(await statistics.Statistics.CountByTimeAsync(Question, Cancel));
    }

    [Fact]
    public async Task A_question_that_is_given_up_reads_no_more()
    {
        await using var statistics = await FillAsync(isClosed: false);
        using CancellationTokenSource leaves = new();
        const int LooksBefore = 3;
        var looks = 0;
        LookedAtClock clock = new(
            statistics.Rows.Clock,
            count =>
            {
                looks = count;
                if (count == LooksBefore)
                    leaves.Cancel();
            }
        );
        var asked = statistics.Asking(clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            asked.CountByTimeAsync(Question, leaves.Token).OrFail("The end")
        );

        // On two processors the lane takes one question at a time, so the first one has ended.
        await statistics.Rows.Lanes.Questions.RunAsync(() => true).OrFail("The lane");
        Assert.Equal(LooksBefore, looks);
    }

    private static StatisticsQuestion Question =>
        new(
            new(ScopeKind.Account, StatisticsFixture.Account),
            Days.StartOf(First),
            Days.StartOf(First + 2),
            [new(Dimension.DeviceType, ["desktop"])]
        );

    private static async Task<StatisticsFixture> FillAsync(bool isClosed)
    {
        var statistics = await StatisticsFixture.MakeAsync();
        await statistics.AppendAsync(new(20), Clicks, First, 2);
        await statistics.CompactAsync();
        if (isClosed)
            await statistics.CloseAsync();
        return statistics;
    }

    /// <summary>Tells each look at the time.</summary>
    private sealed class LookedAtClock(TimeProvider clock, Action<int> looked) : TimeProvider
    {
        private int _looks;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp()
        {
            looked(Interlocked.Increment(ref _looks));
            return clock.GetTimestamp();
        }
    }
}
