using System.Data.Common;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Statistics.Live;

/// <summary>
/// Sends the caller's clicks as they happen, as server-sent events. The stream ends when the server has stopped and told the last
/// clicks, when the key ends, or when the client leaves. A client that returns with the last id continues after it. While the database cannot be read, the
/// stream waits; then it continues with the same click.
/// </summary>
internal sealed partial class LiveStream(
    LiveFeed feed,
    LinkOwners links,
    ApiKeys keys,
    Sessions sessions,
    Memberships memberships,
    LiveStreams streams,
    LiveEvents events,
    TimeProvider clock,
    ILogger<LiveStream> logger
)
{
    public const string ContentType = "text/event-stream; charset=utf-8";
    private const int FlushAt = 16 << 10;

    /// <summary>Proxies close a connection that is silent for a minute. Each heartbeat also checks whether the key or the session is still valid.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>While clicks are sent, the key is checked again after this time.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();
    private static readonly byte[] Greeting = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Away = ": the database is away; clicks follow when it is back\n\n"u8.ToArray();

    /// <summary>Streams that wait for the database. The log names the first that waits and the last that continues.</summary>
    private int _waiting;

    /// <param name="scope">The clicks to send: of a link, a project, a domain or the whole account.</param>
    /// <param name="afterId">Continue after this id; null: start now.</param>
    public async Task<ApiResult?> RunAsync(HttpContext http, StatisticsScope scope, long? afterId)
    {
        var caller = http.Caller();
        if (!streams.TryOpen(caller.Credential))
            return new(
                StatusCodes.Status429TooManyRequests,
                ApiResult.Error(429, $"A key may have {LiveStreams.MostPerKey} streams open at a time.").Body
            )
            {
                RetryAfter = 60,
            };

        try
        {
            await WriteAsync(http, caller, scope, afterId, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the server stops at once. A client that returns misses nothing.
        }
        finally
        {
            streams.Close(caller.Credential);
        }

        return null;
    }

    private async Task WriteAsync(
        HttpContext http,
        Caller caller,
        StatisticsScope scope,
        long? afterId,
        CancellationToken cancel
    )
    {
        var response = http.Response;
        response.ContentType = ContentType;
        // Tells nginx not to buffer the events.
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await SocketThread.Leave();

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var clicks = feed.FollowAsync(afterId, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = clicks.MoveNextAsync().AsTask();
        try
        {
            await WriteAsync(http, response.BodyWriter);
        }
        finally
        {
            // The enumerator cannot be disposed while it looks for the next click.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await clicks.DisposeAsync();
        }

        async Task WriteAsync(HttpContext request, PipeWriter body)
        {
            await body.WriteAsync(Greeting, cancel);
            var checkedAt = clock.GetTimestamp();
            while (true)
            {
                if (!next.IsCompleted && body.UnflushedBytes > 0)
                    await body.FlushAsync(cancel);
                if (clock.GetElapsedTime(checkedAt) >= Beat || !await HasNextAsync(next, checkedAt, cancel))
                {
                    if (!await AskAsync(body, () => StillOpensAsync(request, caller), cancel))
                        return;
                    checkedAt = clock.GetTimestamp();
                    await body.WriteAsync(Heartbeat, cancel);
                    continue;
                }

                if (!await next)
                    return;
                var click = clicks.Current;
                if (await AskAsync(body, () => new(IsIn(scope, caller, click.Row.LinkId)), cancel))
                {
                    if (clock.GetElapsedTime(checkedAt) >= Trust)
                    {
                        if (!await AskAsync(body, () => StillOpensAsync(request, caller), cancel))
                            return;
                        checkedAt = clock.GetTimestamp();
                    }

                    System.Buffers.BuffersExtensions.Write(body, events.BytesOf(click, caller.TimeZone));
                }

                if (body.UnflushedBytes >= FlushAt)
                    await body.FlushAsync(cancel);
                next = clicks.MoveNextAsync().AsTask();
            }
        }
    }

    // False: a heartbeat is due first.
    private async Task<bool> HasNextAsync(Task next, long checkedAt, CancellationToken cancel)
    {
        if (next.IsCompleted)
            return true;

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var left = Beat - clock.GetElapsedTime(checkedAt);
        var beat = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, waiting.Token);
        var first = await Task.WhenAny(next, beat);
        await waiting.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return first == next;
    }

    // Tries again every second while the database cannot be read. The feed keeps the clicks of that time.
    private async ValueTask<bool> AskAsync(PipeWriter body, Func<ValueTask<bool>> ask, CancellationToken cancel)
    {
        var waits = false;
        try
        {
            while (true)
                try
                {
                    var result = await ask();
                    if (!waits)
                        return result;

                    waits = false;
                    if (Interlocked.Decrement(ref _waiting) == 0)
                        LogBack();
                    return result;
                }
                catch (DbException error) when (Database.IsAway(error))
                {
                    if (!waits && Interlocked.Increment(ref _waiting) == 1)
                        LogAway(error);
                    waits = true;
                    await body.WriteAsync(Away, cancel);
                    await Task.Delay(RetryPause, clock, cancel);
                }
        }
        finally
        {
            if (waits)
                Interlocked.Decrement(ref _waiting);
        }
    }

    // The key or the session is still valid, and still opens this account.
    private async ValueTask<bool> StillOpensAsync(HttpContext http, Caller caller) =>
        await FindAsync(http, caller) is { } now && now.AccountId == caller.AccountId && now.May(Scopes.StatsRead);

    private async ValueTask<Caller?> FindAsync(HttpContext http, Caller caller)
    {
        if (caller.Credential is not Credential.Session)
            return ApiKeyAuthentication.KeyOf(http.Request) is { } key ? keys.Find(key, caller.Origin) : null;
        return
            SessionAuthentication.SecretOf(http) is { } secret
            && await sessions.FindAsync(secret, caller.Origin, http.RequestAborted) is var (person, _)
            ? await memberships.InAsync(person, caller.AccountId, http.RequestAborted)
            : null;
    }

    private bool IsIn(StatisticsScope scope, Caller caller, long linkId) =>
        (scope.Kind is not ScopeKind.Link || scope.Id == linkId)
        && links.Find(linkId) is { } link
        && link.AccountId == caller.AccountId
        && !link.IsInTrash
        && scope.Kind switch
        {
            ScopeKind.Link or ScopeKind.Account => true,
            ScopeKind.Project => link.ProjectId == scope.Id,
            ScopeKind.Domain => link.DomainId == scope.Id,
            ScopeKind.MainDomain => link.DomainId == 0,
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The database cannot be read; live streams wait and try again every second"
    )]
    private partial void LogAway(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "The database can be read again; live streams continue")]
    private partial void LogBack();
}
