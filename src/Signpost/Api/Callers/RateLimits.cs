using System.Globalization;
using System.Threading.RateLimiting;
using Signpost.Hosting;
using Signpost.Web;
using Signpost.Web.Notices;

namespace Signpost.Api.Callers;

/// <summary>Rate limits: requests per key and per account, and requests per address to forms that take passwords.</summary>
internal static class RateLimits
{
    public const string PerKey = "key";
    public const string PerAddress = "address";

    /// <summary>All keys of an account together have so many times the requests of one.</summary>
    private const int KeysOfAccount = 5;

    private const int KnocksPerMinute = 10;

    public static IServiceCollection AddRateLimits(this IServiceCollection services, SignpostSettings settings) =>
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.OnRejected = static async (rejected, _) =>
            {
                var http = rejected.HttpContext;
                var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var left)
                    ? left
                    : TimeSpan.FromMinutes(1);
                var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
                http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                // People get a page; the API sends its own error body.
                if (!http.Request.Path.StartsWithSegments("/api"))
                    await http
                        .RequestServices.GetRequiredService<VisitorPages>()
                        .WriteAsync(http, VisitorPage.TooManyTries);
            };
            limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, long>(http =>
                OfAccount(http, settings.ApiRequestsPerMinute)
            );
            limits.AddPolicy(PerKey, http => OfKey(http, settings.ApiRequestsPerMinute));
            limits.AddPolicy(
                PerAddress,
                static http => Window(ClientNetwork.One(http.Connection.RemoteIpAddress), KnocksPerMinute)
            );
        });

    private static RateLimitPartition<Credential?> OfKey(HttpContext http, int perMinute) =>
        perMinute == 0 || http.Features.Get<Caller>() is not { } caller
            ? RateLimitPartition.GetNoLimiter<Credential?>(null)
            : Window<Credential?>(caller.Credential, perMinute);

    private static RateLimitPartition<long> OfAccount(HttpContext http, int perMinute) =>
        perMinute == 0 || http.Features.Get<Caller>() is not { } caller
            ? RateLimitPartition.GetNoLimiter(0L)
            : Window(
                caller.AccountId,
                perMinute > int.MaxValue / KeysOfAccount ? int.MaxValue : perMinute * KeysOfAccount
            );

    private static RateLimitPartition<T> Window<T>(T who, int perMinute) =>
        RateLimitPartition.GetFixedWindowLimiter(
            who,
            _ => new() { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }
        );
}
