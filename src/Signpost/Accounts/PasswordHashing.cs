using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>How passwords are hashed: Identity's own hasher, PBKDF2 with HMAC-SHA-512.</summary>
internal static class PasswordHashing
{
    // OWASP Password Storage Cheat Sheet, for this function. Older hashes carry their own count and stay readable.
    private const int Iterations = 210_000;

    public static IPasswordHasher<Account> NewHasher() =>
        new PasswordHasher<Account>(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
}
