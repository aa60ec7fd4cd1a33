using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Api;

/// <summary>Reads the parameters of operations on accounts and keys.</summary>
internal static class UserRequests
{
    /// <summary>Reads the fields that people may change in their own account.</summary>
    public static AccountChanges Own(FieldReader read) =>
        new()
        {
            // Clearing is going back to what a new account has.
            Name = Text(read, "name", ""),
            TimeZone = Text(read, "timezone", "UTC"),
            Language = Text(read, "language", "en"),
            Unreadable = read.Errors,
            Meaning = read.Meaning,
        };

    /// <summary>Reads the fields that admins may set in any account.</summary>
    public static AccountChanges Any(FieldReader read, bool isNew)
    {
        var email = read.Verbatim("email", TextRules.Line);
        var password = read.Verbatim("password", TextRules.Untrimmed);
        if (isNew)
        {
            read.Require("email", email, email.Value is { Length: > 0 });
            read.Require("password", password, password.Value is { Length: > 0 });
        }

        var disabled = read.Boolean("is_disabled");
        var factor = read.Boolean("two_factor_is_enabled");
        if (factor.Value)
            read.Add("two_factor_is_enabled can be turned off here; on, only by its owner.", factor.As!);
        return Own(read) with
        {
            Email = email.Value,
            Password = password.Value,
            Role = Text(read, "role", Person.UserRole),
            IsDisabled = disabled.IsPresent ? disabled.Value : null,
            DropsSecondFactor = factor is { IsPresent: true, Value: false },
        };
    }

    /// <summary>Reads the wishes for a new key.</summary>
    /// <param name="grantable">The most that may be given; all of it is given when no scope is named.</param>
    public static NewKey Key(FieldReader read, Scopes grantable)
    {
        var name = read.Text("name", NewKey.LongestName);
        var expires = read.Date("expires");
        var scopes = ReadScopes(read, grantable);
        return new(name.Value ?? "API key", scopes.Or(grantable), expires.Value)
        {
            ScopesAs = scopes.As ?? "scopes",
            Errors = read.Errors,
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
                read.Add($"This key cannot give the scope {word}, which it does not have.", item.As);
            else
                scopes |= scope;
        if (scopes is Scopes.None && read.Errors is [])
            read.Add("scopes must name one scope at least.", sent.As!);
        read.Meaning.Add("scopes", ScopeNames.ToStored(scopes));
        return new(sent.As, scopes);
    }

    private static string? Text(FieldReader read, string name, string cleared)
    {
        var sent = read.Read(name, TextRules.Line, _ => null);
        return sent.IsPresent ? sent.Value ?? cleared : null;
    }
}
