using Signpost.Storage;

namespace Signpost.Api.Edits;

/// <summary>How an edit ended: done, with what it made; or refused, and nothing was changed.</summary>
internal abstract record EditResult<T>
{
    private EditResult() { }

    public static implicit operator EditResult<T>(T value) => new Done(value);

    public static implicit operator EditResult<T>(Refusal why) => new Refused(why);

    public sealed record Done(T Value) : EditResult<T>;

    public sealed record Refused(Refusal Why) : EditResult<T>;
}

/// <summary>Why nothing was changed.</summary>
/// <param name="Errors">Sentences for the user; empty where the kind is enough.</param>
internal abstract record Refusal(IReadOnlyList<FieldError> Errors)
{
    /// <summary>The thing does not exist, or it belongs to somebody else.</summary>
    public sealed record Missing() : Refusal([]);

    /// <summary>The caller lacks the right.</summary>
    public sealed record Forbidden() : Refusal([]);

    /// <summary>Something that was sent is wrong.</summary>
    public sealed record Invalid(params IReadOnlyList<FieldError> Errors) : Refusal(Errors);

    /// <summary>Nothing that was sent is wrong, but something else stands in the way.</summary>
    public sealed record Conflict(params IReadOnlyList<FieldError> Errors) : Refusal(Errors);

    /// <summary>There were too many tries; the next one may come after <paramref name="Wait"/>.</summary>
    public sealed record TooMany(TimeSpan Wait) : Refusal([]);
}

/// <summary>Runs in the transaction of an edit, after its changes and before the commit; never for a refused edit.</summary>
internal delegate Task AfterEdit<in T>(SignpostDb db, T done);

/// <summary>Ends edits.</summary>
internal static class AfterEdits
{
    /// <summary>Runs <paramref name="afterwards"/>, if there is one, and gives the result of the edit.</summary>
    public static async Task<EditResult<T>> DoneAsync<T>(this AfterEdit<T>? afterwards, SignpostDb db, T value)
    {
        if (afterwards is not null)
            await afterwards(db, value);
        return value;
    }
}

/// <summary>The wishes of a request, each value already judged by itself.</summary>
internal interface IChanges
{
    /// <summary>Errors of single values; their fields count as not sent.</summary>
    IReadOnlyList<FieldError> Errors { get; }

    Meaning Meaning { get; }
}
