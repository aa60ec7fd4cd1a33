using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Dashboard.Explaining;
using Signpost.Dashboard.Shell;
using Signpost.Explain;
using Signpost.Links;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Explaining.ExplainedDecision;

namespace Signpost.Dashboard.OneLink;

/// <summary>The page that explains where a link sends a visitor. The visitor stands in the address, in the fields of the API.</summary>
internal static class ExplainPageEndpoints
{
    public static void MapExplainPage(this IEndpointRouteBuilder link) =>
        link.MapMethods("/explain", DashboardEndpoints.Reads, Show);

    private static async Task Show(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkCatalog catalog,
        LinkHeads heads,
        Explainer explainer,
        StepSentences sentences,
        OwnLanguages languages,
        DashboardPages pages
    )
    {
        var (caller, cancel) = (http.Caller(), http.RequestAborted);
        var link = await catalog.FindAsync(caller, id, cancel);
        var texts = languages.For(http).All;
        var (visitor, visit) = VisitorFields.Read(http.Request.Query, caller.TimeZone, texts);
        var explanation = visitor.Errors is [] ? await explainer.ExplainAsync(caller, id, visit, cancel) : null;
        if (link is null || (visitor.Errors is [] && explanation is null))
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        ExplainPage.Content content = new(
            heads.Of(http, link),
            visitor,
            explanation is null ? null : Explained.Of(explanation, sentences, texts)
        );
        await pages.WriteAsync<ExplainPage>(
            http,
            new() { [nameof(ExplainPage.View)] = content },
            visitor.Errors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }
}
