using Microsoft.OpenApi;
using Signpost.Api.Documentation;
using Signpost.Core.Statistics;
using Signpost.Statistics.Questions;
using Signpost.Storage;

namespace Signpost.Statistics;

/// <summary>Describes parameters and responses of statistics where no type describes them.</summary>
internal static class StatisticsDocumentation
{
    /// <summary>A question about a link.</summary>
    public static IEnumerable<Parameter> Question() =>
        [
            new("type", Describe.OneOf([.. StatisticsType.Names]), "How clicks are grouped; overview unless set."),
            .. Days("30 days before it"),
            new(
                "granularity",
                Describe.OneOf(AskedStatistics.Granularities),
                $"The rows of an overview. Unless set, hours for up to 2 days, days for up to 100 days, else months. hour is for at most {AskedStatistics.MostDaysByHour} days; weeks begin on Monday."
            ),
            Limit(),
            new(
                "compare",
                Describe.OneOf("previous"),
                "Adds to each row its counts in the same number of days just before."
            ),
            .. Filters(),
        ];

    /// <summary>A question about many links.</summary>
    public static IEnumerable<Parameter> QuestionOfAll() => [.. Question(), .. Scope()];

    /// <summary>One page of a link's clicks.</summary>
    public static IEnumerable<Parameter> ClickPage() =>
        [new("cursor", Describe.Whole(1), "The next_cursor of the previous page."), Describe.PageSize(), .. Clicks()];

    /// <summary>The clicks to export, and the format.</summary>
    public static IEnumerable<Parameter> Export() =>
        [new("format", Describe.OneOf("csv", "json", "ndjson"), "csv unless set."), .. Clicks()];

    /// <summary>The links whose clicks to export, the clicks, and the format.</summary>
    public static IEnumerable<Parameter> ExportOfAll() => [.. Scope(), .. Export()];

    /// <summary>The clicks to follow, and where to continue.</summary>
    public static IEnumerable<Parameter> Live() =>
        [
            new("link_id", Describe.Whole(1), "Only clicks of this link."),
            .. Scope(),
            new("Last-Event-ID", Describe.Whole(0), "The id of the last event received.")
            {
                In = ParameterLocation.Header,
            },
        ];

    /// <summary>A question about unknown aliases.</summary>
    public static IEnumerable<Parameter> Orphans() =>
        [
            new("domain_id", Describe.Whole(0), "The domain; unless set 0, the main domain."),
            .. Days("30 days before it"),
            Limit(),
        ];

    /// <summary>Says that the response is a file.</summary>
    public static RouteHandlerBuilder AnswersFile(this RouteHandlerBuilder operation) =>
        operation
            .Fails(400, 404)
            .AddOpenApiOperationTransformer(
                (export, _, _) =>
                    WithContent(
                        export,
                        "The file.",
                        ("text/csv", Describe.Text()),
                        ("application/json", new() { Type = JsonSchemaType.Object }),
                        ("application/x-ndjson", Describe.Text())
                    )
            );

    /// <summary>Says that the response is a stream.</summary>
    public static RouteHandlerBuilder AnswersEvents(this RouteHandlerBuilder operation) =>
        operation
            .Fails(400, 404)
            .AddOpenApiOperationTransformer(
                (follow, _, _) => WithContent(follow, "The stream.", ("text/event-stream", Describe.Text()))
            );

    /// <summary>Describes the rows of the response: their fields depend on the requested type.</summary>
    public static RouteHandlerBuilder AnswersRows(this RouteHandlerBuilder operation) =>
        operation.AddOpenApiOperationTransformer((count, _, _) => WithRows(count));

    private static IEnumerable<Parameter> Clicks() => [.. Days("the first click"), .. Filters()];

    private static IEnumerable<Parameter> Days(string start) =>
        [
            new("start_date", Date(), $"The first day, as in 2026-01-31; {start} unless set."),
            new("end_date", Date(), "The last day, inclusive; today unless set."),
        ];

    private static IEnumerable<Parameter> Filters() =>
        [
            .. FiltersByValue(),
            new(
                TagFilter.Name,
                Describe.ListOf(Describe.Text()),
                "Only clicks of links that have this tag now, or one of several; null stands for no tag."
            ),
            new(
                TagFilter.NotName,
                Describe.ListOf(Describe.Text()),
                "Only clicks of links that do not have this tag now, or none of several; null stands for no tag."
            ),
        ];

    private static IEnumerable<Parameter> FiltersByValue() =>
        DimensionNames.All.SelectMany(dimension =>
            (IEnumerable<Parameter>)
                [
                    new(
                        dimension.Name,
                        Describe.ListOf(Describe.Text()),
                        $"Only clicks with this value, or with one of several{NullOf(dimension)}."
                    ),
                    new(
                        AskedStatistics.NotNameOf(dimension),
                        Describe.ListOf(Describe.Text()),
                        $"Only clicks without this value, or with none of several{NullOf(dimension)}."
                    ),
                ]
        );

    private static string NullOf(Dimension dimension) => dimension.IsNeverEmpty ? "" : "; null stands for no value";

    private static IEnumerable<Parameter> Scope() =>
        [
            new("project_id", Describe.Whole(1), "Only clicks of links in this project."),
            new("domain_id", Describe.Whole(0), "Only clicks of links on this domain; 0: the main domain."),
        ];

    private static Parameter Limit() =>
        new(
            "limit",
            new()
            {
                Type = JsonSchemaType.Integer,
                Minimum = "1",
                Maximum = $"{AskedStatistics.MostRows}",
            },
            "The most values to return; 1000 unless set. All others are in one more row."
        );

    private static Task WithRows(OpenApiOperation operation)
    {
        var counts = new Dictionary<string, IOpenApiSchema>
        {
            ["pageviews"] = Describe.Whole(0),
            ["visitors"] = Describe.Whole(0),
        };
        var values = new Dictionary<string, IOpenApiSchema>(counts) { ["is_other"] = Describe.Flag() };
        foreach (var name in StatisticsType.Names.Skip(1))
            values[name] = new OpenApiSchema
            {
                Type = name is "hour" ? JsonSchemaType.Integer : JsonSchemaType.String | JsonSchemaType.Null,
                Description = $"With type={string.Join(" or ", [name, .. DimensionNames.ChildrenOf(name)])}.",
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
                                ["as_of"] = Describe.Text("All clicks before this moment are counted."),
                                ["warnings"] = Describe.ListOf(
                                    new OpenApiSchema
                                    {
                                        Type = JsonSchemaType.Object,
                                        Properties = new Dictionary<string, IOpenApiSchema>
                                        {
                                            ["title"] = Describe.Text(),
                                            ["field"] = Describe.Text(),
                                        },
                                    }
                                ),
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
}
