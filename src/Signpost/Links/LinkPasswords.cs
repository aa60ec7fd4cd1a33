using Signpost.Accounts.SignIn;

namespace Signpost.Links;

/// <summary>Hashes links' passwords as accounts' are, and in the same line.</summary>
internal sealed class LinkPasswords(PasswordHashing hashing)
{
    public Task<string> HashAsync(string password, CancellationToken cancel) => hashing.HashAsync(password, cancel);
}
