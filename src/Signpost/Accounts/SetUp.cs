using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Web;

namespace Signpost.Accounts;

/// <summary>The session of the new admin.</summary>
/// <param name="Secret">The secret for the cookie.</param>
/// <param name="Key">The admin's first API key in clear. It is shown only now.</param>
internal sealed record FirstSession(string Secret, string Key);

/// <summary>
/// The one-time address to create the first admin. It is random at each start, is shown only in the terminal,
/// and stops working for ever once there is an admin.
/// </summary>
internal sealed class SetUp(FirstAdmin first, Sessions sessions, AuditLog audit, StartNotice notice, TimeProvider clock)
{
    private readonly string _token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    /// <summary>The path to print, as in <c>/setup/dGhpcyBpcyBub3Qgb25l</c>; null when set-up is closed.</summary>
    public string? Path => notice.SetupIsOpen ? $"/setup/{_token}" : null;

    /// <summary>Checks once, at start, whether there is an admin.</summary>
    public async Task LookAsync(CancellationToken cancel) => notice.SetupIsOpen = !await first.ExistsAsync(cancel);

    public bool Opens(string token) =>
        notice.SetupIsOpen
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_token));

    /// <summary>
    /// Creates the admin, the first API key and a session. Set-up is closed afterwards, also if another request created an admin.
    /// </summary>
    /// <param name="keyName">The name of the API key.</param>
    public async Task<EditResult<FirstSession>> MakeAsync(
        AccountChanges wanted,
        string keyName,
        Origin origin,
        CancellationToken cancel
    )
    {
        var (key, secret) = (ApiKeys.Draw(), "");
        var result = await first.MakeAsync(
            wanted,
            async (db, admin) =>
            {
                db.ApiKeys.Add(ApiKeys.Row(admin.Id, key, keyName, clock.GetUtcNow()));
                admin.SignIns++;
                audit.Add(db, new(AuditEvent.SignedIn, admin.Id, admin.Id, origin.Network, origin.Device));
                secret = await sessions.OpenAsync(db, admin, origin, cancel);
            },
            cancel
        );
        if (result is EditResult<ResourceId>.Refused(var why))
        {
            notice.SetupIsOpen &= why is Refusal.Invalid;
            return why;
        }

        notice.SetupIsOpen = false;
        return new FirstSession(secret, key);
    }
}
