using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Resources;
using Signpost.Core.Links;

namespace Signpost.Domains;

/// <summary>The endpoints of domains: those of every resource, the verification, and the check for proxies.</summary>
internal static class DomainEndpoints
{
    private const int SecondsToRetry = 30;

    public static void MapDomains(this IEndpointRouteBuilder api)
    {
        var domains = api.MapResource(
            new Resource<DomainResponse, DomainChanges>("domain", DomainFields.Read, DomainFields.Parameters)
            {
                Filters = new("host") { HasEnabled = true },
                WriteScope = Scopes.DomainsWrite,
                OnDelete =
                    "The host is then free: another account can add and verify it. If the domain has links, the parameter links "
                    + "must say whether to delete them or to move them to the main domain.",
                Conflicts = "409: another account has verified this host.",
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
