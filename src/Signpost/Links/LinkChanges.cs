using System.Collections.Immutable;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Edits;
using Signpost.Core.Links;
using Signpost.Files;
using Signpost.Links.Targeting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// The changes that a request makes to a link. Each value is already valid by itself.
/// <see cref="LinkEditor"/> validates the values that depend on the rest of the link.
/// </summary>
internal sealed record LinkChanges : IChanges
{
    /// <summary>The errors of single values. A field with an error counts as not sent.</summary>
    public required IReadOnlyList<FieldError> Errors { get; init; }

    public required Meaning Meaning { get; init; }

    public required List<Warning> Warnings { get; init; }

    /// <summary>The host of the API request: one more name of this server.</summary>
    public string? AskedHost { get; init; }

    /// <summary>The version of the link that the caller saw: an edit of another one is refused; null: of any.</summary>
    public int? SeenVersion { get; init; }

    /// <summary>The time zone of the dates.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>A link of the same destination and settings is taken instead of a new one.</summary>
    public bool FindsExisting { get; init; }

    /// <summary>The destination of each link of a bulk; null for a single link.</summary>
    public IReadOnlyList<BulkLine>? Bulk { get; init; }

    /// <summary>The field name of the bulk's lines in the request.</summary>
    public string BulkAs { get; init; } = "location_urls";

    public Optional<TargetUrl?> Location { get; init; }

    /// <summary>The alias; null asks for a random one.</summary>
    public Optional<Alias?> Alias { get; init; }

    public Optional<string?> Title { get; init; }
    public Optional<string?> Note { get; init; }

    /// <summary>The names of all tags of the link, each once.</summary>
    public Optional<IReadOnlyList<string>> Tags { get; init; }

    /// <summary>The names of tags that the link gets beside its own. Only changes of many links have them.</summary>
    public Optional<IReadOnlyList<string>> AddedTags { get; init; }

    /// <summary>The names of tags that the link loses. Only changes of many links have them.</summary>
    public Optional<IReadOnlyList<string>> RemovedTags { get; init; }

    public Optional<long?> ProjectId { get; init; }

    public Optional<long?> SplashPageId { get; init; }

    /// <summary>0 is the main domain.</summary>
    public Optional<long> DomainId { get; init; }

    /// <summary>All pixels of the link, each once, in ascending order.</summary>
    public Optional<IReadOnlyList<SentId>> PixelsIds { get; init; }

    public Optional<bool> IsEnabled { get; init; }
    public Optional<bool> Schedule { get; init; }
    public Optional<SentDate?> Start { get; init; }
    public Optional<SentDate?> End { get; init; }
    public Optional<long?> ClicksLimit { get; init; }
    public Optional<TargetUrl?> Expiration { get; init; }
    public Optional<bool> SensitiveContent { get; init; }
    public Optional<int> HttpStatusCode { get; init; }
    public Optional<bool> AppLinking { get; init; }
    public Optional<bool> Cloaking { get; init; }
    public Optional<string?> CloakingTitle { get; init; }
    public Optional<string?> CloakingMetaDescription { get; init; }
    public Optional<string?> CloakingCustomJs { get; init; }
    public Optional<LinkPicture?> CloakingFavicon { get; init; }
    public Optional<LinkPicture?> CloakingOpengraph { get; init; }

    /// <summary>The password in clear; null removes it.</summary>
    public Optional<string?> Password { get; init; }

    public Optional<bool> ForwardQueryParameters { get; init; }
    public Optional<string?> UtmSource { get; init; }
    public Optional<string?> UtmMedium { get; init; }
    public Optional<string?> UtmCampaign { get; init; }
    public Optional<string?> UtmTerm { get; init; }
    public Optional<string?> UtmContent { get; init; }
    public Optional<bool> StatisticsIsPublic { get; init; }
    public Optional<string?> StatisticsPublicTitle { get; init; }

    /// <summary>As <see cref="PublicParts"/> writes them.</summary>
    public Optional<string?> StatisticsPublicShows { get; init; }

    /// <inheritdoc cref="StatisticsPublicShows"/>
    public Optional<string?> StatisticsPublicPeriods { get; init; }

    /// <summary>The password of the page of public statistics in clear; null removes it.</summary>
    public Optional<string?> StatisticsPublicPassword { get; init; }

    public Optional<long?> StatisticsPublicLogo { get; init; }
    public Optional<string?> TargetingType { get; init; }

    /// <summary>The lists in the request. Each replaces the stored list of its type.</summary>
    public ImmutableArray<TargetingChange> Targeting { get; init; } = [];
}

/// <summary>One line of a bulk; lines count from 1, blank ones too.</summary>
internal readonly record struct BulkLine(int Number, TargetUrl Location);

/// <summary>One id of a list, and its field name in the request.</summary>
internal readonly record struct SentId(long Id, string As);

/// <summary>A targeting list as it was sent.</summary>
internal sealed record TargetingChange(TargetingType Type, ImmutableArray<TargetingEntry> Entries)
{
    public IReadOnlyList<StoredTargetingRule> Rules =>
        [.. Entries.Select(entry => new StoredTargetingRule(entry.Key, entry.Value.Text, entry.Value.SentOrNull))];
}

/// <summary>A valid rule, and the field name of its address in the request.</summary>
internal readonly record struct TargetingEntry(string Key, TargetUrl Value, string ValueAs);

/// <summary>A new picture, or (<paramref name="Address"/>) the current one under its address from a response.</summary>
internal sealed record LinkPicture(ImageFile? Image, ReadOnlyMemory<byte> Content, string? Address)
{
    /// <summary>A picture of a former version; null: none.</summary>
    public KeptPicture? Kept { get; init; }

    public bool IsNew => Image is not null || Kept is not null;

    public long Bytes => Kept?.Bytes ?? Content.Length;
}

/// <summary>A stored picture that only former versions of the link name.</summary>
internal readonly record struct KeptPicture(string Name, long Bytes);
