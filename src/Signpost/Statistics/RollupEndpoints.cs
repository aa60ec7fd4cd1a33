using System.Globalization;
using System.Text.Json;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Statistics;

namespace Signpost.Statistics;

/// <summary>A rollup that was not what its clicks say, as the API answers it.</summary>
internal sealed record DifferenceAnswer(string Scope, long Id, string Day, IReadOnlyList<string> Dimensions);

/// <summary>How far a rebuild is, as the API answers it.</summary>
/// <param name="Status">none, running, done or failed.</param>
/// <param name="Rollups">How many were made anew so far.</param>
/// <param name="Differing">How many of them differed; the first hundred are listed.</param>
internal sealed record RebuildAnswer(
    string Status,
    string? RequestedDatetime,
    string? EndedDatetime,
    int Days,
    int DaysDone,
    long Rollups,
    long Differing,
    IReadOnlyList<DifferenceAnswer> Differences,
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
            .WithName("rebuildRollups")
            .WithSummary("Rebuild all rollups")
            .WithDescription(
                "Counts anew from the clicks that are kept, while the server runs, and tells where what was stored differed. "
                    + "While one runs, that one is answered."
            )
            .Produces<Answer<RebuildAnswer>>(StatusCodes.Status202Accepted);
        rebuild
            .MapGet("/", Read)
            .WithName("getRollupRebuild")
            .WithSummary("Read how far the rebuild is")
            .Produces<Answer<RebuildAnswer>>();
    }

    private static ApiResult Request(HttpContext http, RollupKeeper keeper, PublicAddress address)
    {
        var answer = Answer(keeper.RequestRebuild(), http.Caller(), address);
        http.Response.Headers.Location = answer.StateUrl;
        return new ApiResult(StatusCodes.Status202Accepted, ApiJson.Write(new Answer<RebuildAnswer>(answer)));
    }

    private static ApiResult Read(HttpContext http, RollupKeeper keeper, PublicAddress address) =>
        ApiResult.Ok(new Answer<RebuildAnswer>(Answer(keeper.Rebuild, http.Caller(), address)));

    private static RebuildAnswer Answer(RollupRebuild? rebuild, Caller caller, PublicAddress address) =>
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
            [.. (rebuild?.Differences ?? []).Select(Answer)],
            rebuild?.Failure,
            address.Url.TrimEnd('/') + Path
        );

    private static DifferenceAnswer Answer(RollupDifference difference) =>
        new(
            Word(difference.Scope.Kind.ToString()),
            difference.Scope.Id,
            DateTimeOffset
                .FromUnixTimeSeconds(Days.StartOf(difference.Day))
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [.. difference.Dimensions.Select(dimension => Word(dimension.ToString()))]
        );

    private static string Word(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static string? Format(DateTimeOffset? at, Caller caller) =>
        at is { } known ? LocalTime.Format(known.ToUnixTimeMilliseconds(), caller.TimeZone) : null;
}
