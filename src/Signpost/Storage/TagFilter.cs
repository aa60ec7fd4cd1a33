namespace Signpost.Storage;

/// <summary>Only links that have one of these tags now, or only links that have none of them.</summary>
/// <param name="Keys">Keys of tags (<see cref="TagRow.KeyOf"/>). Null among them: no tag at all.</param>
/// <param name="IsExcluding">True: links with one of them are left out.</param>
internal readonly record struct TagFilter(IReadOnlyList<string?> Keys, bool IsExcluding)
{
    /// <summary>The name of the filter for links with one of the tags.</summary>
    public const string Name = "tag";

    /// <summary>The name of the filter for links with none of the tags.</summary>
    public const string NotName = "not_tag";

    /// <summary>A filter may name so many tags.</summary>
    public const int Most = 100;

    /// <summary>The keys without null.</summary>
    public string[] Named => [.. Keys.OfType<string>()];

    /// <summary>Whether null is among the keys.</summary>
    public bool NamesNone => Keys.Contains(null);
}
