namespace Signpost.Storage;

/// <summary>A row that belongs to one account. Its times are milliseconds since 1970-01-01 UTC.</summary>
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

    /// <summary>The end of the address of its public statistics, which nobody can guess; null: they are not public.</summary>
    public string? StatisticsKey { get; set; }

    /// <summary>The title of its public statistics; null: they do not name it.</summary>
    public string? StatisticsPublicTitle { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}

/// <summary>A name that an account puts on links; a link may have several.</summary>
internal sealed class TagRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public required string Name { get; set; }

    /// <summary>The form of the name that is compared: without case. Unique in the account.</summary>
    public required string NameKey { get; set; }

    /// <summary>As in <c>#0f766e</c>, lower case.</summary>
    public required string Color { get; set; }

    /// <summary>The number of links that have it. Triggers of the migration Tags count.</summary>
    public long Links { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }

    public static string KeyOf(string name) => LinkTexts.Fold(name);
}

/// <summary>A link has a tag. A deleted tag is taken off its links later, by a job.</summary>
internal sealed class LinkTag
{
    public required long LinkId { get; set; }
    public required long TagId { get; set; }
}

/// <summary>A tracker of another company that an account's links may fire.</summary>
internal sealed class PixelRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }

    /// <summary>The type of the tracker, as the API names it.</summary>
    public required string Type { get; set; }

    public required string Name { get; set; }

    /// <summary>The company's id for the tracker: only letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, because it is written into pages.</summary>
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

/// <summary>A page that an account's links may show to people before they continue.</summary>
internal sealed class SplashPageRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public required string Name { get; set; }

    /// <summary>The heading; null: our own.</summary>
    public string? Title { get; set; }

    public string? Description { get; set; }

    /// <summary>The time that visitors wait, 0 to 60 seconds.</summary>
    public int LinkUnlockSeconds { get; set; }

    /// <summary>The text of the button; null: our own.</summary>
    public string? LinkUnlockButton { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}

/// <summary>A file that a custom domain serves for apps on phones.</summary>
internal sealed class DomainFile
{
    public required long DomainId { get; set; }

    /// <summary>The last part of its path, as in <c>assetlinks.json</c>.</summary>
    public required string Name { get; set; }

    /// <summary>JSON, as it was sent.</summary>
    public required string Content { get; set; }
}

/// <summary>A host that an account claims. Once verified, it serves the account's links.</summary>
internal sealed class DomainRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }

    /// <summary><c>https://</c> or <c>http://</c>: how the links' addresses are given out.</summary>
    public required string Scheme { get; set; }

    /// <summary>Lower case, punycode. Of all rows with the same host, only one may be verified.</summary>
    public required string Host { get; set; }

    public string? CustomIndexUrl { get; set; }
    public string? CustomNotFoundUrl { get; set; }
    public bool IsEnabled { get; set; } = true;

    /// <summary>Aliases that differ only in case are different ones. During a change, the links follow later.</summary>
    public bool IsCaseSensitive { get; set; }

    /// <summary>The domain whose links this one serves; 0: the main domain; null: it serves its own.</summary>
    public long? AliasOf { get; set; }

    /// <summary>The text that the DNS must hold to prove the claim; each claim has a new one.</summary>
    public required string Token { get; set; }

    /// <summary>The time since which the domain is verified; null: it is not.</summary>
    public long? VerifiedAt { get; set; }

    /// <summary>The time of the DNS's last answer, positive or negative.</summary>
    public long? CheckedAt { get; set; }

    /// <summary>The number of checks in a row that did not find the record.</summary>
    public int FailedChecks { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}

/// <summary>A QR code that an account keeps. It codes either the short address of a link or an address.</summary>
internal sealed class QrCodeRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public required string Name { get; set; }

    /// <summary>The part of its public address that nobody can guess.</summary>
    public required string Secret { get; set; }

    /// <summary>The link; it may be gone. Null: <see cref="Url"/> is coded.</summary>
    public long? LinkId { get; set; }

    /// <summary>The coded address; null: that of the link.</summary>
    public string? Url { get; set; }

    /// <summary>The length of a side, in pixels.</summary>
    public required int Size { get; set; }

    /// <summary>The light border, in modules.</summary>
    public required int Margin { get; set; }

    /// <summary>L, M, Q or H.</summary>
    public required string ErrorCorrection { get; set; }

    /// <summary>As in <c>#0f766e</c>, lower case.</summary>
    public required string Foreground { get; set; }

    /// <inheritdoc cref="Foreground"/>
    public required string Background { get; set; }

    /// <summary>The form of the modules, as the API names it.</summary>
    public required string Style { get; set; }

    /// <summary>The logo; it may be gone. Null: none.</summary>
    public long? LogoId { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}

/// <summary>A picture that an account puts into QR codes.</summary>
internal sealed class QrLogoRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public required string Name { get; set; }

    /// <summary>The name of its <see cref="StoredFile"/>; each upload has a new one.</summary>
    public required string File { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}

/// <summary>The use of a <see cref="PresetRow"/>. The numbers are stored, so they never change.</summary>
internal enum PresetKind
{
    /// <summary>Filters and an order of the list of links.</summary>
    View = 1,

    /// <summary>Values of UTM parameters.</summary>
    UtmTemplate = 2,

    /// <summary>The look of a QR code.</summary>
    QrPreset = 3,
}

/// <summary>A value that an account keeps under a name. Only clients read it.</summary>
internal sealed class PresetRow : IOwnedRow
{
    public long Id { get; set; }
    public required long AccountId { get; set; }
    public required PresetKind Kind { get; set; }
    public required string Name { get; set; }

    /// <summary>JSON without white space.</summary>
    public required string Value { get; set; }

    public required long CreatedAt { get; set; }
    public required long UpdatedAt { get; set; }
}
