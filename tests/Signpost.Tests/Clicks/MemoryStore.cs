using Signpost.Clicks;
using Signpost.Core.Clicks;

namespace Signpost.Tests.Clicks;

/// <summary>A store that fails when told to, before its commit or after it.</summary>
internal sealed class MemoryStore : IClickStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _persons = [];
    private readonly List<long> _links = [];
    private JournalPosition _position;

    public int FailuresBefore { get; set; }

    public int FailuresAfter { get; set; }

    /// <summary>So often it fails as nobody has foreseen.</summary>
    public int Surprises { get; set; }

    public int LargestBatch { get; private set; }

    /// <summary>Runs between reading and answering: whatever happens meanwhile, happens here.</summary>
    public Action Meanwhile { get; set; } = () => { };

    /// <summary>Runs while a batch is stored.</summary>
    public Action Effort { get; set; } = () => { };

    public List<long> Links
    {
        get
        {
            lock (_lock)
                return [.. _links];
        }
    }

    public JournalPosition Position
    {
        get
        {
            lock (_lock)
                return _position;
        }
    }

    public Task<IReadOnlyCollection<Guid>> ReadJournalsAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public Task LearnAsync(Guid journal, CancellationToken cancel) => Task.CompletedTask;

    public Task<JournalPosition> ReadPositionAsync(Guid journal, CancellationToken cancel) => Task.FromResult(Position);

    public Task ReadyAsync(CancellationToken cancel) =>
        Surprises-- > 0 ? Task.FromException(new InvalidOperationException("Nobody knows why.")) : Task.CompletedTask;

    public Task<bool> AppendAsync(Guid journal, ClickBatch batch, CancellationToken cancel)
    {
        Effort();
        lock (_lock)
        {
            LargestBatch = Math.Max(LargestBatch, batch.Clicks.Count);
            if (FailuresBefore > 0)
            {
                FailuresBefore--;
                throw new IOException("The store is away.");
            }

            if (batch.Start != _position)
                return Task.FromResult(false);

            _position = batch.End;
            _links.AddRange(batch.Clicks.Select(click => click.LinkId));
            foreach (var (link, count) in batch.Persons)
                _persons[link] = _persons.GetValueOrDefault(link) + count;
            if (FailuresAfter > 0)
            {
                FailuresAfter--;
                throw new IOException("The answer got lost.");
            }

            return Task.FromResult(true);
        }
    }

    public Task<StoredClicks> ReadClicksAsync(Guid journal, IReadOnlyCollection<long> linkIds, CancellationToken cancel)
    {
        StoredClicks answer;
        lock (_lock)
            answer = new(_position, linkIds.ToDictionary(link => link, link => _persons.GetValueOrDefault(link)));
        Meanwhile();
        return Task.FromResult(answer);
    }
}
