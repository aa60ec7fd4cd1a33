namespace Signpost.Storage;

/// <summary>A row that belongs to one account, made and changed at times in milliseconds since 1970-01-01 UTC.</summary>
internal interface IOwnedRow
{
    long Id { get; }
    long AccountId { get; }
    long CreatedAt { get; }
    long UpdatedAt { get; set; }
}

/// <summary>A name under which an account groups links.</summary>
internal sealed class ProjectRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public required string Name { get; set; }

    /// <summary>As in <c>#0f766e</c>, lower case.</summary>
    public required string Color { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}

/// <summary>A tracker of another company that an account's links may fire.</summary>
internal sealed class PixelRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }

    /// <summary>Whose tracker it is, in the API's word.</summary>
    public required string Type { get; set; }

    public required string Name { get; set; }

    /// <summary>The id that the company gave: letters, digits, <c>-</c> and <c>_</c> only, for it ends in pages.</summary>
    public required string Pixel { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}

/// <summary>A link fires a pixel.</summary>
internal sealed class LinkPixel
{
    public required long LinkId { get; set; }
    public required long PixelId { get; set; }
}

/// <summary>A host that an account claims, and once it is proven serves its links.</summary>
internal sealed class DomainRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }

    /// <summary><c>https://</c> or <c>http://</c>: how the links' addresses are given out.</summary>
    public required string Scheme { get; set; }

    /// <summary>Lower case, punycode. Of all that claim one host, one row may be verified.</summary>
    public required string Host { get; set; }

    public string? CustomIndexUrl { get; set; }
    public string? CustomNotFoundUrl { get; set; }
    public bool IsEnabled { get; set; } = true;

    /// <summary>What the DNS must hold to prove the claim; drawn anew for each claim.</summary>
    public required string Token { get; set; }

    /// <summary>Since when the claim is proven; null: it is not.</summary>
    public long? VerifiedAt { get; set; }

    /// <summary>When the DNS last gave an answer, whichever.</summary>
    public long? CheckedAt { get; set; }

    /// <summary>How many checks in a row found the proof gone.</summary>
    public int FailedChecks { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}
