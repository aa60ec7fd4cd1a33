namespace Signpost.Accounts.SignIn;

/// <summary>A person as the OpenID Connect provider names them. The tokens that say it were checked before.</summary>
/// <param name="Issuer">The provider.</param>
/// <param name="Subject">The person's account at the provider.</param>
/// <param name="VerifiedEmail">Null: the provider gives no e-mail address, or does not say that it belongs to the person.</param>
/// <param name="Name">May be empty.</param>
/// <param name="IsAdmin">Whether the person has the claim of server admins; null: the provider decides nothing about admins.</param>
/// <param name="SignedInAt">The time when the person last proved to the provider who they are; null: the provider does not say it.</param>
internal sealed record ProviderIdentity(
    string Issuer,
    string Subject,
    string? VerifiedEmail,
    string Name,
    bool? IsAdmin,
    DateTimeOffset? SignedInAt
);
