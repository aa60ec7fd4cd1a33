using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Domains;
using static Signpost.Dashboard.Domains.DomainPage;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Domains;

/// <summary>The links of other accounts on the page of a domain.</summary>
internal sealed class DomainGuests(
    GuestLinkCatalog catalog,
    GuestLinkEditor editor,
    DashboardPages pages,
    Toasts toasts
)
{
    /// <summary>A page of them; null: the caller may not see them.</summary>
    public async Task<GuestList?> ListAsync(HttpContext http, DomainView domain)
    {
        var paging = Paging.Read(http.QueryReader());
        var listed = await catalog.ListAsync(http.Caller(), domain.Id, paging, http.RequestAborted);
        return listed is EditResult<GuestLinkPage>.Done(var page)
            ? new(
                new(domain.Path, http.Request.Query),
                [
                    .. page.Links.Select(link => new GuestView(
                        link.Id,
                        link.ShortUrl,
                        link.LocationUrl,
                        link.Owner,
                        link.IsBlocked,
                        link.IsInTrash,
                        link.Clicks
                    )),
                ],
                paging.Start + 1,
                paging.Page,
                page.Total
            )
            : null;
    }

    /// <summary>Disables a link, or allows it again.</summary>
    public async Task<bool> ChangeAsync(HttpContext http, long domainId, long linkId)
    {
        var fields = FormValues.Of(http.Request.Form).ToFields(["is_enabled"]);
        var wanted = GuestLinkChanges.Read(new(fields, http.Caller().TimeZone));
        var result = await editor.ChangeAsync(http.Caller(), domainId, linkId, wanted, http.RequestAborted);
        if (result is not EditResult<GuestLinkResponse>.Done)
            return false;
        toasts.Leave(http, wanted.IsEnabled ? "domain.guest.allowed" : "domain.guest.disabled");
        http.SeeOther($"{DomainPages.Path}/{domainId}");
        return true;
    }

    /// <summary>Asks before a link is deleted.</summary>
    public async Task<bool> AskAsync(HttpContext http, long domainId, long linkId)
    {
        var first = new Paging(1, 1);
        if (
            await catalog.ListAsync(http.Caller(), domainId, first, http.RequestAborted)
            is not EditResult<GuestLinkPage>.Done
        )
            return false;
        await pages.WriteAsync<DeleteGuestPage>(
            http,
            new() { [nameof(DeleteGuestPage.DomainId)] = domainId, [nameof(DeleteGuestPage.LinkId)] = linkId }
        );
        return true;
    }

    public async Task<bool> DeleteAsync(HttpContext http, long domainId, long linkId)
    {
        var result = await editor.DeleteAsync(http.Caller(), domainId, linkId, http.RequestAborted);
        if (result is not EditResult<ResourceId>.Done)
            return false;
        toasts.Leave(http, "domain.guest.deleted");
        http.SeeOther($"{DomainPages.Path}/{domainId}");
        return true;
    }
}
