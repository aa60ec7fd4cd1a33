using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>The rules between people and teams that also hold where only people are edited.</summary>
internal static class TeamMembers
{
    private const int MostNamed = 10;

    /// <summary>
    /// Gives a new person the invitations to their e-mail address and the domains that are shared with it, in the transaction that creates
    /// the person. Call it only if the address is known to be theirs.
    /// </summary>
    public static async Task BindAsync(SignpostDb db, Person person, CancellationToken cancel)
    {
        await db
            .Members.Where(member => member.PersonId == null && member.NormalizedEmail == person.NormalizedEmail)
            .ExecuteUpdateAsync(member => member.SetProperty(one => one.PersonId, person.Id), cancel);
        await BindSharesAsync(db, person, cancel);
    }

    /// <summary>Follows a change of a person's e-mail address: domains that are shared with the former one are not theirs any more.</summary>
    /// <param name="person">With the new address.</param>
    /// <param name="isProven">The new address is known to be theirs, so they may use domains that are shared with it.</param>
    public static async Task MoveSharesAsync(SignpostDb db, Person person, bool isProven, CancellationToken cancel)
    {
        await ReleaseSharesAsync(db, person.Id, cancel);
        if (isProven)
            await BindSharesAsync(db, person, cancel);
    }

    /// <summary>Tells whether an open invitation lets a person with this e-mail address create an account.</summary>
    /// <param name="email">As <see cref="Person.Normalize"/> returns it.</param>
    /// <param name="now">In milliseconds since 1970.</param>
    public static Task<bool> MayMakeAccountAsync(SignpostDb db, string email, long now, CancellationToken cancel) =>
        db.OneTimeAddresses.AnyAsync(
            address =>
                address.Use == OneTimeUse.Invitation
                && address.MakesAccount
                && address.ExpiresAt > now
                && db.Members.Any(member =>
                    member.Id == address.InvitationId && member.JoinedAt == null && member.NormalizedEmail == email
                ),
            cancel
        );

    /// <summary>The teams that have no other owner who can sign in.</summary>
    public static IQueryable<Account> OnlyOwnedBy(SignpostDb db, long personId)
    {
        var owners = db.Members.Where(member => member.Role == Role.Owner && member.JoinedAt != null);
        return db.Accounts.Where(team =>
            owners.Any(owner => owner.TeamId == team.Id && owner.PersonId == personId)
            && !owners.Any(other =>
                other.TeamId == team.Id
                && other.PersonId != personId
                && db.People.Any(person => person.Id == other.PersonId && !person.IsDisabled)
            )
        );
    }

    /// <summary>Says which teams would lose their only owner; null: none.</summary>
    public static async Task<string?> OnlyOwnerAsync(SignpostDb db, long personId, CancellationToken cancel)
    {
        var teams = await OnlyOwnedBy(db, personId).OrderBy(team => team.Id).Take(MostNamed).ToListAsync(cancel);
        return teams is []
            ? null
            : $"This person is the only owner of {string.Join(", ", teams.Select(team => $"{team.Name} ({team.Id})"))}. "
                + "Make another member an owner first, or delete the team.";
    }

    /// <summary>
    /// Ends all memberships of a person with their keys, in the transaction that closes the person's account. Invitations stay as those of an
    /// address without an account: a team must not notice that the address had one.
    /// </summary>
    public static async Task EndAllAsync(SignpostDb db, long personId, CancellationToken cancel)
    {
        await ReleaseSharesAsync(db, personId, cancel);
        await db.ApiKeys.Where(key => key.PersonId == personId).ExecuteDeleteAsync(cancel);
        var own = db.Members.Where(member => member.PersonId == personId);
        await own.Where(member => member.JoinedAt == null)
            .ExecuteUpdateAsync(member => member.SetProperty(one => one.PersonId, (long?)null), cancel);
        await own.ExecuteDeleteAsync(cancel);
    }

    private static Task<int> BindSharesAsync(SignpostDb db, Person person, CancellationToken cancel) =>
        db
            .DomainShares.Where(share => share.AccountId == null && share.Key == person.NormalizedEmail)
            .ExecuteUpdateAsync(share => share.SetProperty(one => one.AccountId, person.Id), cancel);

    /// <summary>
    /// Lets lists of shared domains go on without an account that goes: their owners must not notice that the address or id had one.
    /// </summary>
    public static Task<int> ReleaseSharesAsync(SignpostDb db, long accountId, CancellationToken cancel) =>
        db
            .DomainShares.Where(share => share.AccountId == accountId)
            .ExecuteUpdateAsync(share => share.SetProperty(one => one.AccountId, (long?)null), cancel);
}
