using Signpost.Storage;

namespace Signpost.Api.Edits;

/// <summary>The result of an edit: done with a value, or refused and nothing was changed.</summary>
internal abstract record EditResult<T>
{
    private EditResult() { }

    public static implicit operator EditResult<T>(T value) => new Done(value);

    public static implicit operator EditResult<T>(Refusal why) => new Refused(why);

    public sealed record Done(T Value) : EditResult<T>;

    public sealed record Refused(Refusal Why) : EditResult<T>;
}

/// <summary>The reason of a refusal.</summary>
/// <param name="Errors">The errors for the response; empty if the kind of refusal is enough.</param>
internal abstract record Refusal(IReadOnlyList<FieldError> Errors)
{
    /// <summary>The thing does not exist, or it belongs to somebody else.</summary>
    public sealed record Missing() : Refusal([]);

    /// <summary>The caller lacks the right.</summary>
    public sealed record Forbidden() : Refusal([]);

    /// <summary>A sent value is invalid.</summary>
    public sealed record Invalid(params IReadOnlyList<FieldError> Errors) : Refusal(Errors);

    /// <summary>The values are valid, but something else prevents the edit.</summary>
    public sealed record Conflict(params IReadOnlyList<FieldError> Errors) : Refusal(Errors);

    /// <summary>The thing has changed since the caller saw it.</summary>
    public sealed record Outdated() : Refusal([]);

    /// <summary>There were too many attempts. The next one is allowed after <paramref name="Wait"/>.</summary>
    public sealed record TooMany(TimeSpan Wait) : Refusal([]);
}

/// <summary>Runs in the transaction of an edit, after its changes and before the commit; never for a refused edit.</summary>
internal delegate Task AfterEdit<in T>(SignpostDb db, T done);

/// <summary>Completes edits.</summary>
internal static class AfterEdits
{
    /// <summary>Runs the optional action in the same transaction and returns the result of the edit.</summary>
    public static async Task<EditResult<T>> DoneAsync<T>(this AfterEdit<T>? afterwards, SignpostDb db, T value)
    {
        if (afterwards is not null)
            await afterwards(db, value);
        return value;
    }
}

/// <summary>The changes of a request. Each value is already valid by itself.</summary>
internal interface IChanges
{
    /// <summary>The errors of single values. A field with an error counts as not sent.</summary>
    IReadOnlyList<FieldError> Errors { get; }

    /// <summary>Warnings for the response. An editor may add more.</summary>
    List<Warning> Warnings { get; }

    Meaning Meaning { get; }
}
