using Microsoft.OpenApi;
using Signpost.Api.Documentation;

namespace Signpost.Links;

/// <summary>What the OpenAPI document says about the operations on links beyond what the handlers show.</summary>
internal static class LinkDocumentation
{
    public static RouteHandlerBuilder DescribeList(this RouteHandlerBuilder operation) =>
        operation
            .WithName("listLinks")
            .WithSummary("List links")
            .WithDescription("Your links, newest first unless ordered otherwise. A page past the end is empty.")
            .AddOpenApiOperationTransformer(
                (list, _, _) =>
                {
                    list.Parameters = [.. Filters()];
                    return Task.CompletedTask;
                }
            );

    public static RouteHandlerBuilder DescribeCreate(this RouteHandlerBuilder operation) =>
        operation
            .WithName("createLink")
            .WithSummary("Create a link, or many at once")
            .WithDescription("With is_bulk the answer holds ids and links, in the order of the lines.")
            .Fails(413, 415)
            .AddOpenApiOperationTransformer(
                (create, _, _) =>
                {
                    create.Parameters = [Describe.IdempotencyKey()];
                    create.RequestBody = LinkParameters.Body(isNew: true);
                    return Task.CompletedTask;
                }
            );

    public static RouteHandlerBuilder DescribeGet(this RouteHandlerBuilder operation) =>
        operation
            .WithName("getLink")
            .WithSummary("Read a link")
            .AddOpenApiOperationTransformer((get, _, _) => WithId(get));

    public static RouteHandlerBuilder DescribeUpdate(this RouteHandlerBuilder operation, string name, bool isPost) =>
        operation
            .WithName(name)
            .WithSummary(isPost ? "Change a link" : "Change a link, as POST does")
            .WithDescription("What is not sent stays as it is.")
            .Fails(413, 415)
            .AddOpenApiOperationTransformer(
                (update, _, _) =>
                {
                    update.RequestBody = LinkParameters.Body(isNew: false);
                    return isPost ? WithId(update, Describe.IdempotencyKey()) : WithId(update);
                }
            );

    public static RouteHandlerBuilder DescribeDelete(this RouteHandlerBuilder operation) =>
        operation
            .WithName("deleteLink")
            .WithSummary("Delete a link")
            .WithDescription("Its counts go too. For 30 days only you can take its alias again.")
            .AddOpenApiOperationTransformer((delete, _, _) => WithId(delete));

    private static Task WithId(OpenApiOperation operation, params OpenApiParameter[] others)
    {
        operation.Parameters = [Describe.Id("link_id"), .. others];
        return Task.CompletedTask;
    }

    private static IEnumerable<OpenApiParameter> Filters() =>
        [
            .. Describe.Paging(),
            Describe.Query(
                "search",
                "A part of the alias or the address, taken literally, without case.",
                Describe.Text()
            ),
            Describe.Query("search_by", "Where to search; url unless set.", Describe.OneOf("url", "location_url")),
            Describe.Query("type", "The only type there is.", Describe.OneOf("link")),
            Describe.Query(
                "is_enabled",
                "Only enabled or only disabled links.",
                new() { Type = JsonSchemaType.Boolean }
            ),
            Describe.Query(
                "project_id",
                "Only links of this project; 0: of none.",
                new() { Type = JsonSchemaType.Integer }
            ),
            Describe.Query(
                "domain_id",
                "Only links of this domain; 0: the main domain.",
                new() { Type = JsonSchemaType.Integer }
            ),
            Describe.Query(
                "datetime_field",
                "What the next two are about; datetime unless set.",
                Describe.OneOf("datetime", "last_datetime")
            ),
            Describe.Query("datetime_start", "Not before this date.", Describe.Text()),
            Describe.Query("datetime_end", "Not after this date.", Describe.Text()),
            Describe.Query(
                "order_by",
                "link_id unless set.",
                Describe.OneOf("link_id", "datetime", "last_datetime", "clicks", "url")
            ),
            Describe.Query("order_type", "DESC unless set.", Describe.OneOf("ASC", "DESC")),
        ];
}
