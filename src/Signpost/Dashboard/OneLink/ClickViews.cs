using System.Text.Json;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Dashboard.Explaining;
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
    public ClicksPage.Content ListOf(HttpContext http, LinkHead head, IReadOnlyList<ClickResponse> clicks, long? next)
    {
        var texts = languages.For(http).All;
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
                $"{LabelOf(BareName(one.Name), texts)}: {ValueOf(BareName(one.Name), one.Value, texts)}",
                Address(head, sent.Where(other => other != one))
            );
        return new(
            head,
            sent.GroupBy(one => one.Name)
                .Where(one => one.Count() == 1)
                .ToDictionary(one => one.Key, one => one.First().Value, StringComparer.Ordinal),
            [.. chips],
            [.. clicks.Select(click => LineOf(http, click, texts))],
            IsFirst: true,
            next is { } cursor ? Address(head, [.. sent, ("cursor", $"{cursor}")]) : null,
            Address(head, sent, "/export"),
            IsWrong: false
        );
    }

    /// <summary>The page of a click.</summary>
    public ClickPage.Content Of(HttpContext http, LinkHead head, ExplainedClick explained)
    {
        var (texts, click) = (languages.For(http).All, explained.Click);
        return new(
            head,
            click.Id ?? 0,
            OneLinkEndpoints.Instant(click.Datetime, http.Caller().TimeZone),
            click.Kind,
            explained.Decision.Status,
            explained.Decision.Location,
            FactsOf(head, click, texts),
            sentences.LinesOf(explained.Steps, texts),
            explained.Agrees,
            explained.Version,
            [.. explained.NotKept.Select(sentence => sentences.Translate(sentence, texts))]
        );
    }

    // The fields of the API's response that are dimensions: each is also a filter of the list.
    private static List<ClickPage.Fact> FactsOf(
        LinkHead head,
        ClickResponse click,
        IReadOnlyDictionary<string, string> texts
    )
    {
        using var json = JsonDocument.Parse(ApiJson.Write(click));
        List<ClickPage.Fact> facts = [];
        foreach (var dimension in DimensionNames.All.Select(one => one.Name))
            if (json.RootElement.TryGetProperty(dimension, out var member))
            {
                var value = member.ValueKind is JsonValueKind.Null ? null : member.ToString();
                facts.Add(
                    new(
                        LabelOf(dimension, texts),
                        value is null ? null : ValueOf(dimension, value, texts),
                        Address(head, [(dimension, value ?? "null")])
                    )
                );
            }

        return facts;
    }

    private static ClicksPage.Line LineOf(
        HttpContext http,
        ClickResponse click,
        IReadOnlyDictionary<string, string> texts
    )
    {
        string?[] place =
        [
            click.CityName,
            click.CountryCode is { } country ? ValueOf("country_code", country, texts) : null,
        ];
        string?[] device =
        [
            click.BrowserName,
            click.OsName,
            click.DeviceType is { } type ? ValueOf("device_type", type, texts) : null,
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

    private static string LabelOf(string name, IReadOnlyDictionary<string, string> texts) =>
        name.StartsWith("not_", StringComparison.Ordinal)
            ? texts.Fill("click.not", ("name", LabelOf(name["not_".Length..], texts)))
            : texts.GetValueOrDefault($"click.{name}") ?? texts.GetValueOrDefault($"by.{name}", name);

    private static string ValueOf(string name, string value, IReadOnlyDictionary<string, string> texts) =>
        (name.StartsWith("not_", StringComparison.Ordinal) ? name["not_".Length..] : name, value) switch
        {
            (_, "null") => texts["explain.any"],
            ("kind", _) => texts.GetValueOrDefault($"click.kind.{value}", value),
            ("trigger", _) => texts.GetValueOrDefault($"click.trigger.{value}", value),
            var (type, key) => FieldNames.OfKey(type, key, texts),
        };

    // A list may be sent as country_code[] or country_code[0].
    private static string BareName(string name) => name.Split('[')[0];

    private static string Address(LinkHead head, IEnumerable<(string Name, string Value)> values, string below = "") =>
        $"{head.Path}/clicks{below}"
        + QueryString.Create(values.Select(one => KeyValuePair.Create<string, string?>(one.Name, one.Value)));
}
