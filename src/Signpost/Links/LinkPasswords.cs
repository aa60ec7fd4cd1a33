using Microsoft.AspNetCore.Identity;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Hashes links' passwords as accounts' are, few at a time so that redirects keep a core.</summary>
internal sealed class LinkPasswords(IPasswordHasher<Account> hasher) : IDisposable
{
    private readonly SemaphoreSlim _room = new(Math.Max(1, Environment.ProcessorCount / 2));

    public async Task<string> HashAsync(string password, CancellationToken cancel)
    {
        await _room.WaitAsync(cancel);
        try
        {
            // Whose password it is plays no part in the hash.
            return hasher.HashPassword(null!, password);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();
}
