using Signpost.Api;
using Signpost.Dashboard.Explaining;
using Signpost.Links.Targeting;
using Signpost.Web.Components;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Links.Form.LinkFormPage;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Says in one line what is set in a closed section of the form.</summary>
internal sealed class LinkBriefs(LinkFormView view, ShellView shell, IReadOnlyDictionary<string, string> texts)
{
    private const int MostNamed = 3;
    private static readonly string[] UtmFields =
    [
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_term",
        "utm_content",
    ];
    private readonly LinkValues _values = view.Values;

    public string Address =>
        $"{TextOf(view.Domains, "domain_id") ?? (view.Domains is [var first, ..] ? first.Text : "")}/{Or(_values["url"], texts["link.brief.random"])}";

    public string Details =>
        Join(_values["title"], string.Join(", ", _values.ListOf("tags")), TextOf(view.Projects, "project_id"));

    public string Utm => Join([.. UtmFields.Select(name => _values[name])]);

    public string? Targeting
    {
        get
        {
            if (_values["targeting_type"] is var type && !TargetingType.Names.Contains(type))
                return null;
            var keys = _values.RulesOf(type).Where(rule => rule.Key is not "").ToList();
            var named = keys.Take(MostNamed).Select(rule => FieldNames.OfKey(type, rule.Key, texts));
            return $"{FieldNames.OfType(type, texts)}: {string.Join(", ", named)}{(keys.Count > MostNamed ? " …" : "")}";
        }
    }

    public string? Schedule
    {
        get
        {
            var (start, end) = (Time("start_date"), Time("end_date"));
            return (start, end) switch
            {
                (null, null) => null,
                (_, null) => texts.Fill("link.period.from", ("start", start)),
                (null, _) => texts.Fill("link.period.until", ("end", end)),
                _ => texts.Fill("link.period.both", ("start", start), ("end", end)),
            };
        }
    }

    public string? Limit =>
        long.TryParse(_values["clicks_limit"], out var limit)
            ? texts.Fill(
                "link.brief.limit",
                ("used", Shown.Number(view.Stored?.Clicks ?? 0, texts)),
                ("count", Shown.Number(limit, texts))
            )
            : null;

    public string? Password => view.Stored is { HasPassword: true } ? texts["link.brief.password"] : null;

    public string Before => Join(Flag("sensitive_content"), TextOf(view.SplashPages, "splash_page_id"));

    public string Cloaking => Join(On("cloaking_is_enabled"), _values["cloaking_title"]);

    public string? App => On("app_linking_is_enabled");

    public string Pixels =>
        string.Join(
            ", ",
            view.Pixels.Where(pixel => _values.ListOf("pixels_ids").Contains(pixel.Value)).Select(pixel => pixel.Text)
        );

    public string Redirect => Join(_values["http_status_code"], Flag("forward_query_parameters_is_enabled"));

    public string State => texts[_values.Has("is_enabled") ? "link.is_enabled" : "link.brief.disabled"];

    public string Statistics => Join(On("statistics_is_public"), _values["statistics_public_title"]);

    private string? Flag(string name) => _values.Has(name) ? texts[$"link.{name}"] : null;

    private string? On(string name) => _values.Has(name) ? texts["link.brief.on"] : null;

    private string? TextOf(IReadOnlyList<LinkFormView.Option> options, string name) =>
        options.FirstOrDefault(option => option.Value == _values[name])?.Text;

    // The time and how far away it is.
    private string? Time(string name)
    {
        if (!LocalTime.TryParse(_values[name], shell.Zone, out var milliseconds))
            return null;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return $"{Shown.LocalTime(time, shell.Zone, texts)} ({RelativeTimes.Of(time, shell.Now, shell.Zone, texts["language"])})";
    }

    private static string Or(string text, string other) => text is "" ? other : text;

    private static string Join(params ReadOnlySpan<string?> texts)
    {
        List<string> parts = [];
        foreach (var text in texts)
            if (text is not (null or ""))
                parts.Add(text);
        return string.Join(" · ", parts);
    }
}
