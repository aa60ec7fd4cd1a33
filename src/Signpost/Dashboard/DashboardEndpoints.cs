using Signpost.Api.Callers;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.BulkCreate;
using Signpost.Dashboard.Domains;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.Links.Form;
using Signpost.Dashboard.ManyLinks;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Passkeys;
using Signpost.Dashboard.Providers;
using Signpost.Dashboard.QrCodes;
using Signpost.Dashboard.Server;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Dashboard.Statistics;
using Signpost.Dashboard.Team;
using Signpost.Dashboard.Things;
using Signpost.Dashboard.Trash;
using Signpost.Dashboard.Unknown;
using Signpost.Web.Forms;

namespace Signpost.Dashboard;

/// <summary>The pages of the dashboard. Each folder maps its own, with the scopes that they need.</summary>
internal static class DashboardEndpoints
{
    public static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        var dashboard = routes
            .MapGroup("/dashboard")
            .ExcludeFromDescription()
            .InTurns()
            .ForSignedIn()
            .RequireAntiforgeryToken()
            .InChosenAccount();
        dashboard.MapGroup("").Scoped(Scopes.None).MapAppearance();
        dashboard.MapMethods("", Reads, (HttpContext http) => http.SeeOther(Navigation.Home)).Scoped(Scopes.None);
        dashboard.MapLinkPages();
        dashboard.MapManyLinks();
        dashboard.MapLinkForm();
        dashboard.MapThings();
        dashboard.MapDomainPages();
        dashboard.MapOneLink();
        dashboard.MapUnknownPages();
        dashboard.MapStatisticsPages();
        dashboard.MapTrashPages();
        dashboard.MapQrPages();
        dashboard.MapBulkPages();
        var account = dashboard.MapGroup("/account").Scoped(Scopes.None).InOwnAccount();
        account.MapAccount();
        account.MapOwnProvider();
        account.MapOwnPasskeys();
        dashboard.MapTeamPages();
        dashboard.MapServerPages();
        routes.MapFormerAccount();
        if (routes.ServiceProvider.GetRequiredService<IWebHostEnvironment>().IsDevelopment())
            dashboard.MapMethods("/_components", Reads, ShowComponents).Scoped(Scopes.None);
    }

    private static Task ShowComponents(HttpContext http, DashboardPages pages) =>
        pages.WriteAsync<ComponentsPage>(http, []);
}
