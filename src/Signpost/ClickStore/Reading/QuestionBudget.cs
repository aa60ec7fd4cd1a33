using System.Globalization;
using Signpost.Hosting;

namespace Signpost.ClickStore.Reading;

/// <summary>Counts the clicks that a question reads, and ends it when it takes too long or when nobody waits for it any more.</summary>
internal sealed class QuestionBudget(TimeProvider clock, CancellationToken cancel)
{
    /// <summary>The time after which a question is ended. With its response it takes five seconds at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(4.5);

    private readonly long _start = clock.GetTimestamp();

    /// <summary>The number of clicks read.</summary>
    public long Clicks { get; private set; }

    /// <summary>Call it before clicks are read.</summary>
    /// <exception cref="TooBusyException">The time is over.</exception>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public void Read(int clicks)
    {
        cancel.ThrowIfCancellationRequested();
        if (clock.GetElapsedTime(_start) >= Longest)
            throw new TooBusyException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The question is too large: choose fewer days. It was ended after {Longest.TotalSeconds} s, when it had read {Clicks} clicks."
                )
            )
            {
                ClicksRead = Clicks,
            };
        Clicks += clicks;
    }
}
