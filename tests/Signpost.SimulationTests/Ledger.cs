using Signpost.Core.Clicks;
using Signpost.Hosting;
using Signpost.SimulationTests.Machine;

namespace Signpost.SimulationTests;

/// <summary>A visit of a made-up visitor, and its click in the journal.</summary>
internal sealed class Visit(int number, long link, bool isPerson)
{
    public int Number => number;

    public long Link => link;

    /// <summary>Whether it counts as a click of the link.</summary>
    public bool IsPerson => isPerson;

    /// <summary>The segment of its record; null: it was not recorded.</summary>
    public string? Path { get; set; }

    public int Offset { get; set; }

    public byte[] Record { get; set; } = [];

    public bool IsAnswered { get; set; }

    public bool IsStored { get; set; }

    public override string ToString() => $"visit {Number} of link {Link} at {Path}:{Offset}";

    public bool IsIn(ReadOnlySpan<byte> file) =>
        file.Length >= Offset + Record.Length && file.Slice(Offset, Record.Length).SequenceEqual(Record);
}

/// <summary>The responses that visitors got, and the laws that follow from them (contract, "What counts as a click").</summary>
internal sealed class Ledger(World world)
{
    private readonly List<Visit> _visits = [];

    /// <summary>Recorded, not stored, and not lost where that is allowed.</summary>
    private readonly List<Visit> _waiting = [];
    private readonly Dictionary<long, long> _answered = [];

    public IReadOnlyList<Visit> Visits => _visits;

    /// <summary>The first click that was answered and is not stored; null: none.</summary>
    public Visit? FirstWaiting => _waiting.Find(visit => visit.IsAnswered);

    /// <summary>Clicks whose loss is allowed: without "disk" after a power cut, or because a flush lied.</summary>
    public int Lost { get; private set; }

    public Visit New(long link, bool isPerson)
    {
        Visit visit = new(_visits.Count + 1, link, isPerson);
        _visits.Add(visit);
        return visit;
    }

    public void Record(Visit visit, string path, int end)
    {
        visit.Path = path;
        var length = JournalFrame.SizeOf(ClickCodec.ShortestLength);
        visit.Offset = end - length;
        visit.Record = world.Disk.Find(path)!.Seen.Slice(visit.Offset, length).ToArray();
        _waiting.Add(visit);
    }

    /// <summary>The response leaves.</summary>
    public void Answer(Visit visit, long? limit)
    {
        visit.IsAnswered = true;
        if (!visit.IsPerson)
            return;
        var answered = _answered[visit.Link] = _answered.GetValueOrDefault(visit.Link) + 1;
        if (answered > limit)
            throw world.Broken($"Link {visit.Link} sent {answered} visitors on; its limit is {limit}.");
    }

    /// <summary>The store commits these.</summary>
    public void Store(IEnumerable<Click> clicks)
    {
        foreach (var click in clicks)
        {
            var visit = Known(click.LinkVersion, click.LinkId);
            if (visit.IsStored)
                throw world.Broken($"Visit {visit.Number} is counted twice.");
            visit.IsStored = true;
        }

        _waiting.RemoveAll(visit => visit.IsStored);
    }

    /// <summary>The store forgets what it had committed.</summary>
    public void TakeBack(IEnumerable<Click> clicks)
    {
        foreach (var click in clicks)
        {
            var visit = Known(click.LinkVersion, click.LinkId);
            visit.IsStored = false;
            if (visit.IsAnswered)
                _waiting.Add(visit);
        }
    }

    /// <summary>Holds after every step: no failure that the settings cover could take away an answered click now.</summary>
    public void Check()
    {
        // After a lie, a start decides what is lost.
        if (world.Disk.HasLied && !world.Server.IsServing)
            return;
        var onDisk = world.Durability is ClickDurability.Disk && !world.Disk.HasLied;
        foreach (var visit in _waiting)
            if (visit.IsAnswered && !(onDisk ? IsDurable(visit) : IsSeen(visit)))
                throw world.Broken(
                    $"Visit {visit.Number} got its response, and {(onDisk ? "a power cut" : "a kill")} would lose its click now."
                );
    }

    /// <summary>The machine stopped, or a journal was repaired: clicks that are not in the files any more are lost.</summary>
    /// <param name="mayLose">Whether answered ones may be among them.</param>
    public void Lose(bool mayLose)
    {
        foreach (var visit in _waiting.Where(visit => !IsSeen(visit)).ToList())
        {
            if (visit.IsAnswered && !mayLose)
                throw world.Broken($"Visit {visit.Number} got its response, and its click is lost.");
            Lose(visit);
        }
    }

    /// <summary>Compares what a start found in the journal with what is in the files.</summary>
    public void CheckFound(IEnumerable<Click> found)
    {
        HashSet<int> numbers = [];
        foreach (var click in found)
        {
            var visit = Known(click.LinkVersion, click.LinkId);
            if (visit.IsStored || !numbers.Add(visit.Number))
                throw world.Broken($"The journal gives visit {visit.Number} again.");
        }

        // Those without a response may have been cut off.
        foreach (var visit in _waiting.Where(visit => !numbers.Contains(visit.Number)).ToList())
        {
            // After a lie, clicks may look as if no flush had been asked for; a line in the log names their place.
            if (visit.IsAnswered && !world.Disk.HasLied)
                throw world.Broken($"The start does not find visit {visit.Number}, whose click is there.");
            Lose(visit);
        }
    }

    private void Lose(Visit visit)
    {
        _waiting.Remove(visit);
        if (!visit.IsAnswered)
            return;

        Lost++;
        if (visit.IsPerson)
            _answered[visit.Link]--;
    }

    private bool IsSeen(Visit visit) => world.Disk.Find(visit.Path!) is { } file && visit.IsIn(file.Seen);

    private bool IsDurable(Visit visit) =>
        world.Disk.DurableNames.GetValueOrDefault(visit.Path!) is { } file && visit.IsIn(file.Durable);

    private Visit Known(int number, long link) =>
        number > 0 && number <= _visits.Count && _visits[number - 1] is var visit && visit.Link == link
            ? visit
            : throw world.Broken($"Nobody made visit {number} of link {link}.");
}
