using Microsoft.AspNetCore.Identity;

namespace Signpost.Storage;

/// <summary>A person who owns links; with the role <see cref="AdminRole"/> they also run the server.</summary>
internal sealed class Account : IdentityUser<long>
{
    public const string AdminRole = "admin";
    public const string UserRole = "user";

    /// <summary>IANA name of the zone in which this account reads and writes dates.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>A disabled account's keys open nothing.</summary>
    public bool IsDisabled { get; set; }

    public required long CreatedAt { get; set; }
}

/// <summary>A key to the API. Only its SHA-256 is kept, so a stolen database opens nothing.</summary>
internal sealed class ApiKey
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public required string Name { get; set; }

    /// <summary>The first characters, to tell keys apart by eye.</summary>
    public required string Prefix { get; set; }

    /// <summary>SHA-256 of the whole key, 32 bytes.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Came from SIGNPOST_API_KEY: replaced when that setting changes.</summary>
    public bool IsFromSettings { get; set; }

    public required long CreatedAt { get; set; }
}
