namespace Signpost.Storage;

/// <summary>
/// The role of a person in an account. A higher role includes every right of the lower ones. The numbers are stored, so they never change.
/// </summary>
internal enum Role
{
    /// <summary>Reads links and statistics.</summary>
    Viewer = 1,

    /// <summary>Also creates, changes and deletes links, projects and pixels.</summary>
    Editor = 2,

    /// <summary>Also manages members, domains and all keys.</summary>
    Admin = 3,

    /// <summary>Also deletes the team and makes owners. A person is the owner of their own account.</summary>
    Owner = 4,
}

/// <summary>A person in a team, or an invitation to it. Its times are milliseconds since 1970-01-01 UTC.</summary>
internal sealed class Member
{
    public long Id { get; set; }

    /// <summary>The id of the team's account.</summary>
    public required long TeamId { get; set; }

    /// <summary>
    /// The person who is a member or may accept the invitation; null: an invitation to an address for which there was no account.
    /// </summary>
    public long? PersonId { get; set; }

    /// <summary>The invited address as it was sent; null: the person has accepted.</summary>
    public string? Email { get; set; }

    /// <summary>The normalized form of <see cref="Email"/>.</summary>
    public string? NormalizedEmail { get; set; }

    public required Role Role { get; set; }

    /// <summary>The time of acceptance; null: the invitation is pending, and gives no right.</summary>
    public long? JoinedAt { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}
