using System.Net;
using Signpost.Storage;
using Signpost.Web;

namespace Signpost.Api.Callers;

/// <summary>
/// The person, account and rights of a request: the same for programs with a key and for people with a
/// session. Editors and catalogs take a caller, which alone decides what is allowed.
/// </summary>
/// <param name="PersonId">The person who makes the request.</param>
/// <param name="AccountId">The account whose data the caller uses: the person's own, or a team's. The data of other accounts does not exist for the caller.</param>
/// <param name="TimeZone">The time zone of dates in requests and responses.</param>
/// <param name="Scopes">The scopes of the credential; see <see cref="Rights"/>.</param>
internal sealed record Caller(
    long PersonId,
    long AccountId,
    TimeZoneInfo TimeZone,
    bool IsAdmin,
    Scopes Scopes,
    Credential Credential,
    Origin Origin
)
{
    /// <summary>The role of the person in the account. In their own account it is owner.</summary>
    public Role Role { get; init; } = Role.Owner;

    /// <summary>The account is a team's.</summary>
    public bool ActsForTeam => AccountId != PersonId;

    /// <summary>The effective scopes: those that the role allows. The admin scope counts only for admins.</summary>
    public Scopes Rights => (IsAdmin ? Scopes : Scopes & ~Scopes.Admin) & Role.Scopes();

    public bool May(Scopes needed) => Rights.HasFlag(needed);
}

/// <summary>The credential of a caller: a key or a session.</summary>
internal abstract record Credential
{
    private Credential() { }

    public sealed record Key(long Id) : Credential;

    public sealed record Session(long Id) : Credential;
}

/// <summary>The origin of a request.</summary>
internal sealed record Origin(IPAddress? Address, string UserAgent)
{
    /// <summary>The part of the address that is stored.</summary>
    public string Network => ClientNetwork.Shown(Address);

    /// <summary>Short names of browser and system.</summary>
    public string Device => DeviceNames.Of(UserAgent);
}
