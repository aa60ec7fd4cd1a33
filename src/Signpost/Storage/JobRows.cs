namespace Signpost.Storage;

/// <summary>The work that a job does. Stored, so never to be renumbered.</summary>
internal enum JobKind
{
    /// <summary>Erases the clicks of a link that is gone.</summary>
    EraseClicks = 1,

    /// <summary>Deletes the links of a domain that is gone, and all that was counted there.</summary>
    DeleteDomain = 2,

    /// <summary>Moves the links of a domain to the main domain, then deletes the domain.</summary>
    MoveDomain = 3,

    /// <summary>Gives up the reservations of a move that met a taken alias.</summary>
    GiveUpMove = 4,

    /// <summary>Takes links out of a project that is gone.</summary>
    DeleteProject = 5,

    /// <summary>Takes a pixel off its links, then deletes it.</summary>
    DeletePixel = 6,

    /// <summary>Deletes an account, or gives its things to another one first.</summary>
    DeleteAccount = 7,
}

/// <summary>Work under way that is done in many short transactions, and goes on after a restart.</summary>
internal sealed class Job
{
    public long Id { get; set; }
    public required JobKind Kind { get; set; }

    /// <summary>The id of the link, domain, project, pixel or account.</summary>
    public required long Subject { get; set; }

    public required long AccountId { get; set; }

    /// <summary>Where a link was when it went.</summary>
    public long? ProjectId { get; set; }

    /// <summary>Where a link was when it went; 0 is the main domain.</summary>
    public long DomainId { get; set; }

    /// <summary>The account that inherits; null: none.</summary>
    public long? HeirId { get; set; }

    /// <summary>How far it is, in the job's own words; null: at the beginning.</summary>
    public string? Cursor { get; set; }
}

/// <summary>An alias that nobody may take, because a link is about to move there.</summary>
internal sealed class ReservedAlias
{
    public required long DomainId { get; set; }
    public required string AliasKey { get; set; }
    public required long JobId { get; set; }
}
