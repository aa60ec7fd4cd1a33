namespace Signpost.Storage;

/// <summary>
/// A link as stored. Times are milliseconds since 1970-01-01 UTC. Addresses are canonical; beside each is the address as it was sent, or null
/// if that is the same.
/// </summary>
internal sealed class LinkRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public long? ProjectId { get; set; }
    public long? SplashPageId { get; set; }

    /// <summary>0 is the main domain.</summary>
    public long DomainId { get; set; }

    /// <summary>The domain belongs to another account.</summary>
    public bool IsGuest { get; set; }

    /// <summary>The owner of the domain has disabled the link of a guest.</summary>
    public bool IsBlocked { get; set; }

    /// <summary>The alias as it was typed, to show.</summary>
    public required string Alias { get; set; }

    /// <summary>The form of the alias that is looked up and compared byte by byte; unique per domain.</summary>
    public required string AliasKey { get; set; }

    public required string LocationUrl { get; set; }
    public string? LocationSent { get; set; }

    /// <summary>The <see cref="AddressHash"/> of <see cref="LocationUrl"/>, which finds the links with one destination.</summary>
    public long LocationHash { get; set; }

    public string? Title { get; set; }
    public string? Note { get; set; }
    public bool IsEnabled { get; set; } = true;

    /// <summary>The reference's <c>order</c>.</summary>
    public int Position { get; set; }

    public bool Schedule { get; set; }
    public long? StartAt { get; set; }
    public long? EndAt { get; set; }
    public long? ClicksLimit { get; set; }
    public string? ExpirationUrl { get; set; }
    public string? ExpirationSent { get; set; }
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
    public string? UtmTerm { get; set; }
    public string? UtmContent { get; set; }

    /// <summary>The list in <see cref="Targeting"/> that is in use.</summary>
    public string? TargetingType { get; set; }

    /// <summary>All targeting lists as JSON, <c>{"country_code":[{"key","value","sent"}]}</c>; null when there is none.</summary>
    public string? Targeting { get; set; }

    /// <summary>Everybody who knows the short address may see its statistics.</summary>
    public bool StatisticsIsPublic { get; set; }

    /// <summary>The title of the page of public statistics; null: the short address.</summary>
    public string? StatisticsPublicTitle { get; set; }

    /// <summary>The lists on that page, as <see cref="PublicParts.Shows"/> writes them; null: all.</summary>
    public string? StatisticsPublicShows { get; set; }

    /// <summary>The periods of that page, as <see cref="PublicParts.Periods"/> writes them; null: all.</summary>
    public string? StatisticsPublicPeriods { get; set; }

    /// <summary>The hash of the password of that page; null: it asks for none.</summary>
    public string? StatisticsPublicPasswordHash { get; set; }

    /// <summary>The logo on that page, a <see cref="QrLogoRow"/> that may be gone; null: none.</summary>
    public long? StatisticsPublicLogo { get; set; }

    /// <summary>Rises by one with each edit that changes something; a click in the journal names it. See <see cref="LinkVersion"/>.</summary>
    public int Version { get; set; } = 1;

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }

    /// <summary>When the link came into the trash; null: it is in use.</summary>
    public long? DeletedAt { get; set; }

    /// <summary>The clicks of people when the list was last ordered by them: <see cref="LinkCount"/> is the truth.</summary>
    public long RankedClicks { get; set; }

    /// <summary>Copies its values. The copy is not stored.</summary>
    public LinkRow Copy() => (LinkRow)MemberwiseClone();
}

/// <summary>
/// The destinations of a link's former versions: of <see cref="Version"/> and those before it, back to the previous row. Clicks in the journal
/// name only a version. Deleted when those clicks are stored.
/// </summary>
internal sealed class FormerDestinations
{
    public required long LinkId { get; set; }
    public required int Version { get; set; }
    public required long ReplacedAt { get; set; }
    public required string LocationUrl { get; set; }
    public required string? Targeting { get; set; }

    public static FormerDestinations Of(LinkRow link, long now) =>
        new()
        {
            LinkId = link.Id,
            Version = link.Version,
            ReplacedAt = now,
            LocationUrl = link.LocationUrl,
            Targeting = link.Targeting,
        };
}

/// <summary>The number of stored requests of one kind for a link.</summary>
internal sealed class LinkCount
{
    public required long LinkId { get; set; }

    /// <summary>A <see cref="Core.Clicks.ClickKind"/>.</summary>
    public required byte Kind { get; set; }

    public required long Count { get; set; }
}

/// <summary>
/// The number of links in use of an account that have the same project, domain and state. Triggers of the migrations FastLists and Trash count.
/// </summary>
internal sealed class LinkGroup
{
    public required long AccountId { get; set; }

    /// <summary>0: no project.</summary>
    public required long ProjectId { get; set; }

    public required long DomainId { get; set; }
    public required bool IsEnabled { get; set; }
    public required long Links { get; set; }
}

/// <summary>Links that were clicked, and whose <see cref="LinkRow.RankedClicks"/> may be too low.</summary>
internal sealed class UnrankedLinks
{
    public long Id { get; set; }

    /// <summary>Ids as a JSON array.</summary>
    public required string Links { get; set; }
}

/// <summary>An alias that was given up. For a time, only its former account may take it again.</summary>
internal sealed class RetiredAlias
{
    public required long DomainId { get; set; }
    public required string AliasKey { get; set; }

    /// <summary>The alias as it was typed; empty: unknown.</summary>
    public string Alias { get; set; } = "";

    public required long AccountId { get; set; }
    public required long Until { get; set; }
}

/// <summary>An uploaded picture, checked by its content and named by us.</summary>
internal sealed class StoredFile
{
    public const long OfQrLogo = -1;

    /// <summary>A random name with the extension of the file's real type.</summary>
    public required string Name { get; set; }

    public required long AccountId { get; set; }

    /// <summary>Its link; 0: it is shared by the links of a bulk; <see cref="OfQrLogo"/>: it is the logo of QR codes.</summary>
    public required long LinkId { get; set; }

    public required string ContentType { get; set; }
    public required byte[] Content { get; set; }
    public required long CreatedAt { get; set; }

    /// <summary>Only former versions of the link name it, until this time; null: the link shows it.</summary>
    public long? KeptUntil { get; set; }
}
