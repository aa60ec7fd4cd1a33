using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Web;

namespace Signpost.Accounts;

/// <summary>
/// The one-time address under which the first admin is made. It is drawn anew at each start, shown in the terminal only,
/// and dead for good once there is an admin.
/// </summary>
internal sealed class SetUp(FirstAdmin first, StartNotice notice)
{
    private readonly string _token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    /// <summary>The path to print, as in <c>/setup/dGhpcyBpcyBub3Qgb25l</c>; null when set-up is closed.</summary>
    public string? Path => notice.SetupIsOpen ? $"/setup/{_token}" : null;

    /// <summary>Looks once, at start, whether there is an admin.</summary>
    public async Task LookAsync(CancellationToken cancel) => notice.SetupIsOpen = !await first.ExistsAsync(cancel);

    public bool Opens(string token) =>
        notice.SetupIsOpen
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_token));

    /// <summary>Makes the admin; set-up is closed afterwards, whoever made one.</summary>
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
