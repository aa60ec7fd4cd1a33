using System.Net;
using Signpost.Web;

namespace Signpost.Api.Callers;

/// <summary>
/// A caller says who asks, for which account, and with which rights. It is the same for a program with a key and for a person
/// with a session. Editors and catalogs get a caller, and ask nothing else for rights.
/// </summary>
/// <param name="PersonId">The person who asks.</param>
/// <param name="AccountId">The account that owns the things. Things of other accounts do not exist for the caller.</param>
/// <param name="TimeZone">The time zone of dates that the caller sends and gets.</param>
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
    /// <summary>The scopes that count: the scope admin counts for admins only.</summary>
    public Scopes Rights => IsAdmin ? Scopes : Scopes & ~Scopes.Admin;

    public bool May(Scopes needed) => Rights.HasFlag(needed);
}

/// <summary>The proof by which the server knows a caller.</summary>
internal abstract record Credential
{
    private Credential() { }

    public sealed record Key(long Id) : Credential;

    public sealed record Session(long Id) : Credential;
}

/// <summary>The place that a request comes from.</summary>
internal sealed record Origin(IPAddress? Address, string UserAgent)
{
    /// <summary>The part of the address that is kept.</summary>
    public string Network => ClientNetwork.Shown(Address);

    /// <summary>Browser and system in a few words.</summary>
    public string Device => DeviceNames.Of(UserAgent);
}
