using Microsoft.Data.Sqlite;
using Signpost.Clicks;
using Signpost.Core.Clicks;

namespace Signpost.SimulationTests.Machine;

/// <summary>
/// A small store that outlives processes. It keeps what it commits, also over a power cut (as SQLite with "synchronous=FULL" does), and
/// fails as it is told: before a commit, after it, or with the process.
/// </summary>
internal class SimulatedStore(World world) : IClickStore
{
    private const int RoomForCommit = 8 << 10;
    private const int SqliteFull = 13;
    private const int SqliteIoError = 10;

    private readonly Dictionary<Guid, JournalPosition> _positions = [];
    private readonly Dictionary<long, long> _persons = [];

    /// <summary>The probability that an operation fails.</summary>
    public double FailureRate { get; set; }

    /// <summary>The journals that it knows, and up to where their clicks are stored.</summary>
    public IReadOnlyDictionary<Guid, JournalPosition> Positions => _positions;

    public JournalPosition PositionOf(Guid journal) => _positions.GetValueOrDefault(journal);

    public long PersonsOf(long link) => _persons.GetValueOrDefault(link);

    /// <summary>Forgets all journals but this one, as the command <c>repair-journal</c> does with a new one.</summary>
    public void Replace(Guid journal)
    {
        _positions.Clear();
        _positions.Add(journal, JournalPosition.Start);
    }

    /// <summary>The machine starts again.</summary>
    public virtual void CutPower() { }

    public async Task<IReadOnlyCollection<Guid>> ReadJournalsAsync(CancellationToken cancel)
    {
        await TurnAsync("read journals");
        return [.. _positions.Keys];
    }

    public async Task LearnAsync(Guid journal, CancellationToken cancel)
    {
        await TurnAsync("learn");
        _positions[journal] = JournalPosition.Start;
    }

    public async Task<JournalPosition> ReadPositionAsync(Guid journal, CancellationToken cancel)
    {
        await TurnAsync("read position");
        return PositionOf(journal);
    }

    public Task ReadyAsync(CancellationToken cancel) => Task.CompletedTask;

    public async Task<bool> AppendAsync(Guid journal, ClickBatch batch, CancellationToken cancel)
    {
        await TurnAsync("begin");
        if (world.Disk.Free < RoomForCommit)
            throw new SqliteException("database or disk is full", SqliteFull);
        if (!IsAtStart(journal, batch))
        {
            world.Tell($"the batch from {batch.Start} is refused at {PositionOf(journal)}");
            return false;
        }

        Commit(journal, batch);
        world.MayDie("after the commit");
        await TurnAsync("commit");
        return true;
    }

    public async Task<StoredClicks> ReadClicksAsync(
        Guid journal,
        IReadOnlyCollection<long> linkIds,
        CancellationToken cancel
    )
    {
        await TurnAsync("read clicks");
        StoredClicks read = new(PositionOf(journal), linkIds.ToDictionary(link => link, PersonsOf));
        await Task.Yield();
        return read;
    }

    protected virtual bool IsAtStart(Guid journal, ClickBatch batch) => batch.Start == PositionOf(journal);

    protected virtual void Commit(Guid journal, ClickBatch batch)
    {
        AddCounts(batch);
        Move(journal, batch.End);
    }

    protected void AddCounts(ClickBatch batch)
    {
        world.Tell($"{batch.Clicks.Count} clicks are stored, from {batch.Start} to {batch.End}");
        foreach (var (link, count) in batch.Persons)
            _persons[link] = PersonsOf(link) + count;
        world.Ledger.Store(batch.Clicks);
    }

    /// <summary>A commit did not happen after all.</summary>
    protected void TakeBack(Guid journal, ClickBatch batch)
    {
        foreach (var (link, count) in batch.Persons)
            _persons[link] -= count;
        _positions[journal] = batch.Start;
        world.Ledger.TakeBack(batch.Clicks);
    }

    protected void MayDie(string when) => world.MayDie(when);

    protected void Move(Guid journal, JournalPosition to)
    {
        if (to < PositionOf(journal))
            throw world.Broken($"The stored position goes back from {PositionOf(journal)} to {to}.");
        _positions[journal] = to;
    }

    // Others go on; then it may fail or be the last that the process did.
    private async Task TurnAsync(string what)
    {
        await Task.Yield();
        world.MayDie($"at {what}");
        if (world.IsQuiet || !world.Dice.Chance(FailureRate))
            return;

        world.Tell($"the store fails at {what}");
        throw new SqliteException("disk I/O error", SqliteIoError);
    }
}
