using Microsoft.OpenApi;
using Signpost.Api.Documentation;
using Signpost.Core.Visitors;

namespace Signpost.Explain;

/// <summary>The parameters that <see cref="MadeUpVisit"/> reads, for the OpenAPI document.</summary>
internal static class ExplainParameters
{
    /// <summary>Describes a visitor.</summary>
    public static IEnumerable<Parameter> Visitor() =>
        [
            new("ip", Describe.Text(), "An IPv4 or IPv6 address.") { Example = "193.0.6.139" },
            new("user_agent", Describe.Text(), "As a browser sends it."),
            new("accept_language", Describe.Text(), "As a browser sends it.") { Example = "nl,en;q=0.8" },
            new("country_code", Describe.Text(), "The country of the visitor, in place of that of the address.")
            {
                Example = "NL",
            },
            new("city_name", Describe.Limited(Place.LongestCity), "The city, in place of that of the address."),
            new(
                "device_type",
                Describe.OneOf([.. ChosenFacts.Devices.Keys]),
                "The device, in place of that of the User-Agent."
            ),
            new("os_name", Describe.Text(), "The system, in place of that of the User-Agent.") { Example = "Android" },
            new("browser_name", Describe.Text(), "The browser, in place of that of the User-Agent.")
            {
                Example = "Firefox",
            },
            new("headers", Map(), "Any other headers, as in {\"Sec-CH-UA-Platform\": \"\\\"Android\\\"\"}.")
            {
                Bodies = BodyTypes.Json,
            },
            new("headers_key", Describe.ListOf(Describe.Text()), "Names of any other headers.")
            {
                Bodies = BodyTypes.Forms,
            },
            new("headers_value", Describe.ListOf(Describe.Text()), "Values of these headers, paired by index.")
            {
                Bodies = BodyTypes.Forms,
            },
        ];

    /// <summary>Describes a visit: the visitor, the time and the address.</summary>
    public static IEnumerable<Parameter> Visit() =>
        [
            .. Visitor(),
            new("at", Describe.Text(), "The time of the visit; now unless set."),
            new("query", Describe.Text(), "The part after the question mark."),
            new("path", Describe.Text(), "The path as the visitor typed it; the link's own unless set.")
            {
                Example = "promo).",
            },
            new("domain", Describe.Text(), "The host of the request; the link's own unless set."),
            new("is_unlocked", Describe.Flag(), "The visitor has given the link's password; no unless set."),
            new("has_agreed", Describe.Flag(), "The visitor has continued after the link's warning; no unless set."),
            new(
                "has_continued",
                Describe.Flag(),
                "The visitor has continued after the link's splash page; no unless set."
            ),
        ];

    private static OpenApiSchema Map() =>
        new() { Type = JsonSchemaType.Object, AdditionalProperties = Describe.Text() };
}
