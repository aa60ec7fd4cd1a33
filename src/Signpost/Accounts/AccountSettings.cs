using Microsoft.EntityFrameworkCore;
using Signpost.Accounts.Keys;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Applies the settings about accounts at each start: the first admin and the first admin's API key.</summary>
internal sealed class AccountSettings(
    SignpostSettings settings,
    FirstAdmin first,
    Database database,
    TimeProvider clock
)
{
    private const string KeyName = "SIGNPOST_API_KEY";

    /// <exception cref="StartException">A setting cannot be applied.</exception>
    public async Task ApplyAsync(CancellationToken cancel)
    {
        if (settings.AdminEmail is { } email && !await first.ExistsAsync(cancel))
            await MakeAdminAsync(email, settings.AdminPassword!, cancel);

        if (settings.ApiKey is { } key && !await IsInForceAsync(key, cancel))
            await ReplaceKeyAsync(key, cancel);
    }

    private async Task MakeAdminAsync(string email, string password, CancellationToken cancel)
    {
        var made = await first.MakeAsync(new() { Email = email, Password = password }, afterwards: null, cancel);
        if (made is EditResult<ResourceId>.Refused(Refusal.Invalid(var errors)))
            throw new StartException(
                $"SIGNPOST_ADMIN_EMAIL and SIGNPOST_ADMIN_PASSWORD: {string.Join(" ", errors.Select(error => error.Title))}"
            );
    }

    private async Task<bool> IsInForceAsync(string key, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await using var connection = database.OpenRead();
        await using var command = connection.Command(
            null,
            """
            SELECT 1 FROM api_keys k JOIN people p ON p.account_id = k.account_id
            WHERE k.hash = @hash AND k.is_from_settings AND NOT p.is_disabled
            """,
            ("@hash", ApiKeys.Hash(key))
        );
        return await command.ExecuteScalarAsync(cancel) is not null;
    }

    private Task<bool> ReplaceKeyAsync(string key, CancellationToken cancel) =>
        database.WriteAsync(
            async db =>
            {
                // Keys of a disabled account do not work.
                if (await FirstAdmin.Admins(db).FirstOrDefaultAsync(one => !one.IsDisabled, cancel) is not { } admin)
                    throw new StartException(
                        "SIGNPOST_API_KEY is the first admin's key, and there is no admin yet: set SIGNPOST_ADMIN_EMAIL and "
                            + "SIGNPOST_ADMIN_PASSWORD too."
                    );

                var hash = ApiKeys.Hash(key);
                var former = await db.ApiKeys.Where(k => k.IsFromSettings || k.Hash == hash).ToListAsync(cancel);
                db.ApiKeys.RemoveRange(former);
                await db.SaveChangesAsync(cancel);
                var successor = ApiKeys.Row(admin.Id, key, KeyName, clock.GetUtcNow(), isFromSettings: true);
                db.ApiKeys.Add(successor);
                await db.SaveChangesAsync(cancel);
                // The keys that the former one made stay, and are listed under its successor.
                var ids = former.ConvertAll(k => (long?)k.Id);
                await db
                    .ApiKeys.Where(k => ids.Contains(k.MakerId))
                    .ExecuteUpdateAsync(k => k.SetProperty(one => one.MakerId, successor.Id), cancel);
                return true;
            },
            cancel
        );
}
