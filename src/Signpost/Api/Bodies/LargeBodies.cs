using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Signpost.Hosting;

namespace Signpost.Api.Bodies;

/// <summary>Lets few large bodies in at once, because each is kept in memory until it is read.</summary>
internal static class LargeBodies
{
    public const int MostAtOnce = 16;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // A client that sends nothing must not keep a place.
    private static readonly MinDataRate Slowest = new(bytesPerSecond: 16 << 10, gracePeriod: TimeSpan.FromSeconds(30));

    private static readonly SemaphoreSlim Room = new(MostAtOnce);

    /// <summary>Waits for a place, which disposing gives back; null: the body is small and needs none.</summary>
    /// <exception cref="TooBusyException">There was no place for some seconds.</exception>
    public static async Task<IDisposable?> EnterAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength <= BodyLimit.Usual.TextBytes)
            return null;
        if (!await Room.WaitAsync(LongestWait, cancel))
            throw new TooBusyException("Too many large bodies are read at once.");

        if (request.HttpContext.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = Slowest;
        return new Place();
    }

    private sealed class Place : IDisposable
    {
        public void Dispose() => Room.Release();
    }
}
