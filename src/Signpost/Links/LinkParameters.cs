using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Signpost.Api.Documentation;
using Signpost.Links.Targeting;

namespace Signpost.Links;

/// <summary>A parameter of create and update, as the OpenAPI document tells it.</summary>
/// <param name="OnlyOnCreate">Update ignores it.</param>
internal sealed record LinkParameter(string Name, OpenApiSchema Schema, string Description, bool OnlyOnCreate = false);

/// <summary>What <see cref="LinkFields"/> reads, told to people and their tools.</summary>
internal static class LinkParameters
{
    private static readonly string[] Dates = ["2026-12-24 18:00:00"];

    /// <summary>The request body of create or update: the same fields in each of the three types.</summary>
    public static OpenApiRequestBody Body(bool isNew)
    {
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var type in (string[])["multipart/form-data", "application/x-www-form-urlencoded", "application/json"])
            content[type] = new OpenApiMediaType
            {
                Schema = Schema(isNew, type),
                Example = isNew
                    ? new JsonObject { ["url"] = "example", ["location_url"] = "https://example.com/" }
                    : new JsonObject { ["is_enabled"] = 0 },
            };
        return new() { Required = isNew, Content = content };
    }

    private static OpenApiSchema Schema(bool isNew, string type)
    {
        var properties = new Dictionary<string, IOpenApiSchema>();
        var isJson = type == "application/json";
        foreach (var parameter in All().Where(parameter => isNew || !parameter.OnlyOnCreate))
            properties[NameIn(parameter, isJson)] = Described(parameter, isJson);
        if (type == "multipart/form-data")
            foreach (var (name, most) in LinkFields.Files)
                properties[name] = File(most);
        if (isJson)
            foreach (var target in TargetingType.All)
                properties[target.Field] = Rules(target);
        return new() { Type = JsonSchemaType.Object, Properties = properties };
    }

    // In a form a list is name[]; in JSON it is an array under the bare name, and whatever can be cleared may be null.
    private static string NameIn(LinkParameter parameter, bool isJson) =>
        parameter.Schema.Type == JsonSchemaType.Array && !isJson ? $"{parameter.Name}[]" : parameter.Name;

    private static OpenApiSchema Described(LinkParameter parameter, bool isJson)
    {
        var schema = parameter.Schema;
        schema.Description = parameter.Description;
        if (isJson && schema.Type is JsonSchemaType.String or JsonSchemaType.Integer && schema.Enum is null)
            schema.Type |= JsonSchemaType.Null;
        if (isJson && parameter.Name == "location_urls")
            (schema.Type, schema.Items) = (schema.Type | JsonSchemaType.Array, Describe.Address());
        return schema;
    }

    private static ImmutableArray<LinkParameter> All() =>
        [
            new("type", Describe.OneOf("link"), "The only type there is."),
            new(
                "location_url",
                Describe.Address(),
                "Where the link leads. Required unless is_bulk is 1. http, https or the scheme of a known app.",
                false
            ),
            new("url", Describe.Limited(256), "The alias. Empty: a random one. On update, absent or null leaves it."),
            new("is_bulk", Describe.Flag(), "1: make a link of each line of location_urls, all or none.", true),
            new("location_urls", Text(), "Addresses, one a line, up to 1,000; in JSON an array will do too.", true),
            new(
                "domain_id",
                Whole(0),
                "0 is the main domain; else one of your verified domains. Another one moves the link."
            ),
            new("project_id", Whole(0), "One of your projects. 0 or empty: none."),
            new("pixels_ids", ListOf(Whole(0)), "Your pixels that fire, up to 50. Empty: none."),
            new("schedule", Describe.Flag(), "0 clears both dates. Dates imply 1."),
            new("start_date", Date(), "Before this, the link answers like a missing one. In the account's time zone."),
            new("end_date", Date(), "From then on visitors get expiration_url. Must be after start_date."),
            new("clicks_limit", Whole(1), "The last click that still arrives. Counts all the link ever had."),
            new("expiration_url", Describe.Address(), "Where visitors go after the end date or the limit."),
            new("sensitive_content", Describe.Flag(), "Warn before going on."),
            new("http_status_code", Describe.OneOf(301, 302, 307, 308), "How to redirect; 302 unless set."),
            new("app_linking_is_enabled", Describe.Flag(), "Open the native app of known sites on phones."),
            new("cloaking_is_enabled", Describe.Flag(), "Show the destination in a frame under the short address."),
            new("cloaking_title", Describe.Limited(256), "Title of the page, also in link previews."),
            new("cloaking_meta_description", Describe.Limited(1024), "Description of the page, also in link previews."),
            new("cloaking_custom_js", Text(), "Script for the cloaked page, at most 64 KiB."),
            new(
                "password",
                Describe.Limited(128),
                "Asked for before going on; ******** on update leaves it, the empty text removes it."
            ),
            new(
                "forward_query_parameters_is_enabled",
                Describe.Flag(),
                "Merge the visitor's query into the destination's."
            ),
            new("utm_source", Describe.Limited(256), "Set as utm_source on the destination."),
            new("utm_medium", Describe.Limited(256), "Set as utm_medium on the destination."),
            new("utm_campaign", Describe.Limited(256), "Set as utm_campaign on the destination."),
            new("is_enabled", Describe.Flag(), "0: the link answers like a missing one."),
            new(
                "statistics_is_public",
                Describe.Flag(),
                "1: whoever knows the short address may see how often it is followed, at statistics_url."
            ),
            new("targeting_type", Describe.OneOf(TargetingType.Names), "The list that is in force. Empty: none."),
            .. TargetingType.All.SelectMany(Keys),
        ];

    private static IEnumerable<LinkParameter> Keys(TargetingType type) =>
        [
            new(
                $"{type.Field}_key",
                ListOf(Text()),
                $"Each is {type.Expected}. Paired with the values by index; up to 100."
            ),
            new(
                $"{type.Field}_value",
                ListOf(Describe.Address()),
                $"Where visitors who match go. Paired with the keys by index."
            ),
        ];

    private static OpenApiSchema Rules(TargetingType type) =>
        new()
        {
            Type = JsonSchemaType.Array | JsonSchemaType.Null,
            MaxItems = TargetingType.MostRules,
            Description = $"Instead of {type.Field}_key and {type.Field}_value.",
            Items = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "key", "value" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["key"] = Describe.Text($"Is {type.Expected}."),
                    ["value"] = Describe.Address(),
                },
            },
        };

    private static OpenApiSchema File(int most) =>
        new()
        {
            Type = JsonSchemaType.String,
            Format = "binary",
            Description =
                $"A PNG, JPEG, WebP, GIF or ICO picture of at most {most >> 20} MiB and 4096 by 4096 pixels. Empty text clears it.",
        };

    private static OpenApiSchema Text() => Describe.Text();

    private static OpenApiSchema Whole(int least) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = $"{least}",
            Format = "int64",
        };

    private static OpenApiSchema Date() =>
        new() { Type = JsonSchemaType.String, Examples = [.. Dates.Select(date => (JsonNode)date)] };

    private static OpenApiSchema ListOf(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };
}
