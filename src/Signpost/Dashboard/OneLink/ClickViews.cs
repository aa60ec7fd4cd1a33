using System.Text.Json;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Dashboard.Explaining;
using Signpost.Dashboard.Shell;
using Signpost.Explain;
using Signpost.Statistics.Listing;
using Signpost.Statistics.Questions;
using Signpost.Web.Languages;
using static Signpost.Dashboard.OneLink.OneLinkLayout;

namespace Signpost.Dashboard.OneLink;

/// <summary>Shows clicks as people read them.</summary>
internal sealed class ClickViews(OwnLanguages languages, StepSentences sentences)
{
    // The filters that have a field in the form.
    private static readonly string[] Fields = ["kind", "country_code", "device_type", "start_date", "end_date"];

    /// <summary>The kinds of requests for a link, clicks first.</summary>
    public static IEnumerable<string> Kinds { get; } =
    [
        .. Enum.GetValues<ClickKind>()
            .Where(kind => kind is not ClickKind.UnknownLink)
            .OrderBy(kind => kind is not ClickKind.Person)
            .Select(KindNames.Of),
    ];

    /// <summary>A page of the list.</summary>
    public ClicksPage.Content ListOf(
        HttpContext http,
        LinkHead head,
        IReadOnlyList<ClickResponse> clicks,
        long? next,
        IReadOnlyList<FieldError> errors
    )
    {
        var page = languages.For(http);
        var texts = page.All;
        List<(string Name, string Value)> sent =
        [
            .. from one in http.Request.Query
            where one.Key is not ("cursor" or "")
            from value in one.Value
            where !string.IsNullOrEmpty(value)
            select (one.Key, value),
        ];
        var filters = DimensionNames
            .All.SelectMany(one => (string[])[one.Name, AskedStatistics.NotNameOf(one)])
            .ToHashSet(StringComparer.Ordinal);
        var chips =
            from one in sent
            where filters.Contains(BareName(one.Name))
            where !Fields.Contains(one.Name) || sent.Count(other => other.Name == one.Name) > 1
            select new ClicksPage.Chip(
                one.Name,
                one.Value,
                $"{LabelOf(BareName(one.Name), texts)}: {ValueOf(BareName(one.Name), one.Value, page)}",
                Address(head, sent.Where(other => other != one))
            );
        return new(
            head,
            sent.GroupBy(one => one.Name)
                .Where(one => one.Count() == 1)
                .ToDictionary(one => one.Key, one => one.First().Value, StringComparer.Ordinal),
            [.. chips],
            [.. clicks.Select(click => LineOf(http, click, page))],
            IsFirst: true,
            next is { } cursor ? Address(head, [.. sent, ("cursor", $"{cursor}")]) : null,
            Address(head, sent, "/export"),
            [.. errors.Select(error => ErrorOf(error, sent, page))]
        );
    }

    /// <summary>The page of a click.</summary>
    public ClickPage.Content Of(HttpContext http, LinkHead head, ExplainedClick explained)
    {
        var (page, click) = (languages.For(http), explained.Click);
        var texts = page.All;
        return new(
            head,
            click.Id ?? 0,
            OneLinkEndpoints.Instant(click.Datetime, http.Caller().TimeZone),
            click.Kind,
            explained.Decision.Status,
            explained.Decision.Location,
            FactsOf(head, click, page),
            sentences.LinesOf(explained.Steps, texts),
            explained.Agrees,
            explained.Version,
            [.. explained.NotKept.Select(sentence => sentences.Translate(sentence, texts))]
        );
    }

    // The fields of the API's response that are dimensions: each is also a filter of the list.
    private static List<ClickPage.Fact> FactsOf(LinkHead head, ClickResponse click, PageTexts page)
    {
        using var json = JsonDocument.Parse(ApiJson.Write(click));
        List<ClickPage.Fact> facts = [];
        foreach (var dimension in DimensionNames.All.Select(one => one.Name))
            if (json.RootElement.TryGetProperty(dimension, out var member))
            {
                var value = member.ValueKind is JsonValueKind.Null ? null : member.ToString();
                facts.Add(
                    new(
                        LabelOf(dimension, page.All),
                        value is null ? null : ValueOf(dimension, value, page),
                        Address(head, [(dimension, value ?? "null")])
                    )
                );
            }

        return facts;
    }

    private static ClicksPage.Line LineOf(HttpContext http, ClickResponse click, PageTexts page)
    {
        string?[] place =
        [
            click.CityName,
            click.CountryCode is { } country ? ValueOf("country_code", country, page) : null,
        ];
        string?[] device =
        [
            click.BrowserName,
            click.OsName is { } system ? ValueOf("os_name", system, page) : null,
            click.DeviceType is { } type ? ValueOf("device_type", type, page) : null,
        ];
        return new(
            click.Id ?? 0,
            OneLinkEndpoints.Instant(click.Datetime, http.Caller().TimeZone),
            click.Kind,
            string.Join(", ", place.OfType<string>()),
            string.Join(" · ", device.OfType<string>()),
            click.ReferrerHost is null ? null : click.ReferrerHost + click.ReferrerPath,
            click.Destination
        );
    }

    // The fields of the form show what was sent; for another filter the error says it.
    private static (string Text, string? Field) ErrorOf(
        FieldError error,
        IReadOnlyList<(string Name, string Value)> sent,
        PageTexts page
    )
    {
        var (name, text) = (BareName(error.Field ?? ""), FieldProblems.Translate(error.Title, page.All));
        var (label, isField) = (LabelOf(name, page.All), Fields.Contains(name));
        var values = string.Join(", ", sent.Where(one => BareName(one.Name) == name).Select(one => one.Value));
        return name.EndsWith("_date", StringComparison.Ordinal)
            ? (text, name)
            : ($"{label}: {values}. {text}", isField ? name : null);
    }

    private static string LabelOf(string name, IReadOnlyDictionary<string, string> texts) =>
        name.StartsWith("not_", StringComparison.Ordinal)
            ? texts.Fill("click.not", ("name", LabelOf(name["not_".Length..], texts)))
            : texts.GetValueOrDefault($"click.{name}") ?? texts.GetValueOrDefault($"by.{name}", name);

    // A click is one person, robot and so on; the names of the statistics are plurals.
    private static string ValueOf(string name, string value, PageTexts page)
    {
        var bare = name.StartsWith("not_", StringComparison.Ordinal) ? name["not_".Length..] : name;
        if (bare is "kind")
            return page.All.GetValueOrDefault($"click.kind.{value}", value);
        var dimension = DimensionNames.All.First(one => one.Name == bare);
        return new ValueNames(page).Of(dimension, value is AskedStatistics.Nothing ? null : value);
    }

    // A list may be sent as country_code[] or country_code[0].
    private static string BareName(string name) => name.Split('[')[0];

    private static string Address(LinkHead head, IEnumerable<(string Name, string Value)> values, string below = "") =>
        $"{head.Path}/clicks{below}"
        + QueryString.Create(values.Select(one => KeyValuePair.Create<string, string?>(one.Name, one.Value)));
}
