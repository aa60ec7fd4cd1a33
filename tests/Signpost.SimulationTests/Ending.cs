using Signpost.SimulationTests.Machine;

namespace Signpost.SimulationTests;

/// <summary>The end of a run: without faults, everything comes right by itself.</summary>
internal sealed class Ending(World world, Simulation simulation)
{
    private const int Visitors = 3;
    private const int TwoMinutes = 1_200;

    public void Run()
    {
        world.Tell($"-- the end");
        simulation.Heal();
        world.IsQuiet = true;
        if (world.IsDead)
            simulation.Start();
        simulation.Until(() => world.Server.Visiting == 0 && world.IsAllStored, "All answered clicks are stored");
        Serve();
        simulation.Until(() => world.Server.Visiting == 0 && world.IsAllStored, "The last clicks are stored");
        CheckCounts();
        simulation.Wait(TwoMinutes);
        CheckFiles();
    }

    private void Serve()
    {
        // The journal tries again every second.
        simulation.Wait(20);
        var (before, first) = (world.Server.Unrecorded, world.Ledger.Visits.Count);
        for (var visitor = 0; visitor < Visitors; visitor++)
            world.Run(() => world.Visit(1));
        simulation.Until(() => world.Server.Visiting == 0, "The last visitors get their responses");
        if (world.Server.Unrecorded > before || world.Ledger.Visits.Skip(first).Any(visit => !visit.IsAnswered))
            throw world.Broken("All faults are over, and clicks are still not recorded.");
    }

    private void CheckCounts()
    {
        foreach (var link in World.Links.Keys)
        {
            var count = world.Server.CountAsync(link);
            simulation.Until(() => count.IsCompleted, "The count is read");
            var stored = world.Store.PersonsOf(link);
            var counted = count.GetAwaiter().GetResult();
            if (counted != stored || (world.Server.Used(link) is { } used && used != stored))
                throw world.Broken(
                    $"Link {link} has {stored} stored clicks; {counted} are told, {world.Server.Used(link)} of its limit are used."
                );
        }

        if (world.Server.Journal.State.Unrecorded != world.Server.Unrecorded)
            throw world.Broken("Clicks that were not recorded are not all counted.");
    }

    private void CheckFiles()
    {
        foreach (var visit in world.Ledger.Visits)
            if (visit.Path is { } path && world.Disk.Find(path) is { } file && visit.IsIn(file.Seen))
                throw world.Broken($"The stored click {visit.Number}, with an address, is still on the disk.");
    }
}
