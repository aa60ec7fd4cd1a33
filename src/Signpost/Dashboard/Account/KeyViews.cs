using Signpost.Accounts;
using Signpost.Accounts.Keys;
using Signpost.Addressing;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Dashboard.Account;

/// <summary>Collects the data of the page of API keys.</summary>
internal sealed class KeyViews(
    AccountCatalog accounts,
    KeyCatalog keys,
    OneTimeNotice notice,
    PublicAddress address,
    TimeProvider clock
)
{
    /// <summary>The page that may show a new key.</summary>
    public const string Notice = "/keys";

    private const int MostKeys = 100;

    public async Task<KeysPage.Content> OfAsync(HttpContext http, AccountPage.Proof proof)
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var isAdmin = (await accounts.FindAsync(caller.AccountId, cancel))!.IsAdmin;
        return new(
            proof,
            isAdmin,
            [.. ScopeNames.All.Where(word => isAdmin || word != "admin")],
            Lines(await keys.ListAsync(caller, caller.AccountId, 0, MostKeys, cancel), caller.TimeZone),
            address.Url,
            HttpMethods.IsPost(http.Request.Method) ? null : Made(http)
        );
    }

    /// <summary>Leaves a new key for the page, which shows it once.</summary>
    public void Leave(HttpContext http, NewKey wanted, ConfirmedKey done) =>
        notice.Leave(http, Notice, $"{(int)wanted.Scopes} {done.Made.Key} {wanted.Name}", done.Secret);

    private KeysPage.NewSecret? Made(HttpContext http) =>
        notice.Take(http, Notice)?.Split(' ', 3) is [var number, var key, var name]
        && (Scopes)int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) is var scopes
            ? new(name, key, scopes.HasFlag(Scopes.LinksWrite), scopes.HasFlag(Scopes.LinksRead))
            : null;

    // Each key that another one made stands under that one, and not a second time by itself.
    private List<AccountPage.KeyLine> Lines(IReadOnlyList<ListedKey> listed, TimeZoneInfo zone)
    {
        var own = listed.ToDictionary(one => one.Key.Id);
        var under = listed.SelectMany(one => one.Made).Select(made => made.Id).ToHashSet();
        List<AccountPage.KeyLine> lines = [];
        foreach (var (top, made) in listed.Where(one => !under.Contains(one.Key.Id)))
        {
            var names = made.Append(top).ToDictionary(key => key.Id, key => key.Name);
            lines.Add(LineOf(top, madeBy: null));
            lines.AddRange(made.Select(key => LineOf(key, names[key.MakerId!.Value])));
        }

        return lines;

        AccountPage.KeyLine LineOf(ApiKey key, string? madeBy) =>
            own.TryGetValue(key.Id, out var mine)
                ? Of(key, zone) with
                {
                    MadeBy = madeBy,
                    MadeForOthers = mine.Made.Count(made => made.Holder() != key.Holder()),
                }
                : Of(key, zone) with
                {
                    MadeBy = madeBy,
                    Owner = key.AccountId,
                };
    }

    private AccountPage.KeyLine Of(ApiKey key, TimeZoneInfo zone) =>
        new(
            key.Id,
            key.Name,
            key.Prefix,
            key.Scopes == ScopeNames.Everything ? null : key.Scopes,
            AccountTexts.Time(key.CreatedAt, zone),
            key.LastUsedAt is { } used ? AccountTexts.Time(used, zone) : null,
            key.ExpiresAt is { } expires ? AccountTexts.Time(expires, zone) : null,
            key.ExpiresAt <= clock.GetUtcNow().ToUnixTimeMilliseconds(),
            MadeBy: null,
            Owner: null,
            MadeForOthers: 0
        );
}
