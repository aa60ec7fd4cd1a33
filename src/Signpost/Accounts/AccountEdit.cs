using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>What somebody wants an account to be; null leaves a thing as it is.</summary>
internal sealed record AccountChanges
{
    public string? Email { get; init; }
    public string? Password { get; init; }
    public string? Name { get; init; }
    public string? TimeZone { get; init; }
    public string? Language { get; init; }
    public string? Role { get; init; }
    public bool? IsDisabled { get; init; }

    /// <summary>Turns the second factor off, for somebody who lost the phone. On is turned by its owner only.</summary>
    public bool DropsSecondFactor { get; init; }

    /// <summary>What is wrong with single fields.</summary>
    public IReadOnlyList<AccountProblem> Problems()
    {
        List<AccountProblem> problems = [];
        Check("email", Email, AccountRules.Email);
        Check("password", Password, AccountRules.Password);
        Check("name", Name, AccountRules.Name);
        Check("timezone", TimeZone, AccountRules.TimeZone);
        Check("language", Language, AccountRules.Language);
        Check("role", Role, AccountRules.Role);
        return problems;

        void Check(string field, string? value, Func<string, string?> rule)
        {
            if (value is not null && rule(value) is { } sentence)
                problems.Add(new(field, sentence));
        }
    }
}

/// <summary>A wrong field, and a sentence that says why.</summary>
/// <param name="IsTaken">Nothing is wrong but that somebody else has it.</param>
internal sealed record AccountProblem(string Field, string Sentence, bool IsTaken = false);

/// <summary>How an edit of an account ended.</summary>
internal abstract record AccountEdit
{
    private AccountEdit() { }

    public sealed record Done(long Id) : AccountEdit;

    public sealed record Missing : AccountEdit;

    /// <summary>Something is wrong; nothing was changed.</summary>
    public sealed record Wrong(IReadOnlyList<AccountProblem> Problems) : AccountEdit;

    public static Wrong No(string field, string sentence, bool isTaken = false) => new([new(field, sentence, isTaken)]);
}

/// <summary>What must happen in the transaction of an edit, after it and before its end.</summary>
internal delegate Task AfterAccountEdit(SignpostDb db, long id);
