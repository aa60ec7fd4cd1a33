using Signpost.Accounts;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Teams;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Account;

/// <summary>Writes the parts of the account page. Each reads its own data only.</summary>
internal sealed class AccountViews(
    DashboardPages pages,
    PeoplePages people,
    SignInViews signIns,
    KeyViews keys,
    ActivityViews activity,
    AccountCatalog accounts,
    MemberCatalog members
)
{
    private const int MostTeams = 100;

    /// <param name="tab">The address of the part: one of <see cref="AccountTabs"/>.</param>
    public Task ShowAsync(HttpContext http, string tab)
    {
        (string, string?)[] troubles = people.TroubleOf(http) is { } trouble ? [(trouble, null)] : [];
        return WriteAsync(http, tab, new() { Errors = troubles }, StatusCodes.Status200OK);
    }

    /// <summary>Shows a form again that was wrong.</summary>
    /// <param name="form">Its name, as in <c>password</c>.</param>
    public Task ShowAsync(HttpContext http, string form, IReadOnlyList<(string Text, string? Field)> errors) =>
        WriteAsync(
            http,
            AccountTabs.Of(form),
            new()
            {
                WrongForm = form,
                Errors = errors,
                Typed = http.Request.Form,
            },
            StatusCodes.Status400BadRequest
        );

    private async Task WriteAsync(HttpContext http, string tab, FormState form, int status)
    {
        switch (tab)
        {
            case AccountTabs.SignIn:
                var signIn = await signIns.OfAsync(http, await signIns.ProofAsync(http, tab));
                await WriteAsync<SignInPage>(nameof(SignInPage.View), signIn);
                return;
            case AccountTabs.Keys:
                var own = await keys.OfAsync(http, await signIns.ProofAsync(http, tab));
                await WriteAsync<KeysPage>(nameof(KeysPage.View), own);
                return;
            case AccountTabs.Teams:
                await WriteAsync<TeamsPage>(nameof(TeamsPage.Teams), await TeamsAsync(http));
                return;
            case AccountTabs.Activity:
                await WriteAsync<ActivityPage>(nameof(ActivityPage.View), await activity.OfAsync(http, tab));
                return;
            case AccountTabs.Data:
                var links = (await ProfileAsync(http)).Usage.Links;
                DataPage.Content data = new(await signIns.ProofAsync(http, tab), links);
                await WriteAsync<DataPage>(nameof(DataPage.View), data);
                return;
            default:
                await WriteAsync<ProfilePage>(nameof(ProfilePage.View), Of(await ProfileAsync(http)));
                return;
        }

        Task WriteAsync<TPage>(string name, object view)
            where TPage : AccountPage =>
            pages.WriteAsync<TPage>(http, new() { [nameof(AccountPage.Form)] = form, [name] = view }, status);
    }

    private async Task<Profile> ProfileAsync(HttpContext http) =>
        await accounts.FindAsync(http.Caller().PersonId, http.RequestAborted)
        ?? throw new InvalidOperationException("The session is valid, but its account does not exist.");

    private static ProfilePage.Content Of(Profile profile) =>
        new(profile.Email, profile.Name, profile.TimeZone, profile.Language, profile.IsAdmin, AccountRules.TimeZones);

    private async Task<AccountPage.TeamLine[]> TeamsAsync(HttpContext http) =>
        [
            .. (await members.ListOwnAsync(http.Caller(), 0, MostTeams, http.RequestAborted)).Select(
                one => new AccountPage.TeamLine(
                    one.Row.Id,
                    one.Row.TeamId,
                    one.TeamName,
                    one.Row.Role.Name(),
                    one.Row.JoinedAt is null
                )
            ),
        ];
}
