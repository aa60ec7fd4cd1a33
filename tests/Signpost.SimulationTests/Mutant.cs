using Signpost.Clicks;
using Signpost.Core.Clicks;
using Signpost.Journal;
using Signpost.SimulationTests.Machine;

namespace Signpost.SimulationTests;

/// <summary>A planted bug: it changes what the server does with its disk and its store. This one changes nothing.</summary>
internal class Mutant
{
    public static readonly Mutant None = new();

    /// <summary>The disk that the server uses, over the simulated one.</summary>
    public virtual IDisk Around(IDisk disk) => disk;

    public virtual SimulatedStore MakeStore(World world) => new(world);

    /// <summary>The server has opened its journal.</summary>
    public virtual void Opened(ClickJournal journal, ClickCounts counts, JournalPosition stored) { }
}
