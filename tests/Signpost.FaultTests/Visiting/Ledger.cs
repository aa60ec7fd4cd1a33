using System.Collections.Concurrent;
using Signpost.FaultTests.Running;

namespace Signpost.FaultTests.Visiting;

/// <summary>The visitors' own counts for one link, to compare with the server's.</summary>
internal sealed class Tally(SeededLink link)
{
    private long _sent;
    private long _arrived;
    private long _gone;
    private long _busy;

    public SeededLink Link => link;

    /// <summary>Requests that were sent, answered or not.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Responses that redirected to the destination.</summary>
    public long Arrived => Volatile.Read(ref _arrived);

    /// <summary>Responses with status 410.</summary>
    public long Gone => Volatile.Read(ref _gone);

    /// <summary>Responses with status 503.</summary>
    public long Busy => Volatile.Read(ref _busy);

    public void Send() => Interlocked.Increment(ref _sent);

    /// <summary>Counts a response; false: this link must not give it.</summary>
    public bool Note(Answer answer)
    {
        switch (answer.Status)
        {
            case 302 when answer.Location == link.Location:
                Interlocked.Increment(ref _arrived);
                return true;
            case 410 when link.Limit is not null:
                Interlocked.Increment(ref _gone);
                return true;
            case 503:
                Interlocked.Increment(ref _busy);
                return true;
            default:
                return false;
        }
    }

    public override string ToString() =>
        $"{link.Alias}: {Sent} sent, {Arrived} arrived, {Gone} gone, {Busy} busy, limit {link.Limit}";
}

/// <summary>The tallies of all links that visitors follow.</summary>
internal sealed class Ledger(IReadOnlyList<SeededLink> links)
{
    public IReadOnlyList<Tally> Tallies { get; } = [.. links.Select(link => new Tally(link))];

    /// <summary>Descriptions of unexpected responses.</summary>
    public ConcurrentQueue<string> Surprises { get; } = [];

    /// <summary>Descriptions of requests that got no response.</summary>
    public ConcurrentQueue<string> Unanswered { get; } = [];

    public Tally this[string alias] => Tallies.Single(tally => tally.Link.Alias == alias);

    /// <summary>Fails after an unexpected response, and shows the server's output.</summary>
    public void IsOrderly(RunningServer server) =>
        Assert.True(Surprises.IsEmpty, $"{string.Join('\n', Surprises)}\n{server.Process.Said()}");

    /// <summary>Fails when a request was left unanswered.</summary>
    public void IsAnswered(RunningServer server) =>
        Assert.True(Unanswered.IsEmpty, $"{string.Join('\n', Unanswered)}\n{server.Process.Said()}");

    public override string ToString() => string.Join('\n', Tallies);
}
