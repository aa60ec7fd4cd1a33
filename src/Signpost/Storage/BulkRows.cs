namespace Signpost.Storage;

/// <summary>The state of a change of many links. The numbers are stored, so they never change.</summary>
internal enum BulkStatus
{
    Running = 1,

    /// <summary>Every link was changed or has failed.</summary>
    Done = 2,
    Cancelled = 3,

    /// <summary>The caller lost the right to change links.</summary>
    Stopped = 4,
}

/// <summary>A change of many links, and how far it is.</summary>
internal sealed class BulkChange
{
    public long Id { get; set; }
    public required long AccountId { get; set; }

    /// <summary>The key that began it; 0: a person did, on a page. It must have the right to change links until the end.</summary>
    public required long KeyId { get; set; }

    /// <summary>The person who began it on a page, and who must have this right instead; 0: a key did.</summary>
    public long PersonId { get; set; }

    /// <summary>The links are deleted.</summary>
    public required bool Deletes { get; set; }

    /// <summary>The fields to change, as a JSON body; empty after the end.</summary>
    public required string Fields { get; set; }

    /// <summary>The time zone of dates in <see cref="Fields"/>.</summary>
    public required string TimeZone { get; set; }

    /// <summary>The host of the request: one more name of this server.</summary>
    public required string AskedHost { get; set; }

    public BulkStatus Status { get; set; } = BulkStatus.Running;

    /// <summary>The number of links that matched when it began.</summary>
    public required long Total { get; set; }

    /// <summary>The number of links that were changed.</summary>
    public long Done { get; set; }

    /// <summary>The number of links that could not be changed.</summary>
    public long Failed { get; set; }

    /// <summary>The links up to this id are changed or have failed.</summary>
    public long LastLinkId { get; set; }

    /// <summary>In milliseconds since 1970-01-01 UTC.</summary>
    public required long CreatedAt { get; set; }

    /// <summary>The time of the last change of a link, in the same unit.</summary>
    public required long UpdatedAt { get; set; }
}

/// <summary>The links of a <see cref="BulkChange"/> that runs. They are apart from its row, which is written for each link.</summary>
internal sealed class BulkLinks
{
    public required long BulkId { get; set; }

    /// <summary>The ids as they matched when it began, as <c>IdList</c> writes them.</summary>
    public required byte[] Ids { get; set; }
}

/// <summary>A link that a <see cref="BulkChange"/> could not change.</summary>
internal sealed class BulkFailure
{
    public required long BulkId { get; set; }
    public required long LinkId { get; set; }
    public required string Reason { get; set; }
}
