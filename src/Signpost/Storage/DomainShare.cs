namespace Signpost.Storage;

/// <summary>A line of the list of those with whom a domain is shared.</summary>
internal sealed class DomainShare
{
    /// <summary>The <see cref="Key"/> of all accounts of the server.</summary>
    public const string Everyone = "EVERYONE";

    public required long DomainId { get; set; }

    /// <summary>A normalized e-mail address, the id of a team as text, or <see cref="Everyone"/>.</summary>
    public required string Key { get; set; }

    /// <summary>The same as it was sent.</summary>
    public required string Name { get; set; }

    /// <summary>The account that may use the domain by it; null: everyone, or no account is known to have this address or id.</summary>
    public long? AccountId { get; set; }
}
