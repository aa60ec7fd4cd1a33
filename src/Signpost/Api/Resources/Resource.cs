using Microsoft.OpenApi;
using Signpost.Api.Bodies;

namespace Signpost.Api.Resources;

/// <summary>One kind of thing that accounts own beside links: how it is called, read and described.</summary>
/// <param name="Name">In the singular, as in <c>project</c>; its path is the plural under <c>/api</c>.</param>
/// <param name="Read">Reads the parameters of create (true) or update.</param>
/// <param name="Parameters">What <paramref name="Read"/> reads, told to people and their tools.</param>
internal sealed record Resource<TResponse, TChanges>(
    string Name,
    Func<FieldReader, bool, TChanges> Read,
    Func<IReadOnlyList<ResourceParameter>> Parameters
)
    where TResponse : class
    where TChanges : IResourceChanges
{
    public string Plural => $"{Name}s";

    /// <summary>As part of an operation's name: <c>Project</c>.</summary>
    public string Title => char.ToUpperInvariant(Name[0]) + Name[1..];

    /// <summary>What delete does to links that use it.</summary>
    public required string OnDelete { get; init; }

    /// <summary>What create and update may find in their way; null: nothing.</summary>
    public string? Conflicts { get; init; }

    /// <summary>How large the bodies of create and update may be.</summary>
    public BodyLimit BodyLimit { get; init; } = BodyLimit.Usual;

    /// <summary>What delete may be told in its query.</summary>
    public Func<IReadOnlyList<OpenApiParameter>> DeleteParameters { get; init; } = () => [];
}

/// <summary>A parameter of create and update.</summary>
/// <param name="IsRequired">Create cannot do without it.</param>
internal sealed record ResourceParameter(
    string Name,
    OpenApiSchema Schema,
    string Description,
    bool IsRequired = false,
    string? Example = null
);

/// <summary>What create and update answer.</summary>
internal sealed record ResourceId(long Id);
