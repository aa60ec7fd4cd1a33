using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Api.Callers;

/// <summary>The accounts that a person may use: their own, and those of the teams of which they are a member.</summary>
internal sealed class Memberships(Database database)
{
    /// <summary>As <see cref="InAsync(SignpostDb, Caller, long, CancellationToken)"/>, outside a transaction.</summary>
    public async Task<Caller?> InAsync(Caller caller, long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await InAsync(db, caller, accountId, cancel);
    }

    /// <summary>
    /// A person in one of their accounts, for work that goes on after the request, whether or not the session goes on. Null: the person is
    /// disabled or no longer a member.
    /// </summary>
    public async Task<Caller?> FindAgainAsync(long personId, long accountId, CancellationToken cancel)
    {
        await using var db = database.Read();
        var zone = await db
            .People.Where(person => person.Id == personId && !person.IsDisabled)
            .Select(person => person.Account.TimeZone)
            .FirstOrDefaultAsync(cancel);
        if (zone is null)
            return null;
        Caller person = new(
            personId,
            AccountId: personId,
            TimeZoneInfo.FindSystemTimeZoneById(zone),
            IsAdmin: false,
            Scopes.All,
            new Credential.Session(0),
            new(null, "")
        );
        return await InAsync(db, person, accountId, cancel);
    }

    /// <summary>
    /// The same person with the same credential, in one of their accounts. The role there limits the rights. Null: the account does not
    /// exist, or the person is no member.
    /// </summary>
    public static async Task<Caller?> InAsync(SignpostDb db, Caller caller, long accountId, CancellationToken cancel)
    {
        if (accountId == caller.AccountId && !caller.ActsForTeam)
            return caller;
        var isOwn = accountId == caller.PersonId;
        var member = isOwn
            ? null
            : await Of(db, caller.PersonId).FirstOrDefaultAsync(one => one.TeamId == accountId, cancel);
        if (!isOwn && member is null)
            return null;
        var zone = await db
            .Accounts.Where(account => account.Id == accountId)
            .Select(account => account.TimeZone)
            .SingleAsync(cancel);
        return caller with
        {
            AccountId = accountId,
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone),
            // The right to run the server belongs to the person. A team's key never has it.
            IsAdmin = false,
            Role = member?.Role ?? Role.Owner,
        };
    }

    /// <summary>The memberships of a person, without invitations.</summary>
    public static IQueryable<Member> Of(SignpostDb db, long personId) =>
        db.Members.Where(member => member.PersonId == personId && member.JoinedAt != null);
}
