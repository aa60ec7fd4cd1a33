namespace Signpost.Storage;

/// <summary>The work that a job does. The numbers are stored, so they never change.</summary>
internal enum JobKind
{
    /// <summary>Erases the clicks of a deleted link.</summary>
    EraseClicks = 1,

    /// <summary>Deletes the links and counts of a deleted domain.</summary>
    DeleteDomain = 2,

    /// <summary>Moves the links of a domain to the main domain, then deletes the domain.</summary>
    MoveDomain = 3,

    /// <summary>Gives up the reservations of a move that met a taken alias.</summary>
    GiveUpMove = 4,

    /// <summary>Removes links from a deleted project.</summary>
    DeleteProject = 5,

    /// <summary>Removes a pixel from its links, then deletes it.</summary>
    DeletePixel = 6,

    /// <summary>Deletes an account. Before that, it may give the account's resources to another account.</summary>
    DeleteAccount = 7,

    /// <summary>Gives the links of a domain the keys of its new rule for case. Subject 0 is the main domain.</summary>
    ChangeCase = 8,

    /// <summary>Adds links to <see cref="LinkTexts"/> that are older than it.</summary>
    IndexLinks = 9,

    /// <summary>Removes a splash page from its links, then deletes it.</summary>
    DeleteSplashPage = 10,

    /// <summary>Takes a deleted tag off its links.</summary>
    DeleteTag = 20,

    /// <summary>Changes or deletes many links. The subject is the <see cref="BulkChange"/>.</summary>
    ChangeLinks = 22,
}

/// <summary>Unfinished work that is done in many short transactions, and continues after a restart.</summary>
internal sealed class Job
{
    public long Id { get; set; }
    public required JobKind Kind { get; set; }

    /// <summary>
    /// The id of the link, domain, project, pixel, splash page, account or tag. For <see cref="JobKind.IndexLinks"/> the highest id of a link that is not in
    /// the index.
    /// </summary>
    public required long Subject { get; set; }

    public required long AccountId { get; set; }

    /// <summary>The project of a link when it was deleted.</summary>
    public long? ProjectId { get; set; }

    /// <summary>The domain of a link when it was deleted; 0 is the main domain.</summary>
    public long DomainId { get; set; }

    /// <summary>That domain belonged to another account.</summary>
    public bool IsGuest { get; set; }

    /// <summary>The account that receives the resources; null: none.</summary>
    public long? HeirId { get; set; }

    /// <summary>The progress, in the job's own format; null: at the beginning.</summary>
    public string? Cursor { get; set; }
}

/// <summary>An alias that nobody may take, because a link is about to move there.</summary>
internal sealed class ReservedAlias
{
    public required long DomainId { get; set; }
    public required string AliasKey { get; set; }
    public required long JobId { get; set; }
}
