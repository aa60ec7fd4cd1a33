using Signpost.Api;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>How an edit ended.</summary>
internal abstract record LinkEdit
{
    private LinkEdit() { }

    /// <summary>These links are there now, in the order they were asked for.</summary>
    /// <param name="DomainAddress">Of the domain that all are on; null: the main one.</param>
    /// <param name="Warnings">What may surprise its visitors.</param>
    public sealed record Created(
        IReadOnlyList<LinkRow> Links,
        bool IsBulk,
        string? DomainAddress,
        IReadOnlyList<LinkWarning> Warnings
    ) : LinkEdit;

    public sealed record Updated(LinkRow Link, IReadOnlyList<LinkWarning> Warnings) : LinkEdit;

    public sealed record Deleted : LinkEdit;

    /// <summary>No such link, or somebody else's.</summary>
    public sealed record Missing : LinkEdit;

    /// <summary>Something is wrong; nothing was changed.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : LinkEdit;

    /// <summary>Nothing is wrong but that the alias is somebody's; nothing was changed.</summary>
    public sealed record Taken(string Field) : LinkEdit;
}

/// <summary>What must happen in the transaction of an edit, after it and before its end.</summary>
internal delegate Task AfterEdit(SignpostDb db, LinkEdit edit);
