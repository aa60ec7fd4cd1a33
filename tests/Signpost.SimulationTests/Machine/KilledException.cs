namespace Signpost.SimulationTests.Machine;

/// <summary>The simulated process is gone. Only code of the simulator may catch it, but the server's code may, too: nothing happens then.</summary>
internal sealed class KilledException() : Exception("The process is gone.");
