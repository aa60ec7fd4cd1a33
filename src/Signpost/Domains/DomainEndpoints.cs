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
                DeleteFailures = [400, 409],
            }
        );
        domains
            .MapPost("/{id}/verify", Verify)
            .Describe(
                "verifyDomain",
                "Look for the domain's TXT record now",
                "200: it is there and the domain is served. 400: the DNS answers without it."
            )
            .Fails(400, 409, 503);
        domains
            .MapGet("/check", Check)
            .AllowAnonymous()
            .DisableRateLimiting()
            .Describe(
                "checkDomain",
                "Ask whether a host is served",
                "Needs no key. Proxies ask it before they get a certificate."
            )
            .WithQuery(() => [new("domain", Describe.Text(), "The host.")]);
    }

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
                    + "A new record can take a while to be seen.",
                "host"
            ),
            CheckResult.Taken => ApiResult.Error(409, "This domain belongs to another account.", "host"),
            _ => new ApiResult(503, ApiResult.Error(503, "The DNS did not answer; try again a little later.").Body)
            {
                RetryAfter = SecondsToRetry,
            },
        };
    }

    // Out of memory, however often it is asked, and whatever is asked for.
    private static Found<CheckedDomain> Check(HttpContext http, DomainDirectory directory, PublicAddress address)
    {
        if (http.Query()["domain"] is not [{ Suffix: null, Value: FieldValue.Text { Value: { Length: <= 512 } text } }])
            return ApiResult.NotFound;
        if (!DomainName.TryParse(text, out var name, out _))
            return ApiResult.NotFound;
        return address.IsConfigured(name.Text) || directory.Find(name.Text) is not null
            ? new CheckedDomain(name.Text)
            : ApiResult.NotFound;
    }

    /// <summary>A host that is served.</summary>
    private sealed record CheckedDomain(string Domain);
}
