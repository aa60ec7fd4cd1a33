using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Storage;

namespace Signpost.Api.Resources;

/// <summary>The only writer of one kind of resource. Every edit is one transaction.</summary>
internal interface IResourceEditor<in TChanges>
    where TChanges : IChanges
{
    Task<EditResult<ResourceId>> CreateAsync(
        Caller caller,
        TChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    );

    /// <summary>Changes the sent fields and keeps the rest.</summary>
    Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        TChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    );

    /// <param name="query">The request's parameters about links that use it.</param>
    Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, Fields query, CancellationToken cancel);
}

/// <summary>The only reader of one kind of resource; it returns only rows of the caller's account.</summary>
internal interface IResourceCatalog<TResponse>
    where TResponse : WarnedResponse
{
    Task<TResponse?> FindAsync(Caller caller, long id, CancellationToken cancel);

    /// <summary>Reads it within a transaction.</summary>
    Task<TResponse?> FindAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel);

    /// <summary>One page, and the number of items on all pages.</summary>
    Task<(IReadOnlyList<TResponse> Items, long Total)> ListAsync(
        Caller caller,
        ResourceQuery query,
        CancellationToken cancel
    );
}
