using Signpost.Journal;

namespace Signpost.SimulationTests.Machine;

/// <summary>
/// Runs all work of a process on one thread, one piece after another, in an order that the dice choose. Continuations come here because
/// it is the <see cref="SynchronizationContext"/> of the run.
/// </summary>
internal sealed class Scheduler(World world) : SynchronizationContext, IJournalThreads
{
    private readonly List<Action> _ready = [];
    private volatile bool _isOver;
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public bool HasWork => _ready.Count > 0;

    public override void Post(SendOrPostCallback d, object? state) => Queue(() => d(state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing waits for the context.");

    public override SynchronizationContext CreateCopy() => this;

    public void Queue(Action work)
    {
        // Also the garbage collector, which ends timers of a process that is gone, calls this.
        if (_isOver)
            return;
        if (Environment.CurrentManagedThreadId != _thread)
            throw world.Broken("Work has left the scheduler: the run would not be the same again.");
        _ready.Add(work);
    }

    public IWorker Start(string name, Action work) => new Worker(this, work);

    /// <summary>Runs one piece of work, if there is any.</summary>
    public void RunOne()
    {
        if (_ready.Count == 0)
            return;

        var at = world.Dice.Below(_ready.Count);
        var work = _ready[at];
        _ready.RemoveAt(at);
        work();
    }

    /// <summary>The process is gone, with all that it was about to do.</summary>
    public void End()
    {
        _isOver = true;
        _ready.Clear();
    }

    /// <summary>A thread that sleeps until it is woken, and never runs twice at once.</summary>
    private sealed class Worker(Scheduler scheduler, Action work) : IWorker
    {
        private bool _isAwake;
        private bool _isRunning;

        public void Wake()
        {
            if (!_isAwake && !_isRunning)
                scheduler.Queue(Run);
            _isAwake = true;
        }

        public void Dispose()
        {
            // A thread of its own would end its work first. Here it is on this thread's stack.
            if (_isRunning)
                throw new InvalidOperationException("The journal is closed during a flush.");
            Run();
        }

        private void Run()
        {
            (_isAwake, _isRunning) = (false, true);
            work();
            _isRunning = false;
            if (_isAwake)
                scheduler.Queue(Run);
        }
    }
}
