using Microsoft.AspNetCore.Mvc;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Notices;
using static Signpost.Dashboard.DashboardEndpoints;

namespace Signpost.Dashboard.Domains;

/// <summary>The pages of domains.</summary>
internal static class DomainPageEndpoints
{
    // The form holds two files of at most 128 KiB, and browsers escape their quotation marks.
    private const int LargestForm = 1 << 20;

    public static void MapDomainPages(this IEndpointRouteBuilder dashboard)
    {
        var domains = dashboard.MapGroup("/domains").Scoped(Scopes.LinksRead, Scopes.DomainsWrite);
        domains.MapMethods("", Reads, (HttpContext http, DomainPages pages) => pages.ListAsync(http));
        domains.MapPost("", (HttpContext http, DomainPages pages) => pages.CreateAsync(http)).KeepsSimpleForm("host");
        domains.MapMethods(
            "/{id:long}",
            Reads,
            (HttpContext http, long id, DomainPages pages) => Find(http, pages.ShowAsync(http, id))
        );
        domains
            .MapPost(
                "/{id:long}",
                (HttpContext http, long id, DomainPages pages) => Find(http, pages.SaveAsync(http, id))
            )
            .WithMetadata(new RequestSizeLimitAttribute(LargestForm))
            .KeepsSimpleForm("scheme");
        domains
            .MapPost(
                "/{id:long}/verify",
                (HttpContext http, long id, DomainPages pages) => Find(http, pages.VerifyAsync(http, id))
            )
            .RequireRateLimiting(RateLimits.PerKey);
        domains.MapPost(
            "/{id:long}/delete",
            (HttpContext http, long id, DomainPages pages) => Find(http, pages.DeleteAsync(http, id))
        );
        domains.MapPost(
            "/{id:long}/links/{link:long}",
            (HttpContext http, long id, long link, DomainGuests guests) =>
                Find(http, guests.ChangeAsync(http, id, link))
        );
        domains.MapPost(
            "/{id:long}/links/{link:long}/delete",
            (HttpContext http, long id, long link, DomainGuests guests) =>
                Find(http, guests.DeleteAsync(http, id, link))
        );
        domains.LeadBack(DomainPages.Path, "/{id:long}/verify", "/{id:long}/links/{link:long}");
        var questions = dashboard.MapGroup("/domains/{id:long}").Scoped(Scopes.DomainsWrite);
        questions.MapMethods(
            "/delete",
            Reads,
            (HttpContext http, long id, DomainPages pages) => Find(http, pages.AskAsync(http, id))
        );
        questions.MapMethods(
            "/links/{link:long}/delete",
            Reads,
            (HttpContext http, long id, long link, DomainGuests guests) => Find(http, guests.AskAsync(http, id, link))
        );
    }

    // False: the account has no such thing.
    private static async Task Find(HttpContext http, Task<bool> answer)
    {
        if (!await answer)
            await http.RequestServices.GetRequiredService<VisitorPages>().WriteAsync(http, VisitorPage.NotFound);
    }
}
