using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Api;

/// <summary>
/// Stores the response for a repeated request in the transaction of the change, so that both are stored or neither. Only a
/// request that succeeds calls it.
/// </summary>
internal delegate Task KeepResponse(SignpostDb db, ApiResult answer);

/// <summary>Uses of <see cref="KeepResponse"/>.</summary>
internal static class KeptEdits
{
    /// <summary>Keeps what an edit has made, in the transaction of the edit.</summary>
    public static AfterEdit<T> After<T>(this KeepResponse keep, Func<T, ApiResult> answer) =>
        (db, made) => keep(db, answer(made));
}

/// <summary>
/// Idempotency-Key: a repeated request gets the first response again, for a day. Only a digest of the key and a digest
/// of the meaning under that key are stored, because the request may hold a password.
/// </summary>
internal sealed class Idempotency(Database database, ExpiryClock clock, TimeProvider time)
{
    public const string Header = "Idempotency-Key";

    /// <summary>The bytes of responses that are kept for one account.</summary>
    public const long MostBytes = 50 << 20;

    private const int LongestKey = 255;
    private const long KeptMilliseconds = 24 * 60 * 60 * 1000;

    // Nobody knows when there will be room: that depends on the sizes of the oldest responses.
    private const int SecondsUntilRetry = 60 * 60;

    // The second sending of a form waits so long for the first one.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(long AccountId, string Key), TaskCompletionSource> _running = new();

    /// <summary>Runs <paramref name="act"/>, at most once for a key, and returns the stored response if there is one.</summary>
    public async Task<ApiResult> RunAsync(
        HttpRequest request,
        Caller caller,
        Meaning meaning,
        Func<KeepResponse?, Task<ApiResult>> act,
        CancellationToken cancel
    )
    {
        var sent = request.Headers[Header];
        if (sent.Count == 0)
            return await act(null);
        if (!IsKey(sent))
            return ApiResult.Error(400, $"{Header} must be 1 to {LongestKey} printable ASCII characters.", Header);

        var path = request.Path.Value!.TrimEnd('/').ToLowerInvariant();
        var key = KeyOf($"{path}\n{sent}");
        var digest = meaning.Digest(sent.ToString());
        if (!_running.TryAdd((caller.AccountId, key), new()))
            return new(409, ApiResult.Error(409, "The first request with this key is still running.", Header).Body)
            {
                RetryAfter = 1,
            };

        try
        {
            return await FindAsync(caller.AccountId, key, cancel) is { } kept
                ? Repeat(kept, digest)
                : await act((db, answer) => KeepAsync(db, caller.AccountId, key, path, digest, answer));
        }
        catch (FullException full)
        {
            return new(429, ApiResult.Error(429, full.Message, Header).Body) { RetryAfter = SecondsUntilRetry };
        }
        finally
        {
            _running.TryRemove((caller.AccountId, key), out _);
        }
    }

    /// <summary>
    /// Runs <paramref name="act"/>, at most once for the key of a form with the same content. A second sending waits for the first one.
    /// </summary>
    /// <returns>The body that the first one stored; null: <paramref name="act"/> has run.</returns>
    /// <exception cref="TooBusyException">The first one takes too long.</exception>
    public async Task<byte[]?> RunFormAsync(
        HttpRequest request,
        string formKey,
        Caller caller,
        Meaning meaning,
        Func<KeepResponse?, Task> act,
        CancellationToken cancel
    )
    {
        var path = request.Path.Value!;
        var digest = meaning.Digest(formKey);
        var key = KeyOf($"{path}\n{formKey}\n{Convert.ToHexString(digest)}");
        TaskCompletionSource own = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (_running.GetOrAdd((caller.AccountId, key), own) is var running && running != own)
            await WaitAsync(running.Task, cancel);
        try
        {
            if (await FindAsync(caller.AccountId, key, cancel) is { } kept)
                return kept.Body;
            await act((db, answer) => KeepAsync(db, caller.AccountId, key, path, digest, answer));
        }
        catch (FullException)
        {
            // It undid everything. A person must not wait for a day.
            await act(null);
        }
        finally
        {
            _running.TryRemove((caller.AccountId, key), out _);
            own.SetResult();
        }

        return null;
    }

    /// <summary>Stores the response after a change that is no single transaction. Without room for it, it is not stored.</summary>
    public async Task StoreAsync(KeepResponse keep, ApiResult answer)
    {
        try
        {
            await database.WriteAsync(
                async db =>
                {
                    await keep(db, answer);
                    return true;
                },
                CancellationToken.None
            );
        }
        catch (FullException)
        {
            // The change is made, and stays.
        }
    }

    private async Task WaitAsync(Task first, CancellationToken cancel)
    {
        try
        {
            await first.WaitAsync(LongestWait, time, cancel);
        }
        catch (TimeoutException)
        {
            throw new TooBusyException("The first sending of this form is still running.");
        }
    }

    private static string KeyOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private long Oldest => clock.GetUtcNow().ToUnixTimeMilliseconds() - KeptMilliseconds;

    private static bool IsKey(StringValues sent) =>
        sent is [{ Length: > 0 and <= LongestKey } key] && key.All(c => c is >= ' ' and <= '~') && key.Trim() is not "";

    private static ApiResult Repeat(KeptResponse kept, byte[] digest) =>
        CryptographicOperations.FixedTimeEquals(kept.Meaning, digest)
            ? new(kept.Status, kept.Body)
            : ApiResult.Error(409, "This key was used for another request.", Header);

    private async Task<KeptResponse?> FindAsync(long accountId, string key, CancellationToken cancel)
    {
        var oldest = Oldest;
        await using var db = database.Read();
        return await db.KeptResponses.FirstOrDefaultAsync(
            kept => kept.AccountId == accountId && kept.Key == key && kept.CreatedAt > oldest,
            cancel
        );
    }

    private async Task KeepAsync(
        SignpostDb db,
        long accountId,
        string key,
        string path,
        byte[] digest,
        ApiResult answer
    )
    {
        var oldest = Oldest;
        await db.KeptResponses.Where(kept => kept.CreatedAt <= oldest).ExecuteDeleteAsync();
        db.KeptResponses.Add(
            new()
            {
                AccountId = accountId,
                Key = key,
                Path = path,
                Meaning = digest,
                Status = answer.Status,
                Body = answer.Body,
                CreatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }
        );
        await db.SaveChangesAsync();
        var used = await db
            .Accounts.Where(account => account.Id == accountId)
            .Select(account => account.KeptBytes)
            .SingleAsync();
        if (used > MostBytes)
            throw new FullException(used - answer.Body.Length - path.Length);
    }

    // Thrown out of the transaction of the change, which undoes it.
    private sealed class FullException(long used)
        : Exception(
            string.Create(
                CultureInfo.InvariantCulture,
                $"At most {MostBytes:N0} bytes of responses are kept for an account, and this account has {used:N0}. Each is deleted after 24 hours: try again later, or send the request without {Header}."
            )
        );
}
