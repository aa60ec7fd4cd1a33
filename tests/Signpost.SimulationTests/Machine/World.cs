using System.Runtime.CompilerServices;
using Signpost.Hosting;

namespace Signpost.SimulationTests.Machine;

/// <summary>A machine, its power, its visitors and its operator. The seed decides all that happens.</summary>
internal sealed class World
{
    private const int MostNested = 4;
    private const int MostVisits = 1_100;
    private const long Unlimited = 1;

    private readonly List<string>? _trace;
    private readonly List<Task> _running = [];
    private BrokenLawException? _broken;
    private bool _isNested;

    public World(int seed, Surroundings surroundings, Mutant mutant, bool tells)
    {
        (Surroundings, Mutant) = (surroundings, mutant);
        _trace = tells ? [] : null;
        Dice = new Dice(seed);
        Durability = Dice.Of(ClickDurability.Process, ClickDurability.Disk);
        SegmentSize = Dice.Of(1 << 10, 5 << 10, Buffers.Size);
        DiskKind kind = new(MayMap: Dice.OneIn(2), MayReserve: !Dice.OneIn(16));
        Disk = new SimulatedDisk(kind, Dice, surroundings.Buffers);
        Ledger = new Ledger(this);
        Store = mutant.MakeStore(this);
        Scheduler = new Scheduler(this);
        Server = new ServerProcess(this);
        Tell($"{Durability}, segments of {SegmentSize} bytes, {kind}");
    }

    public Surroundings Surroundings { get; }

    public Mutant Mutant { get; }

    public Dice Dice { get; }

    public ClickDurability Durability { get; }

    public int SegmentSize { get; }

    public SimulatedDisk Disk { get; }

    public SimulatedStore Store { get; }

    /// <summary>The threads of the process.</summary>
    public Scheduler Scheduler { get; private set; }

    public Ledger Ledger { get; }

    public ServerProcess Server { get; private set; }

    public DateTimeOffset Now { get; private set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>No fault happens, and nothing is killed by chance.</summary>
    public bool IsQuiet { get; set; }

    public bool IsDead => Server.Disk.IsDead;

    public bool Tells => _trace is not null;

    public IReadOnlyList<string> Trace => _trace ?? [];

    /// <summary>The links, each with its limit.</summary>
    public static IReadOnlyDictionary<long, long?> Links { get; } =
        new Dictionary<long, long?>
        {
            [Unlimited] = null,
            [2] = 5,
            [3] = 40,
        };

    /// <summary>Adds a line to the trace, if somebody asked for it.</summary>
    public void Tell([InterpolatedStringHandlerArgument("")] ref TraceLine line) => _trace?.Add(line.Text());

    /// <summary>Also code of the server may catch it, so it is kept.</summary>
    public BrokenLawException Broken(string law, Exception? cause = null)
    {
        Tell($"BROKEN: {law} {cause}");
        return _broken ??= new BrokenLawException(law, cause);
    }

    /// <summary>Whether the store has all clicks.</summary>
    public bool IsAllStored => Ledger.FirstWaiting is null && Server.Journal.State.BytesPending == 0;

    public void Check()
    {
        if (_broken is null)
            Ledger.Check();
        if (_broken is not null)
            throw _broken;
    }

    /// <summary>The process is gone at once.</summary>
    public void Die(string when)
    {
        End($"killed {when}");
        throw new KilledException();
    }

    public void MayDie(string when)
    {
        const int OneIn = 300;
        if (IsDead)
            throw new KilledException();
        if (!IsQuiet && Dice.OneIn(OneIn))
            Die(when);
    }

    /// <summary>The process ends; all that it wrote stays.</summary>
    public void End(string how)
    {
        Tell($"-- {how}");
        Server.Disk.IsDead = true;
        Disk.Kill();
        Scheduler.End();
        _running.Clear();
    }

    /// <summary>Another process begins.</summary>
    public void NewServer()
    {
        Scheduler = new Scheduler(this);
        SynchronizationContext.SetSynchronizationContext(Scheduler);
        Server = new ServerProcess(this);
    }

    /// <summary>Begins something that ends by itself; if it fails, a law is broken.</summary>
    public void Begin(Task task)
    {
        if (!IsDead)
            _running.Add(task);
    }

    public void Visit(long link)
    {
        if (Ledger.Visits.Count < MostVisits)
            Begin(Server.VisitAsync(link, Links[link]));
    }

    /// <summary>Runs a piece of the server's own work.</summary>
    public void Run(Action work)
    {
        try
        {
            work();
        }
        catch (KilledException) when (IsDead)
        {
            return;
        }
        catch (Exception error) when (error is not BrokenLawException)
        {
            throw Broken($"The process would crash: {error.Message}", error);
        }

        foreach (var failed in _running.Where(task => task.IsFaulted))
            throw Broken("A visit, or the ingestor, fails.", failed.Exception!.InnerException);
        _running.RemoveAll(task => task.IsCompleted);
        Check();
    }

    public void Work() => Run(Scheduler.RunOne);

    public void Pass(TimeSpan time) =>
        Run(() =>
        {
            Tell($"{time.TotalMilliseconds} ms pass");
            Now += time;
            Server.Clock.Advance(time);
        });

    /// <summary>Others go on while a flush takes its time.</summary>
    public void Meanwhile()
    {
        if (_isNested || IsQuiet || !Server.IsServing)
            return;
        _isNested = true;
        Tell($"(meanwhile");
        for (var steps = Dice.Below(MostNested); steps > 0 && !IsDead; steps--)
            if (Dice.OneIn(2))
                Run(() => Visit(Dice.Between(1, Links.Count)));
            else if (Dice.OneIn(3))
                Pass(TimeSpan.FromMilliseconds(Dice.Between(1, 200)));
            else
                Work();
        Tell($")");
        _isNested = false;
    }

    /// <summary>
    /// Now and then the process is killed in the middle of a record that it copies into a mapped segment. Null: not now. Call the
    /// result after the copy.
    /// </summary>
    public Action? BeginTear()
    {
        const int OneIn = 150;
        if (IsQuiet || !Disk.Kind.MayMap || !Dice.OneIn(OneIn))
            return null;

        var before = Disk.Names.ToDictionary(name => name.Value, name => name.Value.Cache.ToArray());
        return () =>
        {
            foreach (var (inode, bytes) in before)
            {
                var after = inode.Cache.ToArray();
                bytes.CopyTo(inode.Cache, 0);
                // The end is written after the record.
                if (Disk.Names.First(name => name.Value == inode).Key.EndsWith(".seg", StringComparison.Ordinal))
                    Inode.Tear(after, inode.Cache, 0, Buffers.Size, Dice);
            }

            Die("in the middle of a record");
        };
    }
}
