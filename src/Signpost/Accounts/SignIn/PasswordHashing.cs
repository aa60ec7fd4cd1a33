using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Accounts.SignIn;

/// <summary>
/// Hashes passwords with Identity's own hasher, PBKDF2 with HMAC-SHA-512. That takes a core for a tenth of a second on
/// purpose, so it runs off the socket's thread and few at a time. Redirects always keep a core.
/// </summary>
internal sealed class PasswordHashing(IPasswordHasher<Person> hasher) : IDisposable
{
    // OWASP Password Storage Cheat Sheet, for this function. Older hashes carry their own count and stay readable.
    private const int Iterations = 210_000;
    private const int MostWaiting = 64;

    private readonly SemaphoreSlim _room = new(Math.Max(1, Environment.ProcessorCount / 2));
    private string? _nobodys;
    private int _waiting;
    private long _refused;

    /// <summary>The number of passwords that wait or are hashed at the moment.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The number of passwords that were refused since the start, because too many waited.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public static IPasswordHasher<Person> NewHasher() =>
        new PasswordHasher<Person>(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));

    /// <exception cref="TooBusyException">Too many passwords wait already.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancel) =>
        // The hash does not depend on the owner of the password.
        RunAsync(() => hasher.HashPassword(null!, password), cancel);

    /// <summary>Verifies a password. Without a stored hash it verifies against a made-up hash, so that it takes the same time.</summary>
    /// <exception cref="TooBusyException">Too many passwords wait already.</exception>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancel) =>
        RunAsync(
            () =>
            {
                var result = hasher.VerifyHashedPassword(null!, hash ?? Nobodys(), password);
                return hash is null ? PasswordVerificationResult.Failed : result;
            },
            cancel
        );

    public void Dispose() => _room.Dispose();

    private string Nobodys() => _nobodys ??= hasher.HashPassword(null!, Guid.NewGuid().ToString());

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
            {
                Interlocked.Increment(ref _refused);
                throw new TooBusyException("Too many passwords wait to be hashed.");
            }

            await _room.WaitAsync(cancel);
            try
            {
                await SocketThread.Leave();
                return work();
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
}
