using Microsoft.OpenApi;
using Signpost.Api.Documentation;
using Signpost.Links.Targeting;

namespace Signpost.Links;

/// <summary>The parameters that <see cref="LinkFields"/> and <see cref="LinkQuery"/> read, for the OpenAPI document.</summary>
internal static class LinkParameters
{
    /// <summary>The filters and the order of the list.</summary>
    public static IEnumerable<Parameter> Filters() =>
        [
            .. Describe.Paging(),
            new("search", Describe.Text(), "A part of the alias or the address, taken literally, without case."),
            new("search_by", Describe.OneOf("url", "location_url"), "Where to search; url unless set."),
            new("type", Describe.OneOf("link"), "The only type there is."),
            new("is_enabled", Describe.Flag(), "Only enabled or only disabled links."),
            new("project_id", Describe.Whole(0), "Only links of this project; 0: of none."),
            new("domain_id", Describe.Whole(0), "Only links of this domain; 0: the main domain."),
            new(
                "datetime_field",
                Describe.OneOf("datetime", "last_datetime"),
                "What the next two are about; datetime unless set."
            ),
            new("datetime_start", Describe.Text(), "Not before this date."),
            new("datetime_end", Describe.Text(), "Not after this date."),
            new(
                "order_by",
                Describe.OneOf("link_id", "datetime", "last_datetime", "clicks", "url"),
                "link_id unless set."
            ),
            new("order_type", Describe.OneOf("ASC", "DESC"), "DESC unless set."),
        ];

    /// <summary>The fields of create and update.</summary>
    public static IEnumerable<Parameter> Fields() =>
        [
            new("type", Describe.OneOf("link"), "The only type there is."),
            new(
                "location_url",
                Describe.Address(),
                "Where the link leads. Required unless is_bulk is 1. http, https or the scheme of a known app."
            )
            {
                Example = "https://example.com/",
            },
            new("url", Describe.Limited(256), "The alias. Empty: a random one. On update, absent or null leaves it.")
            {
                Example = "example",
            },
            new("is_bulk", Describe.Flag(), "1: make a link of each line of location_urls, all or none.")
            {
                IsOnlyForNew = true,
            },
            new("location_urls", Describe.Text(), "Addresses, one a line, up to 1,000.")
            {
                IsOnlyForNew = true,
                Bodies = BodyTypes.Forms,
            },
            new("location_urls", Lines(), "Addresses, up to 1,000: one a line, or an array.")
            {
                IsOnlyForNew = true,
                Bodies = BodyTypes.Json,
            },
            new(
                "domain_id",
                Describe.Whole(0),
                "0 is the main domain; else one of your verified domains. Another one moves the link."
            ),
            new("project_id", Describe.Whole(0), "One of your projects. 0 or empty: none."),
            new("pixels_ids", Describe.ListOf(Describe.Whole(0)), "Your pixels that fire, up to 50. Empty: none."),
            new("schedule", Describe.Flag(), "0 clears both dates. Dates imply 1."),
            new("start_date", Date(), "Before this, the link answers like a missing one. In the account's time zone."),
            new("end_date", Date(), "From then on visitors get expiration_url. Must be after start_date."),
            new("clicks_limit", Describe.Whole(1), "The last click that still arrives. Counts all the link ever had."),
            new("expiration_url", Describe.Address(), "Where visitors go after the end date or the limit."),
            new("sensitive_content", Describe.Flag(), "Warn before going on."),
            new("http_status_code", Describe.OneOf(301, 302, 307, 308), "How to redirect; 302 unless set."),
            new("app_linking_is_enabled", Describe.Flag(), "Open the native app of known sites on phones."),
            new("cloaking_is_enabled", Describe.Flag(), "Show the destination in a frame under the short address."),
            new("cloaking_title", Describe.Limited(256), "Title of the page, also in link previews."),
            new("cloaking_meta_description", Describe.Limited(1024), "Description of the page, also in link previews."),
            new("cloaking_custom_js", Describe.Text(), "Script for the cloaked page, at most 64 KiB."),
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
            .. TargetingType.All.SelectMany(Rules),
            .. LinkFields.Files.Select(file => Picture(file.Key, file.Value)),
        ];

    private static IEnumerable<Parameter> Rules(TargetingType type) =>
        [
            new(
                $"{type.Field}_key",
                Describe.ListOf(Describe.Text()),
                $"Each is {type.Expected}. Paired with the values by index; up to 100."
            ),
            new(
                $"{type.Field}_value",
                Describe.ListOf(Describe.Address()),
                "Where visitors who match go. Paired with the keys by index."
            ),
            new(type.Field, Pairs(type), $"Instead of {type.Field}_key and {type.Field}_value.")
            {
                Bodies = BodyTypes.Json,
            },
        ];

    private static OpenApiSchema Pairs(TargetingType type) =>
        new()
        {
            Type = JsonSchemaType.Array | JsonSchemaType.Null,
            MaxItems = TargetingType.MostRules,
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

    private static Parameter Picture(string name, int most) =>
        new(
            name,
            new() { Type = JsonSchemaType.String, Format = "binary" },
            $"A PNG, JPEG, WebP, GIF or ICO picture of at most {most >> 20} MiB and 4096 by 4096 pixels. Empty text clears it."
        )
        {
            Bodies = BodyTypes.Multipart,
        };

    private static OpenApiSchema Lines() =>
        new() { Type = JsonSchemaType.String | JsonSchemaType.Null | JsonSchemaType.Array, Items = Describe.Address() };

    private static OpenApiSchema Date() => new() { Type = JsonSchemaType.String, Examples = ["2026-12-24 18:00:00"] };
}
