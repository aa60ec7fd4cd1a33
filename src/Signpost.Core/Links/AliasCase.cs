namespace Signpost.Core.Links;

/// <summary>The rule of a domain for aliases that differ only in the case of their letters.</summary>
public enum AliasCase : byte
{
    /// <summary>They are one alias.</summary>
    Ignored,

    /// <summary>They are different aliases.</summary>
    Kept,
}
