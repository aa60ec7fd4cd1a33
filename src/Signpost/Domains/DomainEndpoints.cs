using Microsoft.AspNetCore.Mvc;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Resources;
using Signpost.Core.Links;

namespace Signpost.Domains;

/// <summary>What domains have over HTTP beyond other resources: their proof, and the question of a proxy.</summary>
internal static class DomainEndpoints
{
    private const int SecondsToRetry = 30;

    public static void MapDomains(this IEndpointRouteBuilder api)
    {
        var domains = api.MapResource(
            new Resource<DomainResponse, DomainChanges>("domain", DomainFields.Read, DomainFields.Parameters)
            {
                OnDelete =
                    "The host is free for others then, who prove it anew. A domain with links is deleted only together with "
                    + "them, or when they can move to the main domain: say which with links.",
                Conflicts = "A host that another account has proven is a 409.",
                BodyLimit = BodyLimit.Domains,
                DeleteParameters = DomainFields.DeleteParameters,
            }
        );
        domains
            .MapPost("/{id}/verify", Verify)
            .WithName("verifyDomain")
            .WithSummary("Look for the domain's TXT record now")
            .WithDescription("200: it is there and the domain is served. 400: the DNS answers without it.")
            .Produces<Envelope<DomainResponse>>()
            .Fails(400, 404, 409, 503)
            .DescribeId();
        domains
            .MapGet("/check", Check)
            .AllowAnonymous()
            .DisableRateLimiting()
            .WithName("checkDomain")
            .WithSummary("Ask whether a host is served")
            .WithDescription("Needs no key. Proxies ask it before they get a certificate.")
            .Produces<Envelope<CheckedDomain>>()
            .Fails(404)
            .AddOpenApiOperationTransformer(
                (check, _, _) =>
                {
                    check.Parameters = [Describe.Query("domain", "The host.", Describe.Text())];
                    return Task.CompletedTask;
                }
            );
    }

    private static async Task<ApiResult> Verify(
        HttpContext http,
        [FromRoute(Name = "id")] string text,
        DomainChecks checks,
        IResourceCatalog<DomainResponse> catalog,
        CancellationToken cancel
    )
    {
        if (!ResourceEndpoints.TryId(text, out var id))
            return ApiResult.NotFound;

        var result = await checks.VerifyAsync(http.Caller(), id, cancel);
        if (result is CheckResult.Missing || await catalog.FindAsync(http.Caller(), id, cancel) is not { } domain)
            return ApiResult.NotFound;
        return result switch
        {
            CheckResult.Verified => ApiResult.Ok(new Envelope<DomainResponse>(domain)),
            CheckResult.NoRecord => ApiResult.Error(
                400,
                $"The DNS has no TXT record {domain.Verification.Name} with {domain.Verification.Value}. "
                    + "A new record can take a while to be seen.",
                "host"
            ),
            CheckResult.Taken => ApiResult.Error(409, "This domain belongs to another account.", "host"),
            _ => new(503, ApiResult.Error(503, "The DNS did not answer; try again a little later.").Body)
            {
                RetryAfter = SecondsToRetry,
            },
        };
    }

    // Out of memory, however often it is asked, and whatever is asked for.
    private static ApiResult Check(HttpContext http, DomainDirectory directory, PublicAddress address)
    {
        var asked = FormBody.ParseQuery(http.Request.QueryString.Value ?? "")["domain"];
        if (asked is not [{ Suffix: null, Value: FieldValue.Text { Value: { Length: <= 512 } text } }])
            return ApiResult.NotFound;
        if (!DomainName.TryParse(text, out var name, out _))
            return ApiResult.NotFound;
        return address.IsConfigured(name.Text) || directory.Find(name.Text) is not null
            ? ApiResult.Ok(new Envelope<CheckedDomain>(new(name.Text)))
            : ApiResult.NotFound;
    }

    /// <summary>A host that is served.</summary>
    private sealed record CheckedDomain(string Domain);
}
