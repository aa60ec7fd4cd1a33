using Microsoft.OpenApi;
using Signpost.Api;
using Signpost.Api.Documentation;
using Signpost.Links.Targeting;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Describes for the API documentation the parameters that <see cref="LinkFields"/> and <see cref="LinkQuery"/> read.</summary>
internal static class LinkParameters
{
    /// <summary>The filters and the order of the list.</summary>
    public static IEnumerable<Parameter> Filters() =>
        [
            .. Describe.Paging(),
            new(
                "cursor",
                Describe.Text(),
                "A next_cursor, instead of page. Best for many pages: new and deleted links move nothing."
            ),
            new(
                "search",
                Describe.Text(),
                "A part of the alias, address, title or note (search_by), or a whole short address. There are no wildcards, and case does not matter."
            ),
            new("search_by", Describe.OneOf(LinkQuery.Searched), "The field to search. Default: url."),
            new("url", Describe.Text(), "Only the link with exactly this alias or short address."),
            new("location_url", Describe.Text(), "Only links with exactly this destination, in any spelling."),
            new("type", Describe.OneOf("link"), "Only link is supported. Any other type has no links."),
            new("is_enabled", Describe.Flag(), "Only enabled or only disabled links."),
            new("project_id", Describe.Whole(0), "Only links of this project. 0: only links without a project."),
            new("domain_id", Describe.Whole(0), "Only links of this domain. 0: the main domain."),
            new(
                TagFilter.Name,
                Describe.ListOf(Describe.Text()),
                "Only links that have the tag of this name, or one of several. Case does not matter; null stands for no tag."
            ),
            new(
                TagFilter.NotName,
                Describe.ListOf(Describe.Text()),
                "Only links that do not have the tag of this name, or none of several. Case does not matter; null stands for no tag."
            ),
            new(
                LinkQuery.Flag,
                Describe.ListOf(Describe.OneOf(LinkFlags.Names)),
                "Only links with this setting, or with all of several. expired: their schedule is over."
            ),
            .. ListWindow.Parameters(LinkQuery.Orders),
        ];

    /// <summary>The parameter of a deletion.</summary>
    public static IEnumerable<Parameter> Deletion() =>
        [new("permanent", Describe.Flag(), "1: erase the link at once, without the trash.")];

    /// <summary>The fields of create and update.</summary>
    public static IEnumerable<Parameter> Fields() =>
        [
            new("type", Describe.OneOf("link"), "Only link is supported."),
            new(
                "location_url",
                Describe.Address(),
                "Where the link leads. Required unless is_bulk is 1. http, https or the scheme of a known app."
            )
            {
                Example = "https://example.com/",
            },
            new(
                "url",
                Describe.Limited(256),
                "The alias. Empty: a random one. On update, null or an absent field keeps it."
            )
            {
                Example = "example",
            },
            new(
                "find_existing",
                Describe.Flag(),
                "1: respond 200 with the oldest link of the same destination and settings, if there is one. Needs the scope links:read."
            )
            {
                IsOnlyForNew = true,
            },
            new("is_bulk", Describe.Flag(), "1: create a link for each line of location_urls, all or none.")
            {
                IsOnlyForNew = true,
            },
            new("location_urls", Describe.Text(), "Addresses, one per line, up to 1,000.")
            {
                IsOnlyForNew = true,
                Bodies = BodyTypes.Forms,
            },
            new("location_urls", Lines(), "Addresses, up to 1,000: one per line, or an array.")
            {
                IsOnlyForNew = true,
                Bodies = BodyTypes.Json,
            },
            new(
                "domain_id",
                Describe.Whole(0),
                "0 is the main domain. Otherwise a verified domain of yours, or one that is shared with you. A new value moves the link."
            ),
            new("title", Describe.Limited(LinkFields.LongestTitle), "Your name for the link. Visitors never see it."),
            new(
                "note",
                Describe.Limited(LinkFields.LongestNote),
                "Your note. Visitors never see it. It may have several lines."
            ),
            new(
                "tags",
                Describe.ListOf(Describe.Text()),
                "Names of tags, up to 20, each of at most 64 characters. New ones are created. The list replaces the link's tags. Empty: none."
            ),
            new("project_id", Describe.Whole(0), "One of your projects. 0 or empty: none."),
            new("pixels_ids", Describe.ListOf(Describe.Whole(0)), "Your pixels that fire, up to 50. Empty: none."),
            new(
                "splash_page_id",
                Describe.Whole(0),
                "One of your splash pages: people see it before the destination. 0 or empty: none."
            ),
            new("schedule", Describe.Flag(), "0 clears both dates. Dates imply 1."),
            new(
                "start_date",
                Date(),
                "Before this date the link behaves like a missing link. In the account's time zone."
            ),
            new("end_date", Date(), "From this date on, visitors go to expiration_url. Must be after start_date."),
            new(
                "clicks_limit",
                Describe.Whole(1),
                "The link expires after this number of clicks. All clicks since its creation count."
            ),
            new("expiration_url", Describe.Address(), "Where visitors go after the end date or the limit."),
            new("sensitive_content", Describe.Flag(), "Show a warning before the redirect."),
            new("http_status_code", Describe.OneOf(301, 302, 307, 308), "The status of the redirect. Default: 302."),
            new("app_linking_is_enabled", Describe.Flag(), "Open the native app of known sites on phones."),
            new("cloaking_is_enabled", Describe.Flag(), "Show the destination in a frame under the short address."),
            new("cloaking_title", Describe.Limited(256), "Title of the page, also in link previews."),
            new("cloaking_meta_description", Describe.Limited(1024), "Description of the page, also in link previews."),
            new("cloaking_custom_js", Describe.Text(), "Script for the cloaked page, at most 64 KiB."),
            new(
                "password",
                Describe.Limited(128),
                "Visitors must enter it. On update, ******** keeps it and an empty text removes it."
            ),
            new(
                "forward_query_parameters_is_enabled",
                Describe.Flag(),
                "Merge the visitor's query into the destination's."
            ),
            new("utm_source", Describe.Limited(256), "Set as utm_source on the destination."),
            new("utm_medium", Describe.Limited(256), "Set as utm_medium on the destination."),
            new("utm_campaign", Describe.Limited(256), "Set as utm_campaign on the destination."),
            new("utm_term", Describe.Limited(256), "Set as utm_term on the destination."),
            new("utm_content", Describe.Limited(256), "Set as utm_content on the destination."),
            new("is_enabled", Describe.Flag(), "0: the link behaves like a missing link."),
            new("statistics_is_public", Describe.Flag(), "1: everybody can read the statistics at statistics_url."),
            new(
                "statistics_public_title",
                Describe.Limited(256),
                "The title of the page at statistics_url. Empty: the short address."
            ),
            new(
                "statistics_public_shows",
                Describe.ListOf(Describe.OneOf([.. PublicParts.Shows.All])),
                "The lists on the page at statistics_url. Empty: none. A new link has all."
            ),
            new(
                "statistics_public_periods",
                Describe.ListOf(Describe.OneOf(7, 30, 90)),
                "The days that the page at statistics_url can show, until today. Empty: 30 days only. A new link has all."
            ),
            new(
                "statistics_public_password",
                Describe.Limited(128),
                "Visitors of the page at statistics_url must enter it. On update, ******** keeps it and an empty text removes it."
            ),
            new(
                "statistics_public_logo",
                Describe.Whole(0),
                "The id of one of your logos (/api/qr-logos), shown on the page at statistics_url. 0: none."
            ),
            new("targeting_type", Describe.OneOf(TargetingType.Names), "The targeting list in use. Empty: none."),
            .. TargetingType.All.SelectMany(Rules),
            .. LinkFields.Files.Select(file => Picture(file.Key, file.Value)),
        ];

    private static IEnumerable<Parameter> Rules(TargetingType type) =>
        [
            new(
                $"{type.Field}_key",
                Describe.ListOf(Describe.Text()),
                $"Each key is {type.Expected}. It belongs to the value with the same index. Up to 100."
            ),
            new(
                $"{type.Field}_value",
                Describe.ListOf(Describe.Address()),
                "The destination of visitors who match the key with the same index."
            ),
            new(type.Field, Pairs(type), $"Use it instead of {type.Field}_key and {type.Field}_value.")
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
                    ["key"] = Describe.Text($"Must be {type.Expected}."),
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
