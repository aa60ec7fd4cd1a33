using Signpost.Addressing;
using Signpost.Api;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Applies changes to a link and validates the result.</summary>
internal sealed class LinkDraft(ShortAddresses addresses, CaseRules rules)
{
    private const long MainDomain = 0;

    /// <summary>
    /// Applies all changes except passwords and pictures to <paramref name="row"/> and returns the errors. If there are any,
    /// the row must not be used.
    /// </summary>
    public IReadOnlyList<FieldError> Apply(LinkRow row, LinkChanges changes)
    {
        List<FieldError> errors = [.. changes.Errors];
        ApplyValues(row, changes);
        if (changes.Alias.Value is not null || changes.DomainId.IsPresent)
            SetKey(row);
        ApplySchedule(row, changes, errors);
        CheckAlias(row, changes, errors);
        CheckLoops(row, changes, errors);
        return errors;
    }

    public static void SetLocation(LinkRow row, TargetUrl location) =>
        (row.LocationUrl, row.LocationSent, row.LocationHash) = (
            location.Text,
            location.SentOrNull,
            AddressHash.Of(location.Text)
        );

    /// <summary>Makes the key of a link's alias by the present rule of its domain. An alias that is not drawn yet has none.</summary>
    public void SetKey(LinkRow row) => row.AliasKey = row.Alias is "" ? "" : rules.Of(row.DomainId).KeyOf(row.Alias);

    private static void ApplyValues(LinkRow row, LinkChanges changes)
    {
        if (changes.Alias.Value is { } alias)
            row.Alias = alias.Text;
        if (changes.Location.Value is { } location)
            SetLocation(row, location);
        row.Title = changes.Title.Or(row.Title);
        row.Note = changes.Note.Or(row.Note);
        row.ProjectId = changes.ProjectId.Or(row.ProjectId);
        row.SplashPageId = changes.SplashPageId.Or(row.SplashPageId);
        row.DomainId = changes.DomainId.Or(row.DomainId);
        row.IsEnabled = changes.IsEnabled.Or(row.IsEnabled);
        row.ClicksLimit = changes.ClicksLimit.Or(row.ClicksLimit);
        if (changes.Expiration.IsPresent)
            (row.ExpirationUrl, row.ExpirationSent) = (
                changes.Expiration.Value?.Text,
                changes.Expiration.Value?.SentOrNull
            );
        row.HttpStatusCode = changes.HttpStatusCode.Or(row.HttpStatusCode);
        row.SensitiveContent = changes.SensitiveContent.Or(row.SensitiveContent);
        row.AppLinkingIsEnabled = changes.AppLinking.Or(row.AppLinkingIsEnabled);
        row.CloakingIsEnabled = changes.Cloaking.Or(row.CloakingIsEnabled);
        row.CloakingTitle = changes.CloakingTitle.Or(row.CloakingTitle);
        row.CloakingMetaDescription = changes.CloakingMetaDescription.Or(row.CloakingMetaDescription);
        row.CloakingCustomJs = changes.CloakingCustomJs.Or(row.CloakingCustomJs);
        row.ForwardQueryParametersIsEnabled = changes.ForwardQueryParameters.Or(row.ForwardQueryParametersIsEnabled);
        row.UtmSource = changes.UtmSource.Or(row.UtmSource);
        row.UtmMedium = changes.UtmMedium.Or(row.UtmMedium);
        row.UtmCampaign = changes.UtmCampaign.Or(row.UtmCampaign);
        row.UtmTerm = changes.UtmTerm.Or(row.UtmTerm);
        row.UtmContent = changes.UtmContent.Or(row.UtmContent);
        row.StatisticsIsPublic = changes.StatisticsIsPublic.Or(row.StatisticsIsPublic);
        row.StatisticsPublicTitle = changes.StatisticsPublicTitle.Or(row.StatisticsPublicTitle);
        row.StatisticsPublicShows = changes.StatisticsPublicShows.Or(row.StatisticsPublicShows);
        row.StatisticsPublicPeriods = changes.StatisticsPublicPeriods.Or(row.StatisticsPublicPeriods);
        row.StatisticsPublicLogo = changes.StatisticsPublicLogo.Or(row.StatisticsPublicLogo);
        row.TargetingType = changes.TargetingType.Or(row.TargetingType);

        var lists = TargetingLists.Parse(row.Targeting);
        foreach (var change in changes.Targeting)
            lists = lists.With(change.Type.Name, change.Rules);
        row.Targeting = lists.ToJson();
    }

    // Dates imply a schedule, and no schedule means no dates. An implied schedule ends when its last date is removed.
    private static void ApplySchedule(LinkRow row, LinkChanges changes, List<FieldError> errors)
    {
        if (changes.Schedule is { IsPresent: true, Value: false })
        {
            (row.Schedule, row.StartAt, row.EndAt) = (false, null, null);
            return;
        }

        if (changes.Start.IsPresent)
            row.StartAt = changes.Start.Value?.Over(row.StartAt, changes.TimeZone);
        if (changes.End.IsPresent)
            row.EndAt = changes.End.Value?.Over(row.EndAt, changes.TimeZone);
        var hasDates = row.StartAt is not null || row.EndAt is not null;
        var clearsDates = changes.Start.IsPresent || changes.End.IsPresent;
        row.Schedule = changes.Schedule.Value || hasDates || (row.Schedule && !clearsDates);

        var datesAreNew = changes.Start.Value is not null || changes.End.Value is not null;
        if (datesAreNew && row.EndAt <= row.StartAt)
            errors.Add(new("end_date must be after start_date.", changes.End.As ?? changes.Start.As));
    }

    // If a link moves to another domain, its alias is validated there like a new one.
    private static void CheckAlias(LinkRow row, LinkChanges changes, List<FieldError> errors)
    {
        var isJudged = changes.Alias.Value is not null || changes.DomainId.IsPresent;
        if (isJudged && row.Alias is not "" && IsReserved(row.DomainId, row.Alias))
            errors.Add(new("The alias is reserved.", changes.Alias.As ?? changes.DomainId.As));
    }

    /// <summary>Tells whether the server needs the first segment of an alias, or of its key, for itself on that domain, in any case.</summary>
    public static bool IsReserved(long domainId, string alias) =>
        ReservedAliases.IsOn(domainId, Alias.KeyOf(alias, AliasCase.Ignored));

    // The link must not lead to itself. The error names the field that was sent.
    private void CheckLoops(LinkRow row, LinkChanges changes, List<FieldError> errors)
    {
        var aliasAs = changes.Alias.As ?? changes.DomainId.As;
        if (changes.Bulk is null && (changes.Location.IsPresent || aliasAs is not null))
            Check(row.LocationUrl, changes.Location.As ?? aliasAs!);
        if (row.ExpirationUrl is { } expiration && (changes.Expiration.IsPresent || aliasAs is not null))
            Check(expiration, changes.Expiration.As ?? aliasAs!);

        foreach (var entry in changes.Targeting.SelectMany(change => change.Entries))
            Check(entry.Value.Text, entry.ValueAs);
        if (aliasAs is null)
            return;
        foreach (var (type, pairs) in TargetingLists.Parse(row.Targeting).ByType)
            if (changes.Targeting.All(change => change.Type.Name != type))
                foreach (var pair in pairs)
                    Check(pair.Value, aliasAs);

        void Check(string target, string field)
        {
            if (LeadsTo(target, row.DomainId, row.AliasKey, changes.AskedHost))
                errors.Add(new("The address is the address of the link itself; this would be a loop.", field));
        }
    }

    /// <summary>Tells whether an address is the link with this alias on this domain.</summary>
    public bool LeadsTo(string target, long domainId, string aliasKey, string? askedHost) =>
        addresses.Find(TargetUrl.OfStored(target), askedHost) is { } found
        && found.DomainId == domainId
        && found.Keys.Contains(aliasKey);
}
