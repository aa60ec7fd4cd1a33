using System.Text.Json;
using System.Text.Json.Nodes;
using Signpost.Api.Callers;
using Signpost.Dashboard.Explaining;
using Signpost.Links.Targeting;
using Signpost.Links.Versions;
using Signpost.Web.Languages;
using static Signpost.Dashboard.OneLink.ChangeTable;
using static Signpost.Dashboard.OneLink.VersionsPage;

namespace Signpost.Dashboard.OneLink;

/// <summary>Says in the language of the page who changed what of a link.</summary>
internal sealed class VersionTexts(OwnLanguages languages)
{
    public VersionLine LineOf(HttpContext http, LinkVersionResponse version) =>
        LineOf(
            http,
            version.Version,
            version.Datetime,
            version.IsCurrent,
            version.Source,
            version.Person,
            version.Key,
            version.Fields
        );

    public VersionLine LineOf(HttpContext http, LinkVersionDetailsResponse version) =>
        LineOf(
            http,
            version.Version,
            version.Datetime,
            version.IsCurrent,
            version.Source,
            version.Person,
            version.Key,
            version.Fields
        );

    public IReadOnlyList<ChangedLine> ChangesOf(
        HttpContext http,
        IReadOnlyList<ChangedFieldResponse> changes,
        ThingNames names
    )
    {
        var texts = languages.For(http).All;
        return
        [
            .. changes.Select(change => new ChangedLine(
                FieldNames.Of(change.Field, texts),
                Text(change.Field, change.Before, names, texts),
                Text(change.Field, change.After, names, texts)
            )),
        ];
    }

    private VersionLine LineOf(
        HttpContext http,
        int number,
        string datetime,
        bool isCurrent,
        string? source,
        string? person,
        string? key,
        IReadOnlyList<string> fields
    )
    {
        var texts = languages.For(http).All;
        var who = source switch
        {
            "server" => texts["versions.server"],
            "key" => string.Join(" · ", new[] { person, key ?? texts["versions.key"] }.OfType<string>()),
            _ => person ?? texts["versions.somebody"],
        };
        return new(
            number,
            OneLinkEndpoints.Instant(datetime, http.Caller().TimeZone),
            isCurrent,
            who,
            [.. fields.Select(field => FieldNames.Of(field, texts))]
        );
    }

    private static string? Text(
        string field,
        JsonNode? value,
        ThingNames names,
        IReadOnlyDictionary<string, string> texts
    ) =>
        (field, value) switch
        {
            (_, null or JsonArray { Count: 0 }) => null,
            ("project_id", _) => names.Project(value.GetValue<long>()),
            ("splash_page_id", _) => names.SplashPage(value.GetValue<long>()),
            ("statistics_public_logo", _) => names.Logo(value.GetValue<long>()),
            ("domain_id", _) => names.Domain(value.GetValue<long>()),
            ("pixels_ids", JsonArray ids) => names.Pixels([.. ids.Select(id => id!.GetValue<long>())]),
            ("targeting_type", _) => FieldNames.OfType(value.GetValue<string>(), texts),
            (_, JsonArray rules) when TargetingType.All.FirstOrDefault(one => one.Field == field) is { } type =>
                string.Join('\n', rules.Select(rule => Rule(type.Name, rule!, texts))),
            (_, JsonArray list) => string.Join(", ", list.Select(one => $"{one}")),
            _ when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => texts[
                value.GetValue<bool>() ? "versions.yes" : "versions.no"
            ],
            _ => value.ToString(),
        };

    private static string Rule(string type, JsonNode rule, IReadOnlyDictionary<string, string> texts) =>
        $"{FieldNames.OfKey(type, $"{rule["key"]}", texts)} → {rule["value"]}";
}
