using System.Globalization;
using Signpost.Api;
using Signpost.Dashboard.Explaining;
using Signpost.Links;
using Signpost.Web.Components;
using Signpost.Web.Languages;
using static Signpost.Dashboard.OneLink.DetailsPage;

namespace Signpost.Dashboard.OneLink;

/// <summary>Says in sentences what is set for a link.</summary>
internal sealed class LinkFacts(
    LinkResponse link,
    ThingNames names,
    IReadOnlyDictionary<string, string> texts,
    TimeZoneInfo zone,
    DateTimeOffset now
)
{
    private readonly LinkSettingsResponse _settings = link.Settings;

    public IReadOnlyList<Fact> All =>
        [
            .. new[]
            {
                Is("location_url", "link", Address(link.LocationUrl)),
                Targeting(),
                Utm(),
                Schedule(),
                Limit(),
                Is("expiration_url", "clock-alert", Address(_settings.ExpirationUrl)),
                If(_settings.Password is not null, "password", "lock", "one.password"),
                If(_settings.SensitiveContent, "sensitive_content", "triangle-alert", "one.sensitive"),
                Is("splash_page_id", "image", Plain(names.SplashPage(_settings.SplashPageId))),
                Cloaking(),
                If(_settings.AppLinkingIsEnabled, "app_linking_is_enabled", "smartphone", "one.app"),
                Is("pixels_ids", "radar", Plain(names.Pixels(link.PixelsIds))),
                Redirect(),
                Is("project_id", "folder", Plain(names.Project(link.ProjectId))),
            }.OfType<Fact>(),
        ];

    private Fact? Targeting()
    {
        if (_settings.TargetingType is not { } type)
            return null;
        var rules = RulesOf(type);
        var sum = type is "rotation" ? rules.Sum(rule => Weight(rule.Key)) : 0;
        var sentence = texts[$"one.rule.{SentenceOf(type)}"];
        List<Line> lines =
        [
            .. rules.Select(rule => new Line(
                sentence,
                (
                    "key",
                    type is "rotation"
                        ? Shown.Percent((double)(Weight(rule.Key) / sum), texts)
                        : FieldNames.OfKey(type, rule.Key, texts)
                ),
                ("value", rule.Value)
            )),
        ];
        if (type is not "rotation" || rules.Count == 0)
            lines.Add(new(texts["one.rule.others"]));
        return new(FieldNames.Of($"targeting_{type}", texts), "split", lines);
    }

    private IReadOnlyList<TargetingRuleResponse> RulesOf(string type) =>
        type switch
        {
            "continent_code" => _settings.TargetingContinentCode,
            "country_code" => _settings.TargetingCountryCode,
            "city_name" => _settings.TargetingCityName,
            "device_type" => _settings.TargetingDeviceType,
            "browser_language" => _settings.TargetingBrowserLanguage,
            "rotation" => _settings.TargetingRotation,
            "os_name" => _settings.TargetingOsName,
            _ => _settings.TargetingBrowserName,
        };

    private static string SentenceOf(string type) =>
        type switch
        {
            "continent_code" or "country_code" or "city_name" => "place",
            "browser_language" => "language",
            "rotation" => "rotation",
            _ => "agent",
        };

    private Fact? Utm()
    {
        (string Name, string? Value)[] all =
        [
            ("utm_source", _settings.UtmSource),
            ("utm_medium", _settings.UtmMedium),
            ("utm_campaign", _settings.UtmCampaign),
            ("utm_term", _settings.UtmTerm),
            ("utm_content", _settings.UtmContent),
        ];
        Line[] lines =
        [
            .. all.Where(one => one.Value is not null)
                .Select(one => new Line("{value}", ("value", $"{one.Name}={one.Value}"))),
        ];
        return lines is [] ? null : new(texts["fact.utm"], "sliders-horizontal", lines);
    }

    private Fact? Schedule()
    {
        if (!_settings.Schedule)
            return null;
        var (start, end) = (Time(link.StartDate), Time(link.EndDate));
        Line? line = (start, end) switch
        {
            (null, null) => null,
            (_, null) => new(texts["one.period.from"], ("start", start)),
            (null, _) => new(texts["one.period.until"], ("end", end)),
            _ => new(texts["one.period.both"], ("start", start), ("end", end)),
        };
        return Is("schedule", "calendar-clock", line);
    }

    private Fact? Limit() =>
        _settings.ClicksLimit is not { } limit
            ? null
            : Is(
                "clicks_limit",
                "gauge",
                new Line(
                    texts["one.limit"],
                    ("used", Shown.Number(Math.Min(link.Clicks, limit), texts)),
                    ("count", Shown.Number(limit, texts))
                )
            );

    private Fact? Cloaking()
    {
        if (!_settings.CloakingIsEnabled)
            return null;
        List<Line> lines = [new(texts["one.cloaking"])];
        if (_settings.CloakingTitle is { } title)
            lines.Add(new("{key}", ("key", title)));
        return new(FieldNames.Of("cloaking_is_enabled", texts), "frame", lines);
    }

    private Fact Redirect()
    {
        List<Line> lines =
        [
            new(texts["one.redirect"], ("code", _settings.HttpStatusCode.ToString(CultureInfo.InvariantCulture))),
        ];
        if (_settings.ForwardQueryParametersIsEnabled)
            lines.Add(new(texts["one.forward"]));
        return new(texts["fact.redirect"], "route", lines);
    }

    private Fact? If(bool isSet, string field, string icon, string text) =>
        isSet ? Is(field, icon, new Line(texts[text])) : null;

    private Fact? Is(string field, string icon, Line? line) =>
        line is null ? null : new(FieldNames.Of(field, texts), icon, [line]);

    private static Line? Address(string? address) => address is null ? null : new("{value}", ("value", address));

    private static Line? Plain(string? text) => text is null ? null : new("{key}", ("key", text));

    private static decimal Weight(string key) => decimal.Parse(key, CultureInfo.InvariantCulture);

    // The time and how far away it is.
    private string? Time(string? text)
    {
        if (text is null || !LocalTime.TryParse(text, zone, out var milliseconds))
            return null;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return $"{Shown.LocalTime(time, zone, texts)} ({RelativeTimes.Of(time, now, zone, texts["language"])})";
    }
}
