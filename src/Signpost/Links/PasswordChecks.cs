using Microsoft.AspNetCore.Identity;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Compares guesses with links' hashes. Each takes a core for a tenth of a second on purpose, so they stand in line for a few
/// low-priority threads, and a visitor who finds the line full is sent away: however many guess, redirects go on.
/// </summary>
internal sealed class PasswordChecks(IPasswordHasher<Person> hasher) : IDisposable
{
    // For each thread a second or two of work: nobody likes to wait longer for a page.
    private const int MostWaiting = 16;

    private readonly Lazy<BackgroundThreads> _threads = new(() =>
    {
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        return new("link passwords", ThreadShare.Low, threads, threads * MostWaiting);
    });

    /// <summary>Tells whether the password is right; null: too many are asking.</summary>
    public Task<bool>? TryCheck(string hash, string password) =>
        // Whose password it is plays no part in the hash.
        _threads.Value.TryRun(() =>
            hasher.VerifyHashedPassword(null!, hash, password) is not PasswordVerificationResult.Failed
        );

    public void Dispose()
    {
        if (_threads.IsValueCreated)
            _threads.Value.Dispose();
    }
}
