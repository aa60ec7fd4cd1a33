namespace Signpost.Hosting;

/// <summary>The OpenID Connect provider through which people sign in.</summary>
internal sealed record OidcSettings
{
    private const string AuthorityName = "SIGNPOST_OIDC_AUTHORITY";
    private const string ClientIdName = "SIGNPOST_OIDC_CLIENT_ID";
    private const string Everybody = "*";
    private const int Longest = 512;

    /// <summary>The provider's address. Its discovery document stands below it.</summary>
    public required Uri Authority { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null: a public client, which PKCE alone protects.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>The provider's name on buttons.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The domains of e-mail addresses for which a first sign-in makes an account; <c>*</c>: all.</summary>
    public required IReadOnlyList<string> AllowedDomains { get; init; }

    /// <summary>The claim and its value that make a server admin; null: the provider decides nothing about admins.</summary>
    public (string Name, string Value)? AdminClaim { get; init; }

    /// <summary>Whether people sign in through the provider only.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Tells whether a first sign-in with this e-mail address makes an account.</summary>
    public bool Allows(string email) =>
        AllowedDomains.Any(domain =>
            domain is Everybody
            || email.AsSpan(email.LastIndexOf('@') + 1).Equals(domain, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Tells whether tokens of this issuer come from the provider, as far as its address says.</summary>
    public bool IsIssuer(string issuer) =>
        issuer.AsSpan().TrimEnd('/').SequenceEqual(Authority.OriginalString.AsSpan().TrimEnd('/'));

    /// <summary>Reads the settings; null: there is no provider.</summary>
    /// <exception cref="StartException">A setting is wrong or missing.</exception>
    public static OidcSettings? Read(SettingReader read)
    {
        var authority = Address(read);
        var clientId = read.OptionalText(ClientIdName, Longest);
        var secret = read.Secret("SIGNPOST_OIDC_CLIENT_SECRET", minLength: 1, maxLength: Longest);
        var name = read.OptionalText("SIGNPOST_OIDC_NAME", maxLength: 64);
        var scopes = read.Words("SIGNPOST_OIDC_SCOPES", ["openid", "email", "profile"], IsScope, "names with blanks");
        var domains = read.Words(
            "SIGNPOST_OIDC_ALLOWED_DOMAINS",
            [],
            IsDomain,
            "domains with commas, as in example.org,example.com, or * for all"
        );
        var claim = Claim(read);
        var isRequired = read.Number("SIGNPOST_OIDC_REQUIRED", standard: 0, min: 0, max: 1) == 1;
        if (authority is null != clientId is null || (authority is null && isRequired))
            throw new StartException($"{AuthorityName} and {ClientIdName} belong together: set both, or neither.");
        if (authority is null)
            return null;

        return new()
        {
            Authority = authority,
            ClientId = clientId!,
            ClientSecret = secret,
            Name = name ?? authority.IdnHost,
            Scopes = scopes.Contains("openid") ? scopes : ["openid", .. scopes],
            AllowedDomains = domains,
            AdminClaim = claim,
            IsRequired = isRequired,
        };
    }

    private static Uri? Address(SettingReader read) =>
        read.OptionalUrl(AuthorityName) is not { } address ? null
        : IsSafe(address) ? address
        : throw StartException.Wrong(
            AuthorityName,
            address.OriginalString,
            "an address with https://, without a user, query or fragment; http:// only for this machine"
        );

    // Others could read and change everything on its way over plain HTTP, the keys of the provider too.
    private static bool IsSafe(Uri authority) =>
        (authority.Scheme is "https" || authority.IsLoopback) && authority is { UserInfo: "", Query: "", Fragment: "" };

    private static bool IsScope(string word) => word.All(c => c is > ' ' and <= '~' and not '"' and not '\\');

    private static bool IsDomain(string word) =>
        word is Everybody
        || (
            Uri.CheckHostName(word) is UriHostNameType.Dns
            && word.Contains('.', StringComparison.Ordinal)
            // An internationalized domain is written in e-mail addresses in either form; only one of them is compared.
            && word.All(char.IsAscii)
        );

    private static (string, string)? Claim(SettingReader read)
    {
        const string Name = "SIGNPOST_OIDC_ROLE_CLAIM";
        return read.OptionalText(Name, Longest) is not { } text ? null
            : text.Split('=', 2) is [{ Length: > 0 } claim, { Length: > 0 } value] ? (claim, value)
            : throw StartException.Wrong(Name, text, "a claim and its value, as in groups=signpost-admins");
    }
}
