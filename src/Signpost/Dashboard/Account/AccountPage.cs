using Microsoft.AspNetCore.Components;
using Signpost.Dashboard.Shell;

namespace Signpost.Dashboard.Account;

/// <summary>A part of the account of the signed-in person.</summary>
/// <remarks>Components are public, so the types of their parameters must be public too.</remarks>
public abstract class AccountPage : DashboardPage
{
    [Parameter, EditorRequired]
    public required FormState Form { get; set; }

    /// <summary>How the person proves who they are before they change credentials.</summary>
    /// <param name="Back">The address of this part of the page, to return to after a confirmation elsewhere.</param>
    /// <param name="HasPassword">The person can give a password. If not, the sign-in provider or a passkey confirms who they are.</param>
    /// <param name="IsConfirmed">The person proved a short time ago who they are: making a key does not ask for the password.</param>
    /// <param name="Provider">The name of the sign-in provider; null: there is none.</param>
    /// <param name="HasPasskey">A passkey can confirm who the person is.</param>
    public sealed record Proof(string Back, bool HasPassword, bool IsConfirmed, string? Provider, bool HasPasskey);

    /// <summary>A connected account at a sign-in provider.</summary>
    public sealed record LoginLine(string Issuer, string Since);

    /// <summary>One passkey, its times in the account's zone.</summary>
    /// <param name="Used">Null: never.</param>
    public sealed record PasskeyLine(string Id, string Name, string Made, string? Used);

    /// <summary>One session, its times in the account's zone.</summary>
    public sealed record SessionLine(long Id, string Device, string Network, string Since, string Seen, bool IsThis);

    /// <summary>One API key, its times in the account's zone.</summary>
    /// <param name="Scopes">Null: all scopes.</param>
    /// <param name="MadeBy">The name of the key above it that made it; null: none of these did.</param>
    /// <param name="Owner">The id of the other account that the key belongs to; null: it is one of this account.</param>
    /// <param name="MadeForOthers">The number of keys for other accounts that stand under it.</param>
    public sealed record KeyLine(
        long Id,
        string Name,
        string Prefix,
        string? Scopes,
        string Made,
        string? Used,
        string? Expires,
        bool IsExpired,
        string? MadeBy,
        long? Owner,
        int MadeForOthers
    );

    /// <summary>One membership, or an invitation.</summary>
    /// <param name="Role">The name of the role, as in <c>editor</c>.</param>
    public sealed record TeamLine(long Id, long TeamId, string Name, string Role, bool IsInvitation);
}
