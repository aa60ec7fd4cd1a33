using Signpost.Api;
using Signpost.Api.Edits;

namespace Signpost.Accounts;

/// <summary>The changes to an account; null keeps a value.</summary>
internal sealed record AccountChanges : IChanges
{
    public string? Email { get; init; }
    public string? Password { get; init; }
    public string? Name { get; init; }
    public string? TimeZone { get; init; }
    public string? Language { get; init; }
    public string? Role { get; init; }
    public bool? IsDisabled { get; init; }

    /// <summary>Turns the second factor off for a person who lost the phone. Only the person can turn it on.</summary>
    public bool DropsSecondFactor { get; init; }

    /// <summary>The errors found while the request was read.</summary>
    public IReadOnlyList<FieldError> Unreadable { get; init; } = [];

    public List<Warning> Warnings { get; init; } = [];
    public Meaning Meaning { get; init; } = new();

    /// <summary>The errors of single fields, one error for each field.</summary>
    public IReadOnlyList<FieldError> Errors => ErrorsFor(Email);

    /// <summary>As <see cref="Errors"/>, for an account whose e-mail address is known.</summary>
    /// <param name="email">The e-mail address that the account has after the change; null: unknown.</param>
    public IReadOnlyList<FieldError> ErrorsFor(string? email)
    {
        List<FieldError> errors = [.. Unreadable];
        Check("email", Email, AccountRules.Email);
        Check("password", Password, password => AccountRules.Password(password, email));
        Check("name", Name, AccountRules.Name);
        Check("timezone", TimeZone, AccountRules.TimeZone);
        Check("language", Language, AccountRules.Language);
        Check("role", Role, AccountRules.Role);
        return errors;

        void Check(string name, string? value, Func<string, string?> rule)
        {
            if (value is not null && !errors.Exists(error => error.Field == name) && rule(value) is { } sentence)
                errors.Add(new(sentence, name));
        }
    }
}
