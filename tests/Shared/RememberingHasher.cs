using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;
using Signpost.Accounts.SignIn;
using Account = Signpost.Storage.Person;

namespace Signpost.Testing;

/// <summary>The server's own hasher, which takes a core for a tenth of a second. It remembers its results, because many tests use the same passwords.</summary>
internal sealed class RememberingHasher : IPasswordHasher<Account>
{
    private static readonly IPasswordHasher<Account> Inner = PasswordHashing.NewHasher();
    private static readonly ConcurrentDictionary<string, Lazy<string>> Hashes = [];
    private static readonly ConcurrentDictionary<(string, string), Lazy<PasswordVerificationResult>> Verified = [];

    public string HashPassword(Account user, string password) =>
        Hashes.GetOrAdd(password, key => new(() => Inner.HashPassword(user, key))).Value;

    public PasswordVerificationResult VerifyHashedPassword(
        Account user,
        string hashedPassword,
        string providedPassword
    ) =>
        Verified
            .GetOrAdd(
                (hashedPassword, providedPassword),
                key => new(() => Inner.VerifyHashedPassword(user, key.Item1, key.Item2))
            )
            .Value;
}
