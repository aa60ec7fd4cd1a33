namespace Signpost.SimulationTests;

/// <summary>A run broke a promise of the journal, the ingestor or the limits.</summary>
internal sealed class BrokenLawException(string message, Exception? inner = null) : Exception(message, inner);
