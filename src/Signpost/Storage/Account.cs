using Microsoft.AspNetCore.Identity;

namespace Signpost.Storage;

/// <summary>
/// The owner of links, projects, pixels, domains and keys. It cannot sign in: a <see cref="Person"/> does. An account without a person
/// of the same id is a team's, and its <see cref="Member"/>s use it.
/// </summary>
internal sealed class Account : IOwnedRow
{
    public long Id { get; set; }

    /// <summary>The name to show; may be empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>IANA name of the zone in which this account reads and writes dates.</summary>
    public string TimeZone { get; set; } = "UTC";

    public required long CreatedAt { get; set; }

    /// <summary>The time of the last change of a team's name or time zone. 0 in a person's own account.</summary>
    public long UpdatedAt { get; set; }

    long IOwnedRow.AccountId => Id;

    /// <summary>The number of stored links. Triggers of the database keep it, so code never writes it.</summary>
    public long LinkCount { get; private set; }

    /// <summary>The bytes of stored pictures. Triggers keep it.</summary>
    public long PictureBytes { get; private set; }

    /// <summary>The bytes of kept responses. Triggers keep it.</summary>
    public long KeptBytes { get; private set; }
}

/// <summary>Somebody who signs in. The id of a person is the id of the account that is their own.</summary>
internal sealed class Person : IdentityUser<long>
{
    public const string AdminRole = "admin";
    public const string UserRole = "user";

    /// <summary>The person's own account; null unless the query includes it.</summary>
    public Account Account { get; set; } = null!;

    /// <summary>The language of pages for this person.</summary>
    public string Language { get; set; } = "en";

    /// <summary>An admin runs the server.</summary>
    public bool IsAdmin { get; set; }

    /// <summary>A disabled person cannot sign in, and the keys of their account do not work.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>How many times the person has signed in.</summary>
    public long SignIns { get; set; }

    /// <summary>The last request of a session or of a key of the person, exact to the minute; null: there was none.</summary>
    public long? LastActiveAt { get; set; }

    /// <summary>The normalized e-mail address, by which a person is found without regard to case.</summary>
    public static string Normalize(string email) => email.ToUpperInvariant();
}

/// <summary>A key to the API. Only its SHA-256 is kept, so a stolen database opens nothing.</summary>
internal sealed class ApiKey
{
    public long Id { get; set; }
    public required long AccountId { get; set; }

    /// <summary>The member of the team whose key it is; null: the account is a person's own, and so is the key.</summary>
    public long? PersonId { get; set; }

    public required string Name { get; set; }

    /// <summary>The first characters, to tell keys apart by eye.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the whole key, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Came from SIGNPOST_API_KEY: replaced when that setting changes.</summary>
    public bool IsFromSettings { get; set; }

    /// <summary>The key that made this one; null: a person or the operator made it. Ids are never reused, so it may name a revoked key.</summary>
    public long? MakerId { get; set; }

    /// <summary>The scopes of the key, separated by spaces; <c>*</c> is everything, including future scopes.</summary>
    public string Scopes { get; set; } = "*";

    /// <summary>The key expires at this instant; null: never.</summary>
    public long? ExpiresAt { get; set; }

    /// <summary>Exact to the minute.</summary>
    public long? LastUsedAt { get; set; }

    public required long CreatedAt { get; set; }
}

/// <summary>A person signed in with a browser. The cookie holds a random secret, this row only its SHA-256.</summary>
internal sealed class Session
{
    public long Id { get; set; }
    public required long PersonId { get; set; }

    /// <summary>SHA-256 of the secret in the cookie.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The person's stamp when the session began: a new stamp ends all older sessions.</summary>
    public required string SecurityStamp { get; set; }

    public required long CreatedAt { get; set; }

    /// <summary>
    /// Whether the person proved at the start of the session who they are. A provider may sign in a person without a question.
    /// </summary>
    public bool IsConfirmed { get; set; } = true;

    /// <summary>Exact to the minute.</summary>
    public required long LastSeenAt { get; set; }

    /// <summary>The browser and the system, as a short text.</summary>
    public required string Device { get; set; }

    /// <summary>The network only, as in <c>203.0.113.0/24</c>.</summary>
    public required string Network { get; set; }
}

/// <summary>A person's account at an OpenID Connect provider. The person signs in with it.</summary>
internal sealed class PersonLogin
{
    /// <summary>The provider, as its tokens name it.</summary>
    public required string Issuer { get; set; }

    /// <summary>The account at the provider: unique there, and never given to somebody else.</summary>
    public required string Subject { get; set; }

    public required long PersonId { get; set; }
    public required long CreatedAt { get; set; }
}

/// <summary>A passkey of a person: the public half of a pair of keys. The other half stays with the person.</summary>
internal sealed class Passkey
{
    public required byte[] CredentialId { get; set; }
    public required long PersonId { get; set; }

    /// <summary>The public key in the format COSE.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>The browser and the system that added it, as a short text.</summary>
    public required string Name { get; set; }

    /// <summary>The number of uses as the passkey counts them; 0: it does not count.</summary>
    public required long SignCount { get; set; }

    public required bool IsBackupEligible { get; set; }
    public required bool IsBackedUp { get; set; }
    public required long CreatedAt { get; set; }

    /// <summary>The time of the last use. A challenge that is not younger is worth nothing.</summary>
    public long? LastUsedAt { get; set; }
}

/// <summary>An entry of the audit log. It stays when the account is deleted, but without its network.</summary>
internal sealed class AuditEntry
{
    public long Id { get; set; }
    public required long At { get; set; }

    /// <summary>A value of <c>AuditEvent</c>.</summary>
    public required string Event { get; set; }

    /// <summary>The account that the entry is about; null: no existing account.</summary>
    public long? AccountId { get; set; }

    /// <summary>The person who did it; null: nobody was signed in, or it was done on the server's terminal.</summary>
    public long? ActorId { get; set; }

    /// <summary>A short text that names the thing changed; never a secret.</summary>
    public string? Detail { get; set; }

    /// <summary>The network only, as in <c>203.0.113.0/24</c>.</summary>
    public string? Network { get; set; }
}

/// <summary>A key that protects cookies, as ASP.NET Core's data protection writes it.</summary>
internal sealed class ProtectionKey
{
    public long Id { get; set; }
    public required string Name { get; set; }
    public required string Xml { get; set; }
}
