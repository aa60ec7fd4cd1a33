using System.Collections.Frozen;
using Signpost.Accounts.Keys;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Accounts.Api;

/// <summary>Reads the parameters of operations on accounts and keys.</summary>
internal sealed class UserRequests
{
    private static readonly FrozenDictionary<string, int> NoFiles = FrozenDictionary<string, int>.Empty;

    private readonly FieldReader _read;
    private readonly Dictionary<string, string> _sentAs = new(StringComparer.Ordinal);

    private UserRequests(FieldReader read) => _read = read;

    public IReadOnlyList<FieldError> Errors => _read.Errors;

    public Meaning Meaning => _read.Meaning;

    public static async Task<UserRequests> ReadAsync(HttpContext http, CancellationToken cancel) =>
        new(new(await BodyReader.ReadAsync(http.Request, NoFiles, cancel), http.Caller().TimeZone));

    /// <summary>What people may change of themselves.</summary>
    public AccountChanges Own() =>
        new()
        {
            // Clearing is going back to what a new account has.
            Name = Text("name", ""),
            TimeZone = Text("timezone", "UTC"),
            Language = Text("language", "en"),
        };

    /// <summary>What admins may set of anybody.</summary>
    public AccountChanges Any(bool isNew)
    {
        var email = _read.Verbatim("email", TextRules.Line);
        var password = _read.Verbatim("password", TextRules.Untrimmed);
        if (isNew)
        {
            _read.Require("email", email, email.Value is { Length: > 0 });
            _read.Require("password", password, password.Value is { Length: > 0 });
        }

        var disabled = _read.Boolean("is_disabled");
        var factor = _read.Boolean("two_factor_is_enabled");
        if (factor.Value)
            _read.Add("two_factor_is_enabled can be turned off here; on, only by its owner.", factor.As!);
        var changes = Own() with
        {
            Email = Noted("email", email),
            Password = Noted("password", password),
            Role = Text("role", Person.UserRole),
            IsDisabled = disabled.IsPresent ? disabled.Value : null,
            DropsSecondFactor = factor is { IsPresent: true, Value: false },
        };
        if (disabled.IsPresent)
            _sentAs["is_disabled"] = disabled.As!;
        return changes;
    }

    /// <summary>A key that is wanted.</summary>
    /// <param name="grantable">What may be given at most, and is given when no scope is named.</param>
    public NewKey Key(Scopes grantable)
    {
        var name = _read.Read(
            "name",
            TextRules.Line,
            text =>
                FieldText.Length(text) <= NewKey.LongestName ? null : $"must be at most {NewKey.LongestName} characters"
        );
        var expires = _read.Date("expires");
        _sentAs["expires"] = expires.As ?? "expires";
        return new(name.Value ?? "API key", ReadScopes(grantable), expires.Value);
    }

    /// <summary>The problems of an edit, each under the name its field was sent with.</summary>
    public ApiResult Refuse(IReadOnlyList<AccountProblem> problems)
    {
        var isTaken = _read.Errors is [] && problems.All(problem => problem.IsTaken);
        return ApiResult.Errors(
            isTaken ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest,
            [
                .. _read.Errors,
                .. problems
                    .Where(problem => _read.Errors.TrueForAll(error => error.Field != problem.Field))
                    .Select(problem => new FieldError(
                        problem.Sentence,
                        _sentAs.GetValueOrDefault(problem.Field, problem.Field)
                    )),
            ]
        );
    }

    private Scopes ReadScopes(Scopes grantable)
    {
        var sent = _read.List("scopes");
        if (FieldReader.IsEmpty(sent.Value))
        {
            _read.Meaning.Add("scopes", null);
            return grantable;
        }

        var scopes = Scopes.None;
        foreach (var item in sent.Value!)
        foreach (var word in (item.Text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
            if (!ScopeNames.TryParse(word, out var scope))
                _read.Add($"scopes must be among {string.Join(", ", ScopeNames.All)}.", item.As);
            else if (!grantable.HasFlag(scope))
                _read.Add($"This key cannot give the scope {word}, which it does not have.", item.As);
            else
                scopes |= scope;
        if (scopes is Scopes.None && _read.Errors is [])
            _read.Add("scopes must name one scope at least.", sent.As!);
        _read.Meaning.Add("scopes", ScopeNames.ToStored(scopes));
        _sentAs["scopes"] = sent.As!;
        return scopes;
    }

    private string? Text(string name, string cleared)
    {
        var sent = _read.Read(name, TextRules.Line, _ => null);
        return Noted(name, sent.IsPresent ? sent with { Value = sent.Value ?? cleared } : sent);
    }

    private string? Noted(string name, Optional<string?> sent)
    {
        if (sent.As is not null)
            _sentAs[name] = sent.As;
        return sent.Value;
    }
}
