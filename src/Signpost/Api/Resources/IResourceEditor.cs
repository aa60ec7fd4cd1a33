using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;

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

    /// <summary>Changes what was sent and leaves the rest.</summary>
    Task<EditResult<ResourceId>> UpdateAsync(
        Caller caller,
        long id,
        TChanges changes,
        AfterEdit<ResourceId>? afterwards,
        CancellationToken cancel
    );

    /// <param name="query">The query of the request; it may say what becomes of the links that use the thing.</param>
    Task<EditResult<ResourceId>> DeleteAsync(Caller caller, long id, Fields query, CancellationToken cancel);
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
