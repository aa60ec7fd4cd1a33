using System.Net;
using Signpost.Web;

namespace Signpost.Api.Callers;

/// <summary>
/// Who asks for something, for which account and with which rights: the same for programs with a key and for people with a
/// session. Editors and catalogs are given a caller and ask nobody else what is allowed.
/// </summary>
/// <param name="PersonId">Who asks.</param>
/// <param name="AccountId">The account whose things are meant; those of all others do not exist for the caller.</param>
/// <param name="TimeZone">The zone in which dates are meant.</param>
/// <param name="Scopes">What the credential allows; see <see cref="Rights"/>.</param>
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
    /// <summary>The scopes that count: the one of admins only for admins.</summary>
    public Scopes Rights => IsAdmin ? Scopes : Scopes & ~Scopes.Admin;

    public bool May(Scopes needed) => Rights.HasFlag(needed);
}

/// <summary>By which a caller is known.</summary>
internal abstract record Credential
{
    private Credential() { }

    public sealed record Key(long Id) : Credential;

    public sealed record Session(long Id) : Credential;
}

/// <summary>From where a request comes.</summary>
internal sealed record Origin(IPAddress? Address, string UserAgent)
{
    /// <summary>What is kept of the address.</summary>
    public string Network => ClientNetwork.Shown(Address);

    /// <summary>Browser and system in a few words.</summary>
    public string Device => DeviceNames.Of(UserAgent);
}
