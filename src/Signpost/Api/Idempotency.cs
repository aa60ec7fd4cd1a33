using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Api;

/// <summary>
/// Stores the response for a repeated request in the transaction of the change, so that both are stored or neither. Only a
/// request that succeeds calls it.
/// </summary>
internal delegate Task KeepResponse(SignpostDb db, ApiResult answer);

/// <summary>
/// Idempotency-Key: a repeated request gets the first response again, for a day. Only a digest of the key and a digest
/// of the meaning under that key are stored, because the request may hold a password.
/// </summary>
internal sealed class Idempotency(Database database, TimeProvider clock)
{
    public const string Header = "Idempotency-Key";
    private const int LongestKey = 255;
    private const long KeptMilliseconds = 24 * 60 * 60 * 1000;

    private readonly ConcurrentDictionary<(long AccountId, string Key), bool> _running = new();

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
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{sent}")));
        var digest = meaning.Digest(sent.ToString());
        if (!_running.TryAdd((caller.AccountId, key), true))
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
        finally
        {
            _running.TryRemove((caller.AccountId, key), out _);
        }
    }

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
    }
}
