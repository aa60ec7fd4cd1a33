using Microsoft.AspNetCore.Http.Features;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Shell;

/// <summary>
/// The account that a person works in: their own or a team. It makes the <see cref="Caller"/> of every page of the dashboard. A form names
/// its account, so that it never acts in another one; an address may name it, and a cookie remembers the last one.
/// </summary>
internal static class ChosenAccount
{
    /// <summary>The field of forms and the parameter of addresses.</summary>
    public const string Field = "account";

    private const string CookieName = "signpost_account";
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>
    /// Gives each request of these pages the caller in the chosen account, who must have the scope of the page
    /// (<see cref="ScopeRoutes"/>). An account of strangers does not exist.
    /// </summary>
    public static RouteGroupBuilder InChosenAccount(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter(
            async (context, next) =>
            {
                var http = context.HttpContext;
                var services = http.RequestServices;
                var needed = http.GetEndpoint()!.Metadata.GetRequiredMetadata<NeededScope>().Scope;
                if (!await ChooseAsync(http))
                    await services.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);
                else if (!http.Caller().May(needed))
                    await services.GetRequiredService<DashboardPages>().WriteForbiddenAsync(http);
                else
                    return await next(context);
                return Results.Empty;
            }
        );
        return routes;
    }

    /// <summary>Gives each request of these pages the caller in the person's own account, whatever account they work in.</summary>
    public static RouteGroupBuilder InOwnAccount(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter(
            (context, next) =>
            {
                context.HttpContext.Features.Set(context.HttpContext.Person());
                return next(context);
            }
        );
        return routes;
    }

    /// <summary>The caller in the chosen account.</summary>
    public static Caller Chosen(this HttpContext http) => http.Features.GetRequiredFeature<PersonOfRequest>().Chosen;

    /// <summary>The signed-in person in their own account, whatever account they work in.</summary>
    public static Caller Person(this HttpContext http) => http.Features.GetRequiredFeature<PersonOfRequest>().Person;

    private static async Task<bool> ChooseAsync(HttpContext http)
    {
        var person = http.Caller();
        if (Named(http) is { } named)
        {
            if (!long.TryParse(named, out var id) || await InAsync(http, person, id) is not { } there)
                return false;
            Set(there);
            // The page after a form is of the same account. What a script asks for changes nothing.
            if (http.Request.Headers["Sec-Fetch-Mode"].ToString() is "" or "navigate")
                HostCookies.Set(http, CookieName, named, Life);
            return true;
        }

        // A cookie may name a team that the person has left.
        var last = long.TryParse(HostCookies.Get(http, CookieName), out var kept) ? kept : person.AccountId;
        Set(await InAsync(http, person, last) ?? person);
        return true;

        void Set(Caller chosen)
        {
            http.Features.Set(new PersonOfRequest(person, chosen));
            http.Features.Set(chosen);
        }
    }

    private static string? Named(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) ? http.Request.Form[Field] : http.Request.Query[Field];

    private static Task<Caller?> InAsync(HttpContext http, Caller person, long accountId) =>
        http.RequestServices.GetRequiredService<Memberships>().InAsync(person, accountId, http.RequestAborted);

    private sealed record PersonOfRequest(Caller Person, Caller Chosen);
}
