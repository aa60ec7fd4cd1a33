using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>What becomes of the things of an account that is deleted.</summary>
internal abstract record Inheritance
{
    private Inheritance() { }

    public sealed record Nothing : Inheritance;

    public sealed record DeleteAll : Inheritance;

    public sealed record GiveTo(long AccountId) : Inheritance;
}

/// <summary>
/// Deletes accounts. The account is disabled first, then its things go in short transactions, so that a million links keep
/// no other writer waiting; last goes the account. Interrupted, it is a disabled account that can be deleted again.
/// </summary>
internal sealed class AccountRemoval(Database database, IEnumerable<IAccountHoldings> holdings, AuditLog audit)
{
    public async Task<AccountEdit> DeleteAsync(long id, Inheritance inheritance, Actor by, CancellationToken cancel)
    {
        if (await CloseAsync(id, inheritance, cancel) is { } refused)
            return refused;

        // Links go last when they are handed on: else an interruption would leave the heir's links with a domain and pixels
        // that are still of the account that is deleted again.
        foreach (var holding in inheritance is Inheritance.GiveTo ? holdings.Reverse() : holdings)
            await (
                inheritance is Inheritance.GiveTo(var heir)
                    ? holding.TransferAsync(id, heir, cancel)
                    : holding.DeleteAsync(id, cancel)
            );
        return await EraseAsync(id, by, cancel);
    }

    private async Task<bool> HasThingsAsync(long id, CancellationToken cancel)
    {
        foreach (var holding in holdings)
            if (await holding.AnyAsync(id, cancel))
                return true;
        return false;
    }

    private async Task<AccountEdit?> CloseAsync(long id, Inheritance inheritance, CancellationToken cancel)
    {
        var mustSay = inheritance is Inheritance.Nothing && await HasThingsAsync(id, cancel);
        return await database.WriteAsync<AccountEdit?>(
            async db =>
            {
                if (await db.Users.FirstOrDefaultAsync(account => account.Id == id, cancel) is not { } account)
                    return new AccountEdit.Missing();
                if (await AccountEditor.IsLastAdminAsync(db, id, cancel))
                    return AccountEdit.No("user_id", "This is the last admin: the server would be nobody's.");
                if (mustSay)
                    return AccountEdit.No(
                        "links",
                        "This account has links: send links=delete, or links=transfer and to."
                    );
                if (
                    inheritance is Inheritance.GiveTo(var heir)
                    && (heir == id || !await db.Users.AnyAsync(user => user.Id == heir && !user.IsDisabled, cancel))
                )
                    return AccountEdit.No("to", "to must be the id of another account that is not disabled.");

                account.IsDisabled = true;
                AccountEditor.NewStamp(account);
                await db.SaveChangesAsync(cancel);
                return null;
            },
            cancel
        );
    }

    // Keys, sessions, roles and the second factor go with the account's row.
    private Task<AccountEdit> EraseAsync(long id, Actor by, CancellationToken cancel) =>
        database.WriteAsync<AccountEdit>(
            async db =>
            {
                await db.KeptAnswers.Where(kept => kept.AccountId == id).ExecuteDeleteAsync(cancel);
                await db.Files.Where(file => file.AccountId == id).ExecuteDeleteAsync(cancel);
                await db
                    .AuditEntries.Where(entry => entry.AccountId == id)
                    .ExecuteUpdateAsync(
                        entry =>
                            entry.SetProperty(e => e.Network, (string?)null).SetProperty(e => e.Detail, (string?)null),
                        cancel
                    );
                await db.Users.Where(account => account.Id == id).ExecuteDeleteAsync(cancel);
                audit.Add(db, new(AuditEvent.UserDeleted, id, by));
                await db.SaveChangesAsync(cancel);
                return new AccountEdit.Done(id);
            },
            cancel
        );
}
