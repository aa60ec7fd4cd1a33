using System.Data.Common;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.SimulationTests.Machine;

namespace Signpost.SimulationTests;

/// <summary>
/// One run: visitors come, disk and store fail, the process is killed, the power is cut, an operator starts it again. In the end all
/// faults are over, and everything must be stored. The laws are checked after every step.
/// </summary>
internal sealed class Simulation
{
    private const int Steps = 400;
    private const int MostStarts = 12;
    private const int MostSteps = 6_000;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly World _world;
    private bool _wasCut;

    private Simulation(World world) => _world = world;

    private Dice Dice => _world.Dice;

    /// <summary>Runs a seed to the end, or to the law that it breaks.</summary>
    public static (World World, BrokenLawException? Broken) Try(
        int seed,
        Surroundings surroundings,
        Mutant? mutant = null,
        bool tells = false
    )
    {
        World world = new(seed, surroundings, mutant ?? Mutant.None, tells);
        try
        {
            Run(world, surroundings);
            return (world, null);
        }
        catch (BrokenLawException broken)
        {
            return (world, broken);
        }
    }

    private static void Run(World world, Surroundings surroundings)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(world.Scheduler);
        try
        {
            new Simulation(world).Run();
        }
        finally
        {
            world.Scheduler.End();
            SynchronizationContext.SetSynchronizationContext(before);
            surroundings.Buffers.TakeBack();
        }
    }

    private void Run()
    {
        Start();
        for (var step = 0; step < Steps; step++)
        {
            if (_world.IsDead)
                Start();
            Step();
        }

        new Ending(_world, this).Run();
    }

    private void Step()
    {
        switch (Dice.Below(100))
        {
            case < 30:
                _world.Work();
                break;
            case < 60:
                _world.Run(() => _world.Visit(Dice.Between(1, World.Links.Count)));
                break;
            case < 85:
                _world.Pass(TimeSpan.FromMilliseconds(Dice.Between(1, 400)));
                break;
            case < 90:
                ChangeFaults();
                break;
            case < 92:
                Wait(Dice.OneIn(4) ? Dice.Between(400, 600) : Dice.Between(5, 60));
                break;
            case < 93:
                Crowd();
                break;
            case < 95 when Dice.OneIn(2):
                _world.End("killed");
                break;
            case < 96 when Dice.OneIn(2):
                Stop();
                break;
            case < 97 when Dice.OneIn(2):
                FillDisk();
                break;
            default:
                _world.Work();
                break;
        }
    }

    /// <summary>Starts processes until one serves.</summary>
    public void Start()
    {
        var wasQuiet = _world.IsQuiet;
        for (var tries = 1; ; tries++)
        {
            if (_world.IsDead && Dice.OneIn(2) && !_world.IsQuiet)
                CutPower();
            if (tries > MostStarts / 2)
            {
                Heal();
                _world.IsQuiet = true;
            }

            if (tries > MostStarts)
                throw _world.Broken("The server does not start any more.");
            if (_world.IsDead)
                _world.NewServer();
            if (TryStart())
                break;
            if (!_world.IsDead)
                _world.End("the start failed");
        }

        _world.IsQuiet = wasQuiet;
    }

    private bool TryStart()
    {
        _world.Tell($"-- start");
        var start = _world.Server.StartAsync();
        Until(() => start.IsCompleted, "The start ends");
        if (_world.IsDead)
            return false;

        switch (start.Exception?.InnerException)
        {
            case null:
                break;
            case JournalDamagedException damage:
                _world.Tell($"refused: {Path.GetFileName(damage.Path)}, byte {damage.Offset}");
                if (!(_wasCut && _world.Durability is ClickDurability.Process) && !_world.Disk.HasLied)
                    throw _world.Broken("The start is refused, and nothing was damaged.", damage);
                Repair();
                return false;
            case IOException or UnauthorizedAccessException or DbException:
                return false;
            case var error:
                throw _world.Broken("The start fails.", error);
        }

        var wasQuiet = _world.IsQuiet;
        _world.IsQuiet = true;
        _world.Ledger.CheckFound(_world.Server.Waiting());
        _world.IsQuiet = wasQuiet;
        _wasCut = false;
        _world.Run(() => _world.Begin(Move()));
        return !_world.IsDead;

        Task Move()
        {
            _world.Server.Move();
            return Task.CompletedTask;
        }
    }

    private void Repair()
    {
        _world.End("the start is refused");
        using StringWriter said = new();
        _world.NewServer();
        try
        {
            JournalRepair.Run(ServerProcess.Root, said, _world.Store.Positions, _world.Server.Disk);
            if (
                new JournalDirectory(ServerProcess.Root, _world.Server.Disk).ReadId() is { } id
                && !_world.Store.Positions.ContainsKey(id)
            )
                _world.Store.Replace(id);
        }
        catch (Exception error) when (error is KilledException or IOException or UnauthorizedAccessException)
        {
            _world.Tell($"the repair fails: {error.Message}");
        }

        _world.Tell($"repaired: {said}");
        if (_world.Disk.HasLied)
            _world.Ledger.Lose(mayLose: true);
    }

    private void CutPower()
    {
        _world.Tell($"-- power cut");
        _world.Disk.CutPower();
        _world.Store.CutPower();
        _wasCut = true;
        _world.Ledger.Lose(_world.Durability is ClickDurability.Process || _world.Disk.HasLied);
    }

    private void Stop()
    {
        Until(() => _world.Server.Visiting == 0, "All visitors get their responses");
        if (_world.IsDead)
            return;
        _world.Tell($"-- stop");
        var stop = _world.Server.StopAsync();
        Until(() => stop.IsCompleted, "The stop ends");
        if (stop.IsFaulted && !_world.IsDead)
            throw _world.Broken("The stop fails.", stop.Exception!.InnerException);
        if (!_world.IsDead)
            _world.End("stopped");
    }

    /// <summary>Works, and lets time pass when there is no work, until something holds or the process is gone.</summary>
    public void Until(Func<bool> holds, string what)
    {
        for (var steps = 0; !_world.IsDead && !holds(); steps++)
        {
            if (steps > MostSteps)
                throw _world.Broken(
                    $"{what}: that does not happen. {_world.Server.Journal.State}, {_world.Ledger.FirstWaiting}"
                );
            if (_world.Scheduler.HasWork)
                _world.Work();
            else
                _world.Pass(Tick);
        }
    }

    /// <summary>Lets time pass, and all work be done.</summary>
    public void Wait(int ticks)
    {
        for (; ticks > 0 && !_world.IsDead; ticks--)
        {
            _world.Pass(Tick);
            while (_world.Scheduler.HasWork && !_world.IsDead)
                _world.Work();
        }
    }

    private void Crowd()
    {
        if (!Dice.OneIn(4))
            return;
        for (var visitors = Dice.Between(50, 600); visitors > 0 && !_world.IsDead; visitors--)
            _world.Run(() => _world.Visit(Dice.OneIn(20) ? 3 : 1));
    }

    private void ChangeFaults()
    {
        if (Dice.OneIn(3))
        {
            Heal();
            return;
        }

        _world.Disk.Failing = Dice.OneIn(3) ? DiskOperations.All : (DiskOperations)(1 << Dice.Below(7));
        _world.Disk.FailureRate = Dice.Of(0.05, 0.3, 1);
        _world.Store.FailureRate = Dice.Of(0, 0, 0.1, 0.7);
        _world.Disk.IsLying = Dice.OneIn(40);
        if (Dice.OneIn(8))
            _world.Disk.Foreign += Math.Max(0, _world.Disk.Free - Dice.Below(20_000));
        _world.Tell(
            $"faults: {_world.Disk.Failing} at {_world.Disk.FailureRate}, store at {_world.Store.FailureRate}, lying {_world.Disk.IsLying}, {_world.Disk.Free} bytes free"
        );
    }

    /// <summary>All faults are over.</summary>
    public void Heal()
    {
        _world.Tell($"healed");
        (_world.Disk.Failing, _world.Disk.FailureRate, _world.Store.FailureRate) = (DiskOperations.None, 0, 0);
        (_world.Disk.IsLying, _world.Disk.Foreign) = (false, 0);
    }

    // A full disk alone never keeps clicks from the store: the reserve makes room.
    private void FillDisk()
    {
        if (_world.Disk.Find("/data/reserve")?.Length != DiskReserve.Size)
            return;
        Heal();
        _world.IsQuiet = true;
        _world.Disk.Foreign = _world.Disk.Free;
        _world.Tell($"the disk is full");
        for (var visitors = 0; visitors < 30; visitors++)
            _world.Run(() => _world.Visit(Dice.Between(1, World.Links.Count)));
        Until(() => _world.IsAllStored, "The store takes all clicks, although the disk is full");
        Heal();
        _world.IsQuiet = false;
    }
}
