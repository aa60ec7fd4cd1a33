using Microsoft.AspNetCore.Identity;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Checks passwords of links. Each check takes a core for a tenth of a second on purpose, so checks wait in a queue for a few
/// low-priority threads. If the queue is full, the visitor is refused, so redirects stay fast during an attack.
/// </summary>
internal sealed class PasswordChecks(IPasswordHasher<Person> hasher) : IDisposable
{
    // One or two seconds of work for each thread: nobody waits longer for a page.
    private const int MostWaiting = 16;

    private readonly Lazy<BackgroundThreads> _threads = new(() =>
    {
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        return new("link passwords", ThreadShare.Low, threads, threads * MostWaiting);
    });

    private long _refused;

    /// <summary>The number of checks that wait.</summary>
    public int Waiting => _threads.IsValueCreated ? _threads.Value.Waiting : 0;

    /// <summary>The number of checks that were refused since the start, because the queue was full.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Tells whether the password is right; null: the queue is full.</summary>
    public Task<bool>? TryCheck(string hash, string password)
    {
        // The hash does not depend on the owner of the password.
        var check = _threads.Value.TryRun(() =>
            hasher.VerifyHashedPassword(null!, hash, password) is not PasswordVerificationResult.Failed
        );
        if (check is null)
            Interlocked.Increment(ref _refused);
        return check;
    }

    public void Dispose()
    {
        if (_threads.IsValueCreated)
            _threads.Value.Dispose();
    }
}
