using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Api;

/// <summary>Reads the parameters of operations on accounts and keys.</summary>
internal static class UserRequests
{
    /// <summary>The fields that people may change in their own account.</summary>
    public static AccountChanges Own(FieldReader read) =>
        new()
        {
            // A cleared field gets the value of a new account.
            Name = Text(read, "name", ""),
            TimeZone = Text(read, "timezone", "UTC"),
            Language = Text(read, "language", "en"),
            Unreadable = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };

    /// <summary>The fields that admins may set in any account.</summary>
    public static AccountChanges Any(FieldReader read, bool isNew)
    {
        var email = read.Verbatim("email", TextRules.Line);
        var password = read.Verbatim("password", TextRules.Untrimmed);
        if (isNew)
        {
            read.Require("email", email, email.Value is { Length: > 0 });
            read.Require("password", password, password.Value is { Length: > 0 });
        }

        var disabled = read.Switch("is_disabled", isNew);
        var factor = read.Switch("two_factor_is_enabled", isNew: false);
        if (factor.Value)
            read.Add(
                "two_factor_is_enabled can only be turned off here. Only the account's owner can turn it on.",
                factor.As!
            );
        return Own(read) with
        {
            Email = email.Value,
            Password = password.Value,
            Role = Text(read, "role", Person.UserRole),
            IsDisabled = disabled.IsPresent ? disabled.Value : null,
            DropsSecondFactor = factor is { IsPresent: true, Value: false },
        };
    }

    /// <summary>The values of a new key.</summary>
    /// <param name="grantable">The scopes that the new key may have. Without a scope in the request it gets all of them.</param>
    public static NewKey Key(FieldReader read, Scopes grantable)
    {
        var name = read.Text("name", NewKey.LongestName);
        var expires = read.Date("expires");
        var scopes = ReadScopes(read, grantable);
        return new(name.Value ?? "API key", scopes.Or(grantable), expires.Value)
        {
            ScopesAs = scopes.As ?? "scopes",
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    private static Optional<Scopes> ReadScopes(FieldReader read, Scopes grantable)
    {
        var sent = read.List("scopes");
        if (FieldReader.IsEmpty(sent.Value))
        {
            read.Meaning.Add("scopes", null);
            return default;
        }

        var scopes = Scopes.None;
        foreach (var item in sent.Value!)
        foreach (var word in (item.Text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
            if (!ScopeNames.TryParse(word, out var scope))
                read.Add($"scopes must be among {string.Join(", ", ScopeNames.All)}.", item.As);
            else if (!grantable.HasFlag(scope))
                read.Add($"The new key cannot have the scope {word}, because the calling key lacks it.", item.As);
            else
                scopes |= scope;
        if (scopes is Scopes.None && read.Errors is [])
            read.Add("scopes must name at least one scope.", sent.As!);
        read.Meaning.Add("scopes", ScopeNames.ToStored(scopes));
        return new(sent.As, scopes);
    }

    private static string? Text(FieldReader read, string name, string cleared)
    {
        var sent = read.Read(name, TextRules.Line, _ => null);
        return sent.IsPresent ? sent.Value ?? cleared : null;
    }
}
