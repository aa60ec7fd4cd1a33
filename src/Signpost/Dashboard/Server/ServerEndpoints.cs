using System.Globalization;
using Signpost.Accounts;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Account;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Domains;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Web.Notices;
using static Signpost.Dashboard.Server.ServerPage;

namespace Signpost.Dashboard.Server;

/// <summary>The page of the server, in tabs. For everybody who is no server admin it does not exist.</summary>
internal static class ServerEndpoints
{
    private const string ResetNotice = "server-reset";

    public static void MapServerPages(this IEndpointRouteBuilder dashboard)
    {
        var server = dashboard.MapGroup("/server").Scoped(Scopes.None).InOwnAccount().ForServerAdmins();
        server.MapMethods("", DashboardEndpoints.Reads, ShowState);
        server.MapMethods("/people", DashboardEndpoints.Reads, ShowPeople);
        server.MapMethods("/domains", DashboardEndpoints.Reads, ShowDomains);
        server.MapMethods("/settings", DashboardEndpoints.Reads, ShowSettings);
        server.MapPost("/people/{id:long}/state", SaveState);
        server.MapMethods("/people/{id:long}/reset", DashboardEndpoints.Reads, AskToReset);
        server.MapPost("/people/{id:long}/reset", MakeReset);
        server.LeadBack(ServerTabs.People, "/people/{id:long}/state");
    }

    private static RouteGroupBuilder ForServerAdmins(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                if (http.Caller().May(Scopes.Admin))
                    return await next(context);
                await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);
                return Results.Empty;
            }
        );
        return routes;
    }

    private static async Task ShowState(HttpContext http, ServerViews views, DashboardPages pages) =>
        await pages.WriteAsync<ServerPage>(http, new() { [nameof(ServerPage.View)] = await views.StateAsync(http) });

    private static async Task ShowPeople(
        HttpContext http,
        AccountCatalog catalog,
        OneTimeNotice notice,
        DashboardPages pages
    )
    {
        var (cancel, self) = (http.RequestAborted, http.Caller().PersonId);
        var rows = await RowsAsync(
            http,
            ServerTabs.People,
            async (offset, count) => (await catalog.ListAsync(offset, count, cancel), await catalog.CountAsync(cancel)),
            person => new PersonLine(
                person.Id,
                person.Name is "" ? person.Email : person.Name,
                person.Email,
                person.IsAdmin,
                person.IsDisabled,
                person.HasSecondFactor,
                person.Usage.Links,
                person.LastActiveAt is { } seen ? DateTimeOffset.FromUnixTimeMilliseconds(seen) : null,
                DateTimeOffset.FromUnixTimeMilliseconds(person.CreatedAt),
                person.Id == self
            )
        );
        await pages.WriteAsync<ServerPeoplePage>(
            http,
            new()
            {
                [nameof(ServerPeoplePage.View)] = rows,
                [nameof(ServerPeoplePage.Made)] = notice.Take(http, ResetNotice)?.Split(' ', 2) is [var url, var email]
                    ? (url, email)
                    : null,
            }
        );
    }

    private static async Task ShowDomains(HttpContext http, DomainCatalog catalog, DashboardPages pages)
    {
        var rows = await RowsAsync(
            http,
            ServerTabs.Domains,
            (offset, count) => catalog.ListAllAsync(offset, count, http.RequestAborted),
            domain => new DomainLine(
                domain.Host,
                domain.AccountName is "" ? domain.Email ?? $"{domain.AccountId}" : domain.AccountName,
                domain.IsVerified,
                domain.IsEnabled,
                domain.Links
            )
        );
        await pages.WriteAsync<ServerDomainsPage>(http, new() { [nameof(ServerDomainsPage.View)] = rows });
    }

    private static Task ShowSettings(HttpContext http, SignpostSettings settings, DashboardPages pages)
    {
        IReadOnlyList<SettingLine> lines =
        [
            .. settings.InForce.Select(one => new SettingLine(one.Name, one.Value, one.Source)),
        ];
        return pages.WriteAsync<ServerSettingsPage>(http, new() { [nameof(ServerSettingsPage.View)] = lines });
    }

    private static async Task SaveState(HttpContext http, long id, AccountEditor editor, Toasts toasts)
    {
        var (form, isDisabled) = (http.Request.Form, http.Request.Form["is_disabled"] == "1");
        var role = form.ContainsKey("role") ? $"{form["role"]}" : null;
        var isAdmin = role is Person.AdminRole;
        AccountChanges wanted = role is null ? new() { IsDisabled = isDisabled } : new() { Role = role };
        var result = await editor.UpdateAsync(http.Caller(), id, wanted, null, http.RequestAborted);
        if (result is EditResult<ResourceId>.Refused(var why))
            Refuse(http, toasts, why);
        else
            toasts.Leave(
                http,
                role is not null ? (isAdmin ? "server.is_admin" : "server.no_admin")
                    : isDisabled ? "server.disabled"
                    : "server.enabled",
                ServerTabs.Below(ServerTabs.People, PageOf(http), $"/{id}/state"),
                [
                    role is null
                        ? ("is_disabled", isDisabled ? "0" : "1")
                        : ("role", isAdmin ? Person.UserRole : Person.AdminRole),
                ],
                []
            );
        http.SeeOther(ServerTabs.Below(ServerTabs.People, PageOf(http)));
    }

    private static async Task AskToReset(HttpContext http, long id, AccountCatalog catalog, DashboardPages pages)
    {
        if (await catalog.FindAsync(id, http.RequestAborted) is not { } person)
            await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);
        else
            await pages.WriteAsync<ResetPersonPage>(
                http,
                new()
                {
                    [nameof(ResetPersonPage.Email)] = person.Email,
                    [nameof(ResetPersonPage.Action)] = ServerTabs.Below(
                        ServerTabs.People,
                        PageOf(http),
                        $"/{id}/reset"
                    ),
                    [nameof(ResetPersonPage.Back)] = ServerTabs.Below(ServerTabs.People, PageOf(http)),
                }
            );
    }

    private static async Task MakeReset(
        HttpContext http,
        long id,
        AccountCatalog catalog,
        PasswordResets resets,
        OneTimeNotice notice,
        Toasts toasts
    )
    {
        switch (await resets.MakeAsync(http.Caller(), id, null, http.RequestAborted))
        {
            case EditResult<MadeReset>.Done(var made):
                var person = await catalog.FindAsync(id, http.RequestAborted);
                notice.Leave(http, ResetNotice, $"{made.Url} {person?.Email}");
                break;
            case EditResult<MadeReset>.Refused(var why):
                Refuse(http, toasts, why);
                break;
        }

        http.SeeOther(ServerTabs.Below(ServerTabs.People, PageOf(http)));
    }

    private static void Refuse(HttpContext http, Toasts toasts, Refusal why)
    {
        if (why.Errors is [var first, ..])
            toasts.Leave(http, "server.refused", ("reason", AccountForms.Translate(http, first.Title)));
        else
            toasts.Leave(http, "thing.gone");
    }

    private static async Task<Rows<TLine>> RowsAsync<T, TLine>(
        HttpContext http,
        string path,
        Func<long, int, Task<(IReadOnlyList<T> Items, long Total)>> read,
        Func<T, TLine> line
    )
    {
        var page = PageOf(http);
        var offset = (page - 1) * Paging.UsualSize;
        var (items, total) = await read(offset, Paging.UsualSize);
        return new(
            [.. items.Select(line)],
            offset + 1,
            total,
            path,
            page,
            offset + items.Count < total && items.Count > 0
        );
    }

    private static int PageOf(HttpContext http) =>
        Math.Clamp(
            int.TryParse(http.Request.Query["page"], CultureInfo.InvariantCulture, out var asked) ? asked : 1,
            1,
            int.MaxValue / Paging.UsualSize - 1
        );
}
