using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Hashes links' passwords slowly (PBKDF2, SHA-512, own salt), few at a time so that redirects keep a core.</summary>
internal sealed class LinkPasswords : IDisposable
{
    private const int Rounds = 210_000;

    private readonly PasswordHasher<LinkRow> _hasher = new(
        Options.Create(new PasswordHasherOptions { IterationCount = Rounds })
    );
    private readonly SemaphoreSlim _room = new(Math.Max(1, Environment.ProcessorCount / 2));

    public async Task<string> HashAsync(string password, CancellationToken cancel)
    {
        await _room.WaitAsync(cancel);
        try
        {
            // The link itself plays no part in the hash.
            return _hasher.HashPassword(null!, password);
        }
        finally
        {
            _room.Release();
        }
    }

    public void Dispose() => _room.Dispose();
}
