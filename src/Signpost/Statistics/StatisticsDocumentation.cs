using Microsoft.OpenApi;
using Signpost.Api.Documentation;
using Signpost.Statistics.Listing;
using Signpost.Statistics.Questions;
using Signpost.Statistics.Responses;

namespace Signpost.Statistics;

/// <summary>What the OpenAPI document says about statistics.</summary>
internal static class StatisticsDocumentation
{
    public static RouteHandlerBuilder DescribeAll(this RouteHandlerBuilder operation) =>
        operation
            .WithName("countClicks")
            .WithSummary("Count the clicks of all your links")
            .WithDescription("Of a project or a domain where one is named. The same types and filters as for one link.")
            .AddOpenApiOperationTransformer(
                (count, _, _) =>
                {
                    count.Parameters = [.. Question(), .. Scope()];
                    return WithRows(count);
                }
            );

    public static RouteHandlerBuilder DescribeLink(this RouteHandlerBuilder operation) =>
        operation
            .WithName("countLinkClicks")
            .WithSummary("Count the clicks of a link")
            .WithDescription(
                "By time, or by the values of one dimension; any dimension also filters any type. Clicks of persons, unless kind "
                    + "is the type or a filter."
            )
            .AddOpenApiOperationTransformer(
                (count, _, _) =>
                {
                    count.Parameters = [Describe.Id("link_id"), .. Question()];
                    return WithRows(count);
                }
            );

    public static RouteHandlerBuilder DescribeClicks(this RouteHandlerBuilder operation) =>
        operation
            .WithName("listLinkClicks")
            .WithSummary("List the clicks of a link, newest first")
            .WithDescription(
                "Requests of every kind. Go on with next_cursor until it is null; new clicks move nothing."
            )
            .AddOpenApiOperationTransformer(
                (list, _, _) =>
                {
                    list.Parameters =
                    [
                        Describe.Id("link_id"),
                        Describe.Query("cursor", "next_cursor of the page before.", Whole(1)),
                        Describe.Paging().Last(),
                        .. Clicks(),
                    ];
                    return Task.CompletedTask;
                }
            );

    public static RouteHandlerBuilder DescribeExport(this RouteHandlerBuilder operation) =>
        operation
            .WithName("exportLinkClicks")
            .WithSummary("Export the clicks of a link, oldest first")
            .WithDescription(
                "All that there are, as a file. In CSV, what a spreadsheet takes for a formula gets an apostrophe."
            )
            .Fails(400, 404)
            .AddOpenApiOperationTransformer(
                (export, _, _) =>
                {
                    export.Parameters =
                    [
                        Describe.Id("link_id"),
                        Describe.Query("format", "csv unless set.", Describe.OneOf("csv", "json", "ndjson")),
                        .. Clicks(),
                    ];
                    return WithContent(
                        export,
                        "The file.",
                        ("text/csv", Describe.Text()),
                        ("application/json", new() { Type = JsonSchemaType.Object }),
                        ("application/x-ndjson", Describe.Text())
                    );
                }
            );

    public static RouteHandlerBuilder DescribeLive(this RouteHandlerBuilder operation) =>
        operation
            .WithName("followClicks")
            .WithSummary("Follow clicks as they happen")
            .WithDescription(
                "Server-sent events, one a request of any kind. Send the last id as Last-Event-ID to go on behind it, as far as "
                    + "the server still has what came then."
            )
            .Fails(400, 404)
            .AddOpenApiOperationTransformer(
                (follow, _, _) =>
                {
                    follow.Parameters =
                    [
                        Describe.Query("link_id", "Only of this link.", Whole(1)),
                        .. Scope(),
                        new OpenApiParameter
                        {
                            Name = "Last-Event-ID",
                            In = ParameterLocation.Header,
                            Description = "The last event's id.",
                            Schema = Whole(0),
                        },
                    ];
                    return WithContent(follow, "The stream.", ("text/event-stream", Describe.Text()));
                }
            );

    public static RouteHandlerBuilder DescribeOrphans(this RouteHandlerBuilder operation) =>
        operation
            .WithName("countOrphans")
            .WithSummary("Count requests for aliases that are no link's")
            .WithDescription("Of one of your domains; of the main domain for admins only. By days of UTC.")
            .AddOpenApiOperationTransformer(
                (count, _, _) =>
                {
                    count.Parameters =
                    [
                        Describe.Query("domain_id", "The domain; 0, the main domain, unless set.", Whole(0)),
                        .. Days("30 days before it"),
                        Limit(),
                    ];
                    return Task.CompletedTask;
                }
            );

    private static IEnumerable<OpenApiParameter> Question() =>
        [
            Describe.Query(
                "type",
                "What to tell apart; overview unless set.",
                Describe.OneOf([.. StatisticsType.Names])
            ),
            .. Days("30 days before it"),
            Limit(),
            Describe.Query(
                "compare",
                "Beside each row, what it was in as many days right before.",
                Describe.OneOf("previous")
            ),
            .. Filters(),
        ];

    private static IEnumerable<OpenApiParameter> Clicks() => [.. Days("the first click"), .. Filters()];

    private static IEnumerable<OpenApiParameter> Days(string start) =>
        [
            Describe.Query("start_date", $"The first day, as in 2026-01-31; {start} unless set.", Date()),
            Describe.Query("end_date", "The last day, which counts too; today unless set.", Date()),
        ];

    private static IEnumerable<OpenApiParameter> Filters() =>
        DimensionNames.All.Select(dimension =>
            Describe.Query(
                dimension.Name,
                dimension.IsNeverEmpty
                    ? "Only clicks with this value."
                    : "Only clicks with this value; null: only those without one.",
                Describe.Text()
            )
        );

    private static IEnumerable<OpenApiParameter> Scope() =>
        [
            Describe.Query("project_id", "Only links of this project.", Whole(1)),
            Describe.Query("domain_id", "Only links of this domain; 0: the main domain.", Whole(0)),
        ];

    private static OpenApiParameter Limit() =>
        Describe.Query(
            "limit",
            "How many rows at most, of those that are values or hours; 1000 unless set.",
            new()
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = $"{AskedStatistics.MostRows}",
            }
        );

    private static Task WithRows(OpenApiOperation operation)
    {
        var counts = new Dictionary<string, IOpenApiSchema> { ["pageviews"] = Whole(0), ["visitors"] = Whole(0) };
        var values = new Dictionary<string, IOpenApiSchema>(counts) { ["is_other"] = Describe.Flag() };
        foreach (var name in StatisticsType.Names.Skip(1))
            values[name] = new OpenApiSchema
            {
                Type = name is "hour" ? JsonSchemaType.Integer : JsonSchemaType.String | JsonSchemaType.Null,
                Description = $"With type={name}.",
            };
        var times = new Dictionary<string, IOpenApiSchema>(counts) { ["formatted_date"] = Describe.Text() };
        return WithContent(
            operation,
            "The counts.",
            (
                "application/json",
                new()
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["data"] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Array,
                            Items = new OpenApiSchema { AnyOf = [Row(times), Row(values)] },
                        },
                        ["meta"] = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Properties = new Dictionary<string, IOpenApiSchema>
                            {
                                ["as_of"] = Describe.Text("Every click until this moment is counted."),
                            },
                        },
                    },
                }
            )
        );
    }

    private static OpenApiSchema Row(Dictionary<string, IOpenApiSchema> properties) =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "pageviews", "visitors" },
            Properties = properties,
        };

    private static Task WithContent(
        OpenApiOperation operation,
        string description,
        params (string Type, OpenApiSchema Schema)[] content
    )
    {
        operation.Responses ??= [];
        operation.Responses["200"] = new OpenApiResponse
        {
            Description = description,
            Content = content.ToDictionary(one => one.Type, one => new OpenApiMediaType { Schema = one.Schema }),
        };
        return Task.CompletedTask;
    }

    private static OpenApiSchema Date() => new() { Type = JsonSchemaType.String, Format = "date" };

    private static OpenApiSchema Whole(int least) =>
        new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = $"{least}",
        };
}
