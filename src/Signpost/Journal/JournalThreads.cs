namespace Signpost.Journal;

/// <summary>Runs the journal's work beside the requests. A simulator puts its own in its place, and chooses the order.</summary>
internal interface IJournalThreads
{
    /// <summary>Runs a piece of work soon.</summary>
    void Queue(Action work);

    /// <summary>Runs the work after each <see cref="IWorker.Wake"/>, never twice at once.</summary>
    IWorker Start(string name, Action work);
}

/// <summary>Runs its work when it is woken. Several wakes that come together may count as one.</summary>
internal interface IWorker : IDisposable
{
    /// <summary>The work runs at least once after this.</summary>
    void Wake();
}

/// <summary>Threads of this process.</summary>
internal sealed class SystemThreads : IJournalThreads
{
    public static readonly SystemThreads Instance = new();

    private SystemThreads() { }

    public void Queue(Action work) =>
        ThreadPool.UnsafeQueueUserWorkItem(static action => action(), work, preferLocal: false);

    // A thread of its own: the work waits for the disk most of the time.
    public IWorker Start(string name, Action work) => new Worker(name, work);

    private sealed class Worker : IWorker
    {
        private readonly Action _work;
        private readonly AutoResetEvent _wake = new(false);
        private readonly Thread _thread;
        private volatile bool _over;

        public Worker(string name, Action work)
        {
            _work = work;
            _thread = new Thread(Run) { IsBackground = true, Name = name };
            _thread.Start();
        }

        public void Wake() => _wake.Set();

        public void Dispose()
        {
            _over = true;
            _wake.Set();
            _thread.Join();
            _wake.Dispose();
        }

        private void Run()
        {
            for (var over = false; !over; )
            {
                _wake.WaitOne();
                // It is read before the work, so that the work runs once after the last wake.
                over = _over;
                _work();
            }
        }
    }
}
