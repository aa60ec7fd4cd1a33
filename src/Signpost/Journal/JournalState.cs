namespace Signpost.Journal;

/// <summary>The state of the journal, for readiness and metrics.</summary>
/// <param name="IsWritable">Whether the next click will be recorded.</param>
/// <param name="Trouble">The reason why not, or why soon not; null: there is no problem.</param>
/// <param name="Unrecorded">Clicks since the start that could not be recorded.</param>
/// <param name="Segments">Segment files that hold, or will hold, clicks.</param>
/// <param name="BytesPending">Bytes of clicks that are not stored yet.</param>
/// <param name="Undeleted">Segment files whose clicks are stored, and that could not be deleted yet.</param>
internal readonly record struct JournalState(
    bool IsWritable,
    string? Trouble,
    long Unrecorded,
    int Segments,
    long BytesPending,
    int Undeleted
);
