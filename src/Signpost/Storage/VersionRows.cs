namespace Signpost.Storage;

/// <summary>The way by which a version of a link came. The numbers are stored, so they never change.</summary>
internal enum VersionSource
{
    /// <summary>The version is older than the list of versions.</summary>
    Unknown = 0,

    /// <summary>A person used a page.</summary>
    Page = 1,

    /// <summary>A program used a key.</summary>
    Key = 2,

    /// <summary>The server itself: the domain or the account of the link changed.</summary>
    Server = 3,
}

/// <summary>
/// A version of a link. It holds no whole link, only the former values of the fields that it changed: the present link without the changes
/// of all later versions is the link of then.
/// </summary>
internal sealed class LinkVersion
{
    public required long LinkId { get; set; }

    /// <summary>As in <see cref="LinkRow.Version"/>; 1 is the link as it was created.</summary>
    public required int Version { get; set; }

    /// <summary>The time of the edit, in milliseconds since 1970-01-01 UTC.</summary>
    public required long At { get; set; }

    public required VersionSource Source { get; set; }

    /// <summary>The person who made the edit; null: not known, or not a member of the account to which the link moved.</summary>
    public long? PersonId { get; set; }

    /// <summary>The key that made the edit; null: none, or not known.</summary>
    public long? KeyId { get; set; }

    /// <summary>The changed fields as the API calls them, with commas between; empty: none.</summary>
    public required string Fields { get; set; }

    /// <summary>The former values of the changed fields as JSON; null: the version before is not kept.</summary>
    public string? Before { get; set; }
}
