using Signpost.Accounts.SignIn;

namespace Signpost.Links;

/// <summary>Hashes passwords of links like those of accounts, in the same queue.</summary>
internal sealed class LinkPasswords(PasswordHashing hashing)
{
    public Task<string> HashAsync(string password, CancellationToken cancel) => hashing.HashAsync(password, cancel);
}
