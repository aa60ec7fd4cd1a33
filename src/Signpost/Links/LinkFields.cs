using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Core.Links;
using Signpost.Files;
using Signpost.Links.Targeting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Reads the parameters of create and update, each by its own rule.</summary>
internal static class LinkFields
{
    public const string HiddenPassword = "********";
    public const int MostFaviconBytes = 1 << 20;
    public const int MostOpengraphBytes = 5 << 20;
    public const int LongestTitle = 256;
    public const int LongestNote = 4096;
    private const int LongestDescription = 1024;
    private const int LongestScript = 64 << 10;
    private const int LongestUtm = 256;
    private const int LongestPassword = 128;
    private const int MostPixels = 50;

    /// <summary>The fields that accept files, and the most bytes of each.</summary>
    public static FrozenDictionary<string, int> Files { get; } =
        new Dictionary<string, int>
        {
            ["cloaking_favicon"] = MostFaviconBytes,
            ["cloaking_opengraph"] = MostOpengraphBytes,
        }.ToFrozenDictionary();

    /// <param name="schemes">The schemes of apps that links may lead to; null: the known ones.</param>
    public static LinkChanges Read(Fields fields, TimeZoneInfo zone, bool isNew, AppSchemes? schemes = null) =>
        Read(new FieldReader(fields, zone), zone, isNew, schemes);

    /// <summary>As the other overload, with a reader that has read other fields of the request.</summary>
    public static LinkChanges Read(FieldReader read, TimeZoneInfo zone, bool isNew, AppSchemes? schemes = null)
    {
        read.OneOf("type", "link");
        var isBulk = isNew && read.Boolean("is_bulk").Value;
        var bulk = isBulk ? BulkLines.Read(read, schemes) : default;
        WarnOfIgnored(read, isNew, isBulk);

        LinkChanges changes = new()
        {
            Bulk = bulk.Value,
            BulkAs = bulk.As ?? "location_urls",
            Location = isBulk ? default : Location(read, schemes, isNew),
            Alias = isBulk ? default : ReadAlias(read),
            Title = read.Text("title", LongestTitle),
            Note = read.Text("note", LongestNote, TextRules.Lines),
            Tags = LinkTags.Read(read),
            ProjectId = ZeroIsNone(read.Number("project_id", _ => null)),
            SplashPageId = ZeroIsNone(read.Number("splash_page_id", _ => null)),
            DomainId = Domain(read),
            PixelsIds = Pixels(read),
            IsEnabled = read.Switch("is_enabled", isNew),
            Schedule = read.Boolean("schedule"),
            Start = read.SentDate("start_date"),
            End = read.SentDate("end_date"),
            ClicksLimit = ZeroIsNone(read.Number("clicks_limit", _ => null)),
            Expiration = read.Target("expiration_url", schemes),
            SensitiveContent = read.Boolean("sensitive_content"),
            HttpStatusCode = Status(read),
            AppLinking = read.Boolean("app_linking_is_enabled"),
            Cloaking = read.Boolean("cloaking_is_enabled"),
            CloakingTitle = read.Text("cloaking_title", LongestTitle),
            CloakingMetaDescription = read.Text("cloaking_meta_description", LongestDescription, TextRules.Folded),
            CloakingCustomJs = Script(read),
            CloakingFavicon = Picture(read, "cloaking_favicon", isNew),
            CloakingOpengraph = Picture(read, "cloaking_opengraph", isNew),
            Password = Password(read, "password", isNew),
            ForwardQueryParameters = read.Boolean("forward_query_parameters_is_enabled"),
            UtmSource = read.Text("utm_source", LongestUtm),
            UtmMedium = read.Text("utm_medium", LongestUtm),
            UtmCampaign = read.Text("utm_campaign", LongestUtm),
            UtmTerm = read.Text("utm_term", LongestUtm),
            UtmContent = read.Text("utm_content", LongestUtm),
            StatisticsIsPublic = read.Boolean("statistics_is_public"),
            StatisticsPublicTitle = read.Text("statistics_public_title", LongestTitle),
            StatisticsPublicShows = Parts(read, "statistics_public_shows", PublicParts.Shows),
            StatisticsPublicPeriods = Parts(read, "statistics_public_periods", PublicParts.Periods),
            StatisticsPublicPassword = Password(read, "statistics_public_password", isNew),
            StatisticsPublicLogo = ZeroIsNone(read.Number("statistics_public_logo", _ => null)),
            TargetingType = read.OneOf("targeting_type", TargetingType.Names),
            Targeting =
            [
                .. TargetingType
                    .All.Select(type => TargetingFields.Read(read, type, schemes))
                    .OfType<TargetingChange>(),
            ],
            FindsExisting = isNew && FindsExisting(read, isBulk),
            TimeZone = zone,
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
        read.WarnOfUnknown(typeof(LinkResponse));
        return changes;
    }

    private static void WarnOfIgnored(FieldReader read, bool isNew, bool isBulk)
    {
        if (isBulk)
            foreach (var name in (string[])["location_url", "url"])
            {
                if (read.IsFilled(name))
                    read.Warn($"{name} is ignored with is_bulk.", name);
            }
        else if (read.IsFilled("location_urls"))
            read.Warn(
                isNew ? "location_urls is ignored without is_bulk." : "location_urls is ignored by an update.",
                "location_urls"
            );
        if (!isNew)
            read.IsFilled("is_bulk");
    }

    private static Optional<string?> Parts(FieldReader read, string name, PublicParts parts)
    {
        var sent = read.List(name);
        if (sent.Value is not { } items)
            return default;
        HashSet<string> chosen = new(StringComparer.Ordinal);
        foreach (var item in items.Where(item => !string.IsNullOrWhiteSpace(item.Text) && item.Text is not "null"))
            if (parts.All.Contains(item.Text!))
                chosen.Add(item.Text!);
            else
                read.Add($"{name} must be some of {string.Join(", ", parts.All)}.", item.As);
        foreach (var part in chosen.Order(StringComparer.Ordinal).DefaultIfEmpty())
            read.Meaning.Add(name, part);
        return new(sent.As, parts.Write(chosen));
    }

    private static bool FindsExisting(FieldReader read, bool isBulk)
    {
        var sent = read.Boolean("find_existing");
        if (sent.Value && isBulk)
            read.Add("find_existing works for a single link.", sent.As!);
        return sent.Value;
    }

    private static Optional<TargetUrl?> Location(FieldReader read, AppSchemes? schemes, bool isNew)
    {
        var location = read.Target("location_url", schemes);
        if (isNew || location.IsPresent)
            read.Require("location_url", location, location.Value is not null);
        return location;
    }

    // An empty alias asks for a random one. Clients send "null" if they have no value.
    private static Optional<Alias?> ReadAlias(FieldReader read)
    {
        var sent = read.Verbatim("url", TextRules.Line);
        if (sent.Value is null or "null")
            return default;
        if (sent.Value is "")
            return new(sent.As, null);
        if (Core.Links.Alias.TryParse(sent.Value, out var alias, out var problem))
            return new(sent.As, alias);

        read.Add(problem, sent.As!);
        return default;
    }

    private static Optional<int> Status(FieldReader read)
    {
        var sent = read.OneOf("http_status_code", "301", "302", "307", "308");
        return sent.IsPresent ? new(sent.As, int.Parse(sent.Value ?? "302", CultureInfo.InvariantCulture)) : default;
    }

    private static Optional<string?> Script(FieldReader read) =>
        read.Read(
            "cloaking_custom_js",
            TextRules.Untrimmed | TextRules.Lines,
            text => Encoding.UTF8.GetByteCount(text) <= LongestScript ? null : "must be at most 64 KiB"
        );

    private static Optional<string?> Password(FieldReader read, string name, bool isNew)
    {
        var sent = read.Verbatim(name, TextRules.Untrimmed);
        if (sent.Value is null or "" or "null")
            return sent with { Value = null };
        if (sent.Value == HiddenPassword)
        {
            if (isNew)
                read.Add($"{name} must not be {HiddenPassword}: this text stands for the stored password.", sent.As!);
            return default;
        }

        if (FieldText.Length(sent.Value) <= LongestPassword)
            return sent;
        read.Add($"{name} must be at most {LongestPassword} characters.", sent.As!);
        return default;
    }

    private static Optional<LinkPicture?> Picture(FieldReader read, string name, bool isNew)
    {
        ImageFile? image = null;
        byte[] cleaned = [];
        var sent = read.File(
            name,
            Files[name],
            content => PictureMetadata.Remove(content.Span, out image, out cleaned)
        );
        if (sent.Value is not { } file)
            return new(sent.As, null);
        if (file.Address is null || !isNew)
            return new(sent.As, new(image, image is null ? file.Content : cleaned, file.Address));

        read.Add($"{name} must be a file, sent as multipart/form-data.", sent.As!);
        return default;
    }

    private static Optional<long?> ZeroIsNone(Optional<long?> sent) =>
        sent.Value is 0 ? sent with { Value = null } : sent;

    private static Optional<long> Domain(FieldReader read)
    {
        var sent = read.Number("domain_id", _ => null);
        return new(sent.As, sent.Value ?? 0);
    }

    // Clients send an empty value or 0 for "none", also in a list.
    private static Optional<IReadOnlyList<SentId>> Pixels(FieldReader read)
    {
        var sent = read.List("pixels_ids");
        if (sent.Value is not { } items)
            return default;

        var ids = new SortedDictionary<long, SentId>();
        foreach (var item in items.Where(item => !item.IsWrong && item.Text is not (null or "" or "0" or "null")))
            if (!FieldText.TryNumber(item.Text!, out var id))
                read.Add(LinkReferences.NoPixel, item.As);
            else
                ids.TryAdd(id, new(id, item.As));
        if (ids.Count > MostPixels)
            read.Add($"pixels_ids may hold at most {MostPixels} pixels.", sent.As!);

        foreach (var id in ids.Keys)
            read.Meaning.Add("pixels_ids", id.ToString(CultureInfo.InvariantCulture));
        return new(sent.As, [.. ids.Values]);
    }
}
