using System.Globalization;
using System.Text.Json;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;

namespace Signpost.Statistics;

/// <summary>A rollup that differed from its clicks, as the API returns it.</summary>
internal sealed record DifferenceResponse(string Scope, long Id, string Day, IReadOnlyList<string> Dimensions);

/// <summary>The progress of a rebuild, as the API returns it.</summary>
/// <param name="Status">none, running, done or failed.</param>
/// <param name="Rollups">The number of rollups rebuilt so far.</param>
/// <param name="Differing">The number of those that differed; the first hundred are listed.</param>
internal sealed record RebuildResponse(
    string Status,
    string? RequestedDatetime,
    string? EndedDatetime,
    int Days,
    int DaysDone,
    long Rollups,
    long Differing,
    IReadOnlyList<DifferenceResponse> Differences,
    string? Message,
    string StateUrl
);

/// <summary>Rebuilding rollups over HTTP, for admins.</summary>
internal static class RollupEndpoints
{
    private const string Path = "/api/admin/rebuild-rollups";

    public static void MapRollups(this IEndpointRouteBuilder api)
    {
        var rebuild = api.MapGroup("/admin/rebuild-rollups").WithTags("Server").Scoped(Scopes.Admin);
        rebuild
            .MapPost("/", Request)
            .Describe(
                "rebuildRollups",
                "Rebuild all rollups",
                "Counts the kept clicks again while the server runs, and lists the rollups that differed. While a rebuild runs, "
                    + "the response describes that one."
            );
        rebuild.MapGet("/", Read).Describe("getRollupRebuild", "Read the progress of the rebuild");
    }

    private static Accepted<RebuildResponse> Request(HttpContext http, RollupJob job, PublicAddress address)
    {
        var answer = ResponseOf(job.RequestRebuild(), http.Caller(), address);
        http.Response.Headers.Location = answer.StateUrl;
        return answer;
    }

    private static Found<RebuildResponse> Read(HttpContext http, RollupJob job, PublicAddress address) =>
        ResponseOf(job.Rebuild, http.Caller(), address);

    private static RebuildResponse ResponseOf(RollupRebuild? rebuild, Caller caller, PublicAddress address) =>
        new(
            rebuild switch
            {
                null => "none",
                { IsDone: false } => "running",
                { Failure: not null } => "failed",
                _ => "done",
            },
            Format(rebuild?.AskedAt, caller),
            Format(rebuild?.EndedAt, caller),
            rebuild?.Days ?? 0,
            rebuild?.DaysDone ?? 0,
            rebuild?.Rollups ?? 0,
            rebuild?.Differing ?? 0,
            [.. (rebuild?.Differences ?? []).Select(ResponseOf)],
            rebuild?.Failure,
            address.Url.TrimEnd('/') + Path
        );

    private static DifferenceResponse ResponseOf(RollupDifference difference) =>
        new(
            NameOf(difference.Scope.Kind.ToString()),
            difference.Scope.Id,
            DateTimeOffset
                .FromUnixTimeSeconds(Days.StartOf(difference.Day))
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [.. difference.Dimensions.Select(dimension => NameOf(dimension.ToString()))]
        );

    private static string NameOf(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string? Format(DateTimeOffset? at, Caller caller) =>
        at is { } known ? LocalTime.Format(known.ToUnixTimeMilliseconds(), caller.TimeZone) : null;
}
