namespace Signpost.Storage;

/// <summary>A link as stored. Times are milliseconds since 1970-01-01 UTC; addresses are canonical.</summary>
internal sealed class LinkRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public long? ProjectId { get; set; }

    /// <summary>0 is the main domain.</summary>
    public long DomainId { get; set; }

    /// <summary>The alias as it was typed, for showing.</summary>
    public required string Alias { get; set; }

    /// <summary>What is looked up and compared, byte by byte; unique per domain.</summary>
    public required string AliasKey { get; set; }

    public required string LocationUrl { get; set; }
    public bool IsEnabled { get; set; } = true;

    /// <summary>The reference's <c>order</c>.</summary>
    public int Position { get; set; }

    public bool Schedule { get; set; }
    public long? StartAt { get; set; }
    public long? EndAt { get; set; }
    public long? ClicksLimit { get; set; }
    public string? ExpirationUrl { get; set; }
    public int HttpStatusCode { get; set; } = 302;
    public string? PasswordHash { get; set; }
    public bool SensitiveContent { get; set; }
    public bool AppLinkingIsEnabled { get; set; }
    public bool CloakingIsEnabled { get; set; }
    public string? CloakingTitle { get; set; }
    public string? CloakingMetaDescription { get; set; }
    public string? CloakingCustomJs { get; set; }

    /// <summary>Name of a <see cref="StoredFile"/>.</summary>
    public string? CloakingFavicon { get; set; }

    /// <summary>Name of a <see cref="StoredFile"/>.</summary>
    public string? CloakingOpengraph { get; set; }

    public bool ForwardQueryParametersIsEnabled { get; set; }
    public string? UtmSource { get; set; }
    public string? UtmMedium { get; set; }
    public string? UtmCampaign { get; set; }

    /// <summary>Which of the lists in <see cref="Targeting"/> is in force.</summary>
    public string? TargetingType { get; set; }

    /// <summary>All targeting lists as JSON, <c>{"country_code":[{"key","value"}]}</c>; null when there is none.</summary>
    public string? Targeting { get; set; }

    /// <summary>Whoever knows the short address may see its statistics.</summary>
    public bool StatisticsIsPublic { get; set; }

    /// <summary>Rises by one with each edit; a click remembers it.</summary>
    public int Version { get; set; } = 1;

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }

    /// <summary>Another link with the same values; for one that is not stored yet.</summary>
    public LinkRow Copy() => (LinkRow)MemberwiseClone();
}

/// <summary>How many requests of one kind a link has had, as far as they are stored.</summary>
internal sealed class LinkCount
{
    public required long LinkId { get; set; }

    /// <summary>A <see cref="Core.Clicks.ClickKind"/>.</summary>
    public required byte Kind { get; set; }

    public required long Count { get; set; }
}

/// <summary>An alias that was given up: until then only its own account may take it again.</summary>
internal sealed class RetiredAlias
{
    public required long DomainId { get; set; }
    public required string AliasKey { get; set; }
    public required long AccountId { get; set; }
    public required long Until { get; set; }
}

/// <summary>An uploaded picture, checked by its content and named by us.</summary>
internal sealed class StoredFile
{
    /// <summary>Random, with the ending of its true type.</summary>
    public required string Name { get; set; }

    public required long AccountId { get; set; }
    public required long LinkId { get; set; }
    public required string ContentType { get; set; }
    public required byte[] Content { get; set; }
    public required long CreatedAt { get; set; }
}
