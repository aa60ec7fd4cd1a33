using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Api.Resources;

/// <summary>How an edit of a resource ended.</summary>
internal abstract record ResourceEdit
{
    private ResourceEdit() { }

    /// <summary>Does what must happen in the same transaction; answers this edit.</summary>
    public async Task<ResourceEdit> ThenAsync(SignpostDb db, AfterResourceEdit? afterwards)
    {
        if (afterwards is not null)
            await afterwards(db, this);
        return this;
    }

    public sealed record Created(long Id) : ResourceEdit;

    public sealed record Updated(long Id) : ResourceEdit;

    public sealed record Deleted : ResourceEdit;

    /// <summary>No such thing, or somebody else's.</summary>
    public sealed record Missing : ResourceEdit;

    /// <summary>Something is wrong; nothing was changed.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : ResourceEdit;

    /// <summary>Nothing is wrong but that something else stands in the way; nothing was changed.</summary>
    public sealed record Conflict(IReadOnlyList<FieldError> Errors) : ResourceEdit
    {
        public static Conflict Of(string title, string? field) => new([new FieldError(title, field)]);
    }
}

/// <summary>What must happen in the transaction of an edit, after it and before its end.</summary>
internal delegate Task AfterResourceEdit(SignpostDb db, ResourceEdit edit);

/// <summary>What a request wants of a resource, each value already judged by itself.</summary>
internal interface IResourceChanges
{
    /// <summary>What is wrong with single values; their fields count as not sent.</summary>
    IReadOnlyList<FieldError> Errors { get; }

    Meaning Meaning { get; }
}

/// <summary>The only writer of one kind of resource. Every edit is one transaction.</summary>
internal interface IResourceEditor<in TChanges>
    where TChanges : IResourceChanges
{
    /// <param name="afterwards">Runs in the same transaction; not at all when nothing is created.</param>
    Task<ResourceEdit> CreateAsync(
        Caller caller,
        TChanges changes,
        AfterResourceEdit? afterwards,
        CancellationToken cancel
    );

    /// <summary>Changes what was sent and leaves the rest.</summary>
    /// <param name="afterwards">Runs in the same transaction; not at all when nothing is changed.</param>
    Task<ResourceEdit> UpdateAsync(
        Caller caller,
        long id,
        TChanges changes,
        AfterResourceEdit? afterwards,
        CancellationToken cancel
    );

    /// <param name="query">What the request says about the links that use it.</param>
    Task<ResourceEdit> DeleteAsync(Caller caller, long id, Fields query, CancellationToken cancel);
}

/// <summary>The only reader of one kind of resource; it sees nothing but the caller's own.</summary>
internal interface IResourceCatalog<TResponse>
    where TResponse : class
{
    Task<TResponse?> FindAsync(Caller caller, long id, CancellationToken cancel);

    /// <summary>One page, and how many there are on all pages.</summary>
    Task<(IReadOnlyList<TResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    );
}
