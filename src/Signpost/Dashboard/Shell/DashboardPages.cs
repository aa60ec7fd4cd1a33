using Signpost.Accounts;
using Signpost.Api.Callers;
using Signpost.Teams;
using Signpost.Web;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Shell;

/// <summary>Writes the pages of the dashboard, each with the frame for the person and the account.</summary>
internal sealed class DashboardPages(
    PageRenderer renderer,
    OwnLanguages languages,
    AccountCatalog accounts,
    MemberCatalog members,
    Navigation navigation,
    Toasts toasts,
    TimeProvider clock
)
{
    private const int MostTeams = 100;

    /// <summary>Renders a page and sends it.</summary>
    /// <param name="parameters">The parameters of the page, except its texts and its frame.</param>
    public async Task WriteAsync<TPage>(
        HttpContext http,
        Dictionary<string, object?> parameters,
        int status = StatusCodes.Status200OK
    )
        where TPage : DashboardPage
    {
        var texts = languages.For(http);
        parameters[nameof(DashboardPage.Texts)] = texts.All;
        parameters[nameof(DashboardPage.Shell)] = await ShellAsync(http, texts);
        var body = await renderer.RenderAsync<TPage>(parameters);
        PageHeaders.Set(http.Response, status, policy: PageHeaders.Dashboard, texts: texts);
        await PageResponse.SendAsync(http, body);
    }

    /// <summary>Says that the role of the person in the team does not allow this.</summary>
    public Task WriteForbiddenAsync(HttpContext http) =>
        WriteAsync<ForbiddenPage>(http, [], StatusCodes.Status403Forbidden);

    // The confirmation that an address names.
    private static ToastView? DoneOf(HttpContext http, PageTexts texts) =>
        texts.All.GetValueOrDefault($"done.{http.Request.Query["done"]}") is { } text ? new(text) : null;

    private async Task<ShellView> ShellAsync(HttpContext http, PageTexts texts)
    {
        var (person, caller, cancel) = (http.Person(), http.Chosen(), http.RequestAborted);
        var profile =
            await accounts.FindAsync(person.PersonId, cancel)
            ?? throw new InvalidOperationException("The session is valid, but its account does not exist.");
        var teams = await members.ListTeamsAsync(person, caller.AccountId, MostTeams, cancel);
        var name = profile.Name is "" ? profile.Email : profile.Name;
        var isRead = HttpMethods.IsGet(http.Request.Method);
        var mayWrite = caller.May(Scopes.LinksWrite);
        return new()
        {
            Token = http.AntiforgeryToken(),
            Address = http.Request.Path + (isRead ? http.Request.QueryString : default),
            AccountId = caller.AccountId,
            Accounts = [(person.PersonId, name), .. teams.Select(team => (team.Row.TeamId, team.TeamName))],
            PersonName = name,
            Email = profile.Email,
            MayWrite = mayWrite,
            Navigation = [.. navigation.Entries.Where(entry => !entry.IsForAdmins || profile.IsAdmin)],
            OnlyInPalette = [.. navigation.OnlyInPalette.Where(entry => !entry.IsForWriters || mayWrite)],
            NewLink = mayWrite && navigation.Has(Navigation.NewLink) ? Navigation.NewLink : null,
            Theme = Appearance.ThemeOf(http),
            Languages = [.. AccountRules.Languages.Select(tag => (tag, languages.NameOf(tag)))],
            Now = clock.GetUtcNow(),
            Zone = caller.TimeZone,
            Toast = isRead ? toasts.Take(http, texts) ?? DoneOf(http, texts) : null,
            Search = isRead && http.Request.Path == Navigation.Home ? http.Request.Query["search"].ToString() : null,
        };
    }
}
