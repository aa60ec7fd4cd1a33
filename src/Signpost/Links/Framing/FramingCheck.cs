using Signpost.Addressing;
using Signpost.Api;
using Signpost.Core.Links;
using Signpost.Outbound;
using Signpost.Storage;

namespace Signpost.Links.Framing;

/// <summary>
/// Checks whether the destination of a cloaked link may be shown in a frame. If not, or if this is unknown, the response of the edit has
/// a warning. It is never an error, because the other site may change its policy.
/// </summary>
internal sealed class FramingCheck(OutboundClient http, PublicAddress address, TimeProvider clock) : IDisposable
{
    /// <summary>A limit, because a bulk with targeting may have thousands of addresses.</summary>
    public const int MostAddresses = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // The limit of all requests together, so that this server cannot be used to flood another.
    private readonly SemaphoreSlim _room = new(32);
    private int _waiting;

    /// <summary>The number of requests to other sites that wait or run.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <param name="row">The link after the edit.</param>
    /// <param name="domainAddress">The address of its domain after the edit; null: the main domain.</param>
    public async Task<IReadOnlyList<Warning>> CheckAsync(
        LinkRow row,
        LinkChanges changes,
        string? domainAddress,
        CancellationToken cancel
    )
    {
        if (!row.CloakingIsEnabled || !ChangesWhatIsFramed(changes))
            return [];

        var frame = new Uri(domainAddress ?? address.Url);
        Framed[] all = [.. AddressesOf(row, changes).DistinctBy(one => one.Url)];
        var found = await Task.WhenAll(all.Take(MostAddresses).Select(one => JudgeAsync(one, frame, cancel)));
        List<Warning> warnings = [.. found.OfType<Warning>()];
        if (all.Length > MostAddresses)
            warnings.Add(new($"Only the first {MostAddresses} addresses were checked.", null));
        return warnings;
    }

    public void Dispose() => _room.Dispose();

    private static bool ChangesWhatIsFramed(LinkChanges changes) =>
        changes.Cloaking.IsPresent
        || changes.Location.IsPresent
        || changes.Bulk is not null
        || changes.DomainId.IsPresent
        || changes.TargetingType.IsPresent
        || changes.Targeting is not [];

    private static IEnumerable<Framed> AddressesOf(LinkRow row, LinkChanges changes)
    {
        if (changes.Bulk is null)
            yield return new(row.LocationUrl, changes.Location.As ?? "location_url", "");
        foreach (var line in changes.Bulk ?? [])
            yield return new(line.Location.Text, changes.BulkAs, $"Line {line.Number}: ");
        if (row.TargetingType is not { } type)
            yield break;

        var sent = changes.Targeting.FirstOrDefault(change => change.Type.Name == type);
        var pairs = TargetingLists.Parse(row.Targeting)[type];
        for (var at = 0; at < pairs.Count; at++)
            yield return new(pairs[at].Value, sent?.Entries[at].ValueAs ?? $"targeting_{type}_value[{at}]", "");
    }

    private async Task<Warning?> JudgeAsync(Framed framed, Uri frame, CancellationToken cancel)
    {
        var target = TargetUrl.OfStored(framed.Url);
        if (!target.IsWeb)
            return framed.Warn("is not a web address. Visitors are redirected to it and see no frame.");
        if (frame.Scheme is "https" && target.Scheme is "http")
            return framed.Warn("is not https. Browsers do not show it in a frame of an https page.");

        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return FramePolicy.Allows(await FetchAsync(new Uri(framed.Url), either.Token), frame)
                ? null
                : framed.Warn("does not allow browsers to show it in a frame.");
        }
        // The reason stays secret: it could tell something about our own network.
        catch (Exception error)
            when (error is OutboundException || (error is OperationCanceledException && !cancel.IsCancellationRequested)
            )
        {
            return framed.Warn("could not be fetched within 2 seconds. Perhaps browsers do not show it in a frame.");
        }
    }

    private async Task<OutboundResponse> FetchAsync(Uri url, CancellationToken cancel)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _room.WaitAsync(cancel);
            try
            {
                return await http.ReadHeadersAsync(url, cancel);
            }
            finally
            {
                _room.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private readonly record struct Framed(string Url, string Field, string Prefix)
    {
        public Warning Warn(string what) => new($"{Prefix}{Url} {what}", Field);
    }
}
