using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Dashboard.OneLink;
using Signpost.Links.Versions;
using static Signpost.Dashboard.OneLink.OneLinkLayout;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The edits of a link as flags on its time line.</summary>
internal sealed class EditFlags(VersionCatalog versions, VersionTexts texts)
{
    /// <summary>Older edits have no flag.</summary>
    private const int Most = 100;

    private static readonly string[] Rotation = ["targeting_type", "targeting_rotation"];

    /// <summary>The latest versions of a link, the latest first.</summary>
    public async Task<IReadOnlyList<LinkVersionResponse>> ReadAsync(
        Caller caller,
        long linkId,
        CancellationToken cancel
    ) => await versions.ListAsync(caller, linkId, new Paging(1, Most), cancel) is var (found, _) ? found : [];

    /// <summary>The second since which the rotation is as it is now; 0: since the first click that can be asked for.</summary>
    public static long RotationSince(IReadOnlyList<LinkVersionResponse> versions, TimeZoneInfo zone)
    {
        var last = versions.FirstOrDefault(one => one.Version > 1 && one.Fields.Any(Rotation.Contains));
        // The edits before the oldest of many are not known.
        last ??= versions is { Count: Most } ? versions[^1] : null;
        return last is null ? 0 : OneLinkEndpoints.Instant(last.Datetime, zone).ToUnixTimeSeconds();
    }

    /// <param name="starts">The first seconds of the points of the time line, and the first second after all.</param>
    public IReadOnlyList<TimeFlag> Of(
        HttpContext http,
        long linkId,
        IReadOnlyList<LinkVersionResponse> found,
        IReadOnlyList<long> starts
    ) =>
        [
            .. found
                .Where(version => version.Version > 1)
                .Select(version => (Version: version, Line: texts.LineOf(http, version)))
                .Select(one => (one.Line, At: PointOf(one.Line.At.ToUnixTimeSeconds(), starts)))
                .Where(one => one.At >= 0)
                .OrderBy(one => one.Line.Number)
                .Select(one => new TimeFlag(
                    one.At,
                    one.Line.Number,
                    string.Join(", ", one.Line.Fields),
                    $"{LinkHead.PathOf(linkId)}/versions/{one.Line.Number}"
                )),
        ];

    private static int PointOf(long second, IReadOnlyList<long> starts)
    {
        for (var at = starts.Count - 2; at >= 0; at--)
            if (second >= starts[at])
                return second < starts[^1] ? at : -1;
        return -1;
    }
}
