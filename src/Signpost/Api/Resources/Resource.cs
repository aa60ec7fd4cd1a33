using System.Collections.Frozen;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Api.Resources;

/// <summary>A type of resource that accounts own besides links: its name, its parameters and its description.</summary>
/// <param name="Name">In the singular, as in <c>QR code</c>; its path is the plural under <c>/api</c>.</param>
/// <param name="Read">Reads the parameters of create (true) or update.</param>
/// <param name="Parameters">The parameters that <paramref name="Read"/> reads, for the OpenAPI document.</param>
internal sealed record Resource<TResponse, TChanges>(
    string Name,
    Func<FieldReader, bool, TChanges> Read,
    Func<IEnumerable<Parameter>> Parameters
)
    where TResponse : WarnedResponse
    where TChanges : IChanges
{
    public string Plural => $"{Name}s";

    /// <summary>The path under <c>/api</c>, as in <c>qr-codes</c>.</summary>
    public string Path => Plural.ToLowerInvariant().Replace(' ', '-');

    /// <summary>The name in the names of operations, as in <c>QrCode</c>.</summary>
    public string Title =>
        string.Concat(Name.Split(' ').Select(word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));

    /// <summary>The name of its id among others, as in <c>qr_code_id</c>.</summary>
    public string IdName => $"{Name.ToLowerInvariant().Replace(' ', '_')}_id";

    /// <summary>The heading of its endpoints in the API's document.</summary>
    public string Tag => char.ToUpperInvariant(Name[0]) + Plural[1..];

    /// <summary>The scope to read it. A key without it gets only the id in responses to writes.</summary>
    public Scopes ReadScope { get; init; } = Scopes.LinksRead;

    /// <summary>The scope of all other methods.</summary>
    public Scopes WriteScope { get; init; } = Scopes.LinksWrite;

    public required ResourceFilters Filters { get; init; }

    /// <summary>Describes what delete does to links that use it.</summary>
    public required string OnDelete { get; init; }

    /// <summary>Describes the conflicts of create and update; null: none.</summary>
    public string? Conflicts { get; init; }

    /// <summary>The largest bodies of create and update.</summary>
    public BodyLimit BodyLimit { get; init; } = BodyLimit.Usual;

    /// <summary>The fields of create and update that accept files, and the most bytes of each.</summary>
    public FrozenDictionary<string, int> Files { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>The parameters in the query of delete.</summary>
    public Func<IEnumerable<Parameter>> DeleteParameters { get; init; } = () => [];

    /// <summary>The statuses of failed deletions, besides 404.</summary>
    public int[] DeleteFailures { get; init; } = [];
}

/// <summary>The response of create and update.</summary>
internal sealed record ResourceId(long Id) : WarnedResponse;
