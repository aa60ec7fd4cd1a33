using Microsoft.AspNetCore.Mvc;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Core.Links;
using Signpost.Links;

namespace Signpost.Domains;

/// <summary>The endpoints of domains: those of every resource, the verification, and the check for proxies.</summary>
internal static class DomainEndpoints
{
    private const int SecondsToRetry = 30;

    public static Resource<DomainResponse, DomainChanges> Resource { get; } =
        new("domain", DomainFields.Read, DomainFields.Parameters)
        {
            Filters = new("host") { HasEnabled = true },
            WriteScope = Scopes.DomainsWrite,
            OnDelete =
                "The host is then free: another account can add and verify it. If the domain has links, the parameter links "
                + "must say whether to delete them or to move them to the main domain.",
            Conflicts =
                "409: another account has verified this host. Un-sharing: GET says how many links of other accounts are on the domain. They go on, but keep their alias and domain.",
            BodyLimit = BodyLimit.Domains,
            DeleteParameters = DomainFields.DeleteParameters,
            DeleteFailures = [400, 409],
        };

    public static void MapDomains(this IEndpointRouteBuilder api)
    {
        var domains = api.MapResource(Resource);
        domains
            .MapPost("/{id}/verify", Verify)
            .Describe(
                "verifyDomain",
                "Look for the domain's TXT record now",
                "200: the record is there, and the domain is verified. 400: the DNS has no such record. 503: the DNS did not answer."
            )
            .Fails(400, 409, 503);
        domains
            .MapGet("/check", Check)
            .AllowAnonymous()
            .DisableRateLimiting()
            .Describe(
                "checkDomain",
                "Check whether a host is served",
                "Needs no key. Proxies send this request before they get a certificate for the host."
            )
            .WithQuery(() => [new("domain", Describe.Text(), "The host.")]);
        domains
            .MapGet("/available", ListAvailable)
            .Describe(
                "listAvailableDomains",
                "List the domains on which you may make links",
                "The main domain (id 0), if it takes your links, then your verified domains, then those that are shared with you."
            )
            .WithQuery(Describe.Paging);
        MapGuests(domains);
    }

    private static void MapGuests(RouteGroupBuilder domains)
    {
        domains
            .MapGet("/{id}/links", ListGuests)
            .Describe(
                "listDomainLinks",
                "List the links of other accounts on a domain of yours",
                "Newest first. In a team, for admins and owners. Your own links are in the list of links."
            )
            .WithQuery(Describe.Paging)
            .Fails(404);
        domains
            .MapPost("/{id}/links/{link_id}", ChangeGuest)
            .Describe(
                "updateDomainLink",
                "Disable a link of another account on a domain of yours, or allow it again",
                "The other account is told. Without the scope links:read, the response holds only id, url, short_url and warnings."
            )
            .WithNewBody(GuestLinkChanges.Parameters);
        domains
            .MapDelete("/{id}/links/{link_id}", DeleteGuest)
            .Describe(
                "deleteDomainLink",
                "Delete a link of another account on a domain of yours",
                "Its statistics are deleted, too. The other account is told. For 30 days only you can use its alias."
            );
    }

    private static async Task<Listed<AvailableDomain>> ListAvailable(
        HttpContext http,
        LinkDomains usable,
        CancellationToken cancel
    )
    {
        var read = http.QueryReader();
        var paging = Paging.Read(read);
        read.WarnOfUnknown();
        if (read.Errors is not [])
            return new Refusal.Invalid(read.Errors);
        var (items, total) = await usable.ListAsync(http.Caller(), paging, cancel);
        return Listed<AvailableDomain>.Of(http, paging, items, total, read.Warnings);
    }

    private static async Task<Listed<GuestLinkResponse>> ListGuests(
        HttpContext http,
        PathId id,
        GuestLinkCatalog catalog,
        CancellationToken cancel
    )
    {
        var read = http.QueryReader();
        var paging = Paging.Read(read);
        read.WarnOfUnknown();
        var listed = await catalog.ListAsync(http.Caller(), id, paging, cancel);
        if (listed is not EditResult<GuestLinkPage>.Done(var page))
            return ((EditResult<GuestLinkPage>.Refused)listed).Why;
        return read.Errors is []
            ? Listed<GuestLinkResponse>.Of(http, paging, page.Links, page.Total, read.Warnings)
            : new Refusal.Invalid(read.Errors);
    }

    private static async Task<Changed<GuestLinkResponse>> ChangeGuest(
        HttpContext http,
        PathId id,
        [FromRoute(Name = "link_id")] PathId linkId,
        GuestLinkEditor editor,
        CancellationToken cancel
    )
    {
        var wanted = GuestLinkChanges.Read(await http.BodyAsync(cancel));
        var edit = await editor.ChangeAsync(http.Caller(), id, linkId, wanted, cancel);
        if (edit is EditResult<GuestLinkResponse>.Refused(var why))
            return new(ApiResult.Refused(why));
        var done = ApiResult.Ok(new Envelope<GuestLinkResponse>(((EditResult<GuestLinkResponse>.Done)edit).Value));
        return new(http.Caller().May(Scopes.LinksRead) ? done : ShortResponse.Of(done));
    }

    private static async Task<Deleted> DeleteGuest(
        HttpContext http,
        PathId id,
        [FromRoute(Name = "link_id")] PathId linkId,
        GuestLinkEditor editor,
        CancellationToken cancel
    ) => Deleted.Of(await editor.DeleteAsync(http.Caller(), id, linkId, cancel));

    private static async Task<Found<DomainResponse>> Verify(
        HttpContext http,
        PathId id,
        DomainChecks checks,
        IResourceCatalog<DomainResponse> catalog,
        CancellationToken cancel
    )
    {
        var result = await checks.VerifyAsync(http.Caller(), id, cancel);
        if (result is CheckResult.Missing || await catalog.FindAsync(http.Caller(), id, cancel) is not { } domain)
            return ApiResult.NotFound;
        return result switch
        {
            CheckResult.Verified => domain,
            CheckResult.NoRecord => ApiResult.Error(
                400,
                $"The DNS has no TXT record {domain.Verification.Name} with {domain.Verification.Value}. "
                    + "A new record can take some time to become visible.",
                "host"
            ),
            CheckResult.Taken => ApiResult.Error(409, "This domain belongs to another account.", "host"),
            _ => new ApiResult(503, ApiResult.Error(503, "The DNS did not answer. Try again later.").Body)
            {
                RetryAfter = SecondsToRetry,
            },
        };
    }

    // Uses memory only: anybody may ask for any host, as often as they like.
    private static Found<CheckedDomain> Check(HttpContext http, DomainDirectory directory, PublicAddress address)
    {
        if (http.Query()["domain"] is not [{ Suffix: null, Value: FieldValue.Text { Value: { Length: <= 512 } text } }])
            return ApiResult.NotFound;
        if (!DomainName.TryParse(text, out var name, out _))
            return ApiResult.NotFound;
        return
            address.IsConfigured(name.Text)
            || (directory.Find(name.Text) ?? directory.FindBehindWww(name.Text)) is not null
            ? new CheckedDomain(name.Text)
            : ApiResult.NotFound;
    }

    /// <summary>A host that is served.</summary>
    internal sealed record CheckedDomain(string Domain);
}
