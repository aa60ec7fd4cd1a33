namespace Signpost.Storage;

/// <summary>The position up to which clicks are stored. It moves in the transaction of the counts, so each counts once.</summary>
internal sealed class JournalRow
{
    /// <summary>The journal's own id, a GUID in text.</summary>
    public required string JournalId { get; set; }

    public required long Segment { get; set; }
    public required long Offset { get; set; }
}

/// <summary>The response to a POST with an Idempotency-Key, kept for a day to be sent again.</summary>
internal sealed class KeptResponse
{
    public required long AccountId { get; set; }
    public required string Key { get; set; }
    public required string Path { get; set; }

    /// <summary>SHA-256 of the request's content: its parsed fields and the digests of its files.</summary>
    public required byte[] Meaning { get; set; }

    public required int Status { get; set; }
    public required byte[] Body { get; set; }
    public required long CreatedAt { get; set; }
}

/// <summary>The time up to which data has expired, so that a wrong clock deletes nothing after a restart. One row.</summary>
internal sealed class ExpiryTime
{
    public required int Id { get; set; }

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public required long Passed { get; set; }
}

/// <summary>A secret of this installation; all nodes that share the database share it.</summary>
internal sealed class Secret
{
    public required string Name { get; set; }
    public required byte[] Value { get; set; }
}

/// <summary>A setting that the server keeps itself, because somebody gave it in the browser.</summary>
internal sealed class KeptSetting
{
    public required string Name { get; set; }
    public required string Value { get; set; }
}
