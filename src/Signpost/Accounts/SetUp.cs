using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Web;

namespace Signpost.Accounts;

/// <summary>
/// The one-time address to create the first admin. It is random at each start, is shown only in the terminal,
/// and stops working for ever once there is an admin.
/// </summary>
internal sealed class SetUp(FirstAdmin first, StartNotice notice)
{
    private readonly string _token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    /// <summary>The path to print, as in <c>/setup/dGhpcyBpcyBub3Qgb25l</c>; null when set-up is closed.</summary>
    public string? Path => notice.SetupIsOpen ? $"/setup/{_token}" : null;

    /// <summary>Checks once, at start, whether there is an admin.</summary>
    public async Task LookAsync(CancellationToken cancel) => notice.SetupIsOpen = !await first.ExistsAsync(cancel);

    public bool Opens(string token) =>
        notice.SetupIsOpen
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_token));

    /// <summary>Creates the admin. Set-up is closed afterwards, also if another request created an admin.</summary>
    public async Task<EditResult<ResourceId>> MakeAsync(
        string email,
        string password,
        string key,
        CancellationToken cancel
    )
    {
        var result = await first.MakeAsync(email, password, key, cancel);
        if (result is not EditResult<ResourceId>.Refused(Refusal.Invalid))
            notice.SetupIsOpen = false;
        return result;
    }
}
