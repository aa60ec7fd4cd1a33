using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.Hosting;

/// <summary>Pages compute on all processors but one, in turns.</summary>
public sealed class PageTurnsTests : IDisposable
{
    private static readonly int Turns = Math.Max(1, Environment.ProcessorCount - 1);

    private readonly ManualClock _clock = new();
    private readonly ManualResetEventSlim _end = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _end.Dispose();

    [Fact]
    public async Task One_processor_is_free_of_pages_and_a_page_that_awaits_lets_others_compute()
    {
        PageTurns pages = new(_clock);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var awaiting = pages.RunAsync(
            1,
            async () =>
            {
                await answer.Task;
                return "answered";
            },
            Cancel
        );
        var computing = await FillAsync(pages);

        var next = pages.RunAsync(1, () => Task.FromResult("next"), Cancel);
        answer.SetResult();

        Assert.Equal((1, false, false), (pages.Waiting, next.IsCompleted, awaiting.IsCompleted));
        _end.Set();
        await Task.WhenAll(computing).OrFail();
        Assert.Equal(("next", "answered"), (await next.OrFail(), await awaiting.OrFail()));
        Assert.Equal((0, 0L), (pages.Waiting, pages.Refused));
    }

    [Fact]
    public async Task Pages_are_refused_that_find_too_many_others_or_waited_for_too_long()
    {
        PageTurns pages = new(_clock);
        var computing = await FillAsync(pages);
        Task<int>[] waiting =
        [
            .. Enumerable
                .Range(0, PageTurns.MostWaiting)
                .Select(i => pages.RunAsync(i, () => Task.FromResult(i), Cancel)),
        ];

        await Assert.ThrowsAsync<TooBusyException>(() => pages.RunAsync(-1, () => Task.FromResult(0), Cancel));
        Assert.Equal((PageTurns.MostWaiting, 1L), (pages.Waiting, pages.Refused));
        _clock.Advance(PageTurns.LongestWait);

        // They are refused at once, and not when it is their turn.
        foreach (var page in waiting)
            await Assert.ThrowsAsync<TooBusyException>(() => page.OrFail());
        Assert.Equal((0, PageTurns.MostWaiting + 1L), (pages.Waiting, pages.Refused));
        _end.Set();
        await Task.WhenAll(computing).OrFail();
    }

    [Fact]
    public async Task One_person_has_a_part_of_the_places_and_gives_them_back_by_going_away()
    {
        PageTurns pages = new(_clock);
        var computing = await FillAsync(pages);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task<int>[] waiting =
        [
            .. Enumerable
                .Range(0, PageTurns.MostWaitingOfPerson)
                .Select(i => pages.RunAsync(1, () => Task.FromResult(i), gone.Token)),
        ];

        await Assert.ThrowsAsync<TooBusyException>(() => pages.RunAsync(1, () => Task.FromResult(0), Cancel));
        var other = pages.RunAsync(2, () => Task.FromResult("other"), Cancel);
        Assert.Equal((PageTurns.MostWaitingOfPerson + 1, 1L), (pages.Waiting, pages.Refused));
        await gone.CancelAsync();
        foreach (var page in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => page.OrFail());
        Assert.Equal((1, 1L), (pages.Waiting, pages.Refused));
        var again = pages.RunAsync(1, () => Task.FromResult("again"), Cancel);
        _end.Set();

        Assert.Equal(("other", "again"), (await other.OrFail(), await again.OrFail()));
        await Task.WhenAll(computing).OrFail();
        Assert.Equal(0, pages.Waiting);
    }

    // Pages that compute until the end of the test, on all processors that pages may have.
    private async Task<Task<bool>[]> FillAsync(PageTurns pages)
    {
        using CountdownEvent begun = new(Turns);
        Task<bool>[] computing =
        [
            .. Enumerable
                .Range(0, Turns)
                .Select(_ =>
                    pages.RunAsync(
                        1,
                        () =>
                        {
                            begun.Signal();
                            return Task.FromResult(_end.Wait(Patience.Longest, Cancel));
                        },
                        Cancel
                    )
                ),
        ];
        await Task.Run(() => begun.Wait(Patience.Longest, Cancel), Cancel).OrFail();
        return computing;
    }
}
