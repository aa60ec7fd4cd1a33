namespace Signpost.Storage;

/// <summary>How far a journal's clicks are stored. Moves in the same transaction as the counts: that is "exactly once".</summary>
internal sealed class JournalRow
{
    /// <summary>The journal's own id, a GUID in text.</summary>
    public required string JournalId { get; set; }

    public required long Segment { get; set; }
    public required long Offset { get; set; }
}

/// <summary>The answer to a POST that carried an Idempotency-Key, kept to be given again for a day.</summary>
internal sealed class KeptResponse
{
    public required long AccountId { get; set; }
    public required string Key { get; set; }
    public required string Path { get; set; }

    /// <summary>SHA-256 of what the request meant: parsed fields and digests of files.</summary>
    public required byte[] Meaning { get; set; }

    public required int Status { get; set; }
    public required byte[] Body { get; set; }
    public required long CreatedAt { get; set; }
}

/// <summary>A secret of this installation; all nodes that share the database share it.</summary>
internal sealed class Secret
{
    public required string Name { get; set; }
    public required byte[] Value { get; set; }
}
