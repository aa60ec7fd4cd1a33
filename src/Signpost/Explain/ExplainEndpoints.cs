using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.Explain;

/// <summary>Decisions explained over HTTP.</summary>
internal static class ExplainEndpoints
{
    public static void AddExplain(this IServiceCollection services)
    {
        services.AddSingleton<Explainer>();
        services.AddSingleton<ClickExplainer>();
        services.AddSingleton<PlanComparer>();
    }

    public static void MapExplain(this IEndpointRouteBuilder api)
    {
        api.MapPost("/links/{link_id}/explain", Explain)
            .WithTags("Links")
            .Scoped(Scopes.LinksRead)
            .Describe(
                "explainLink",
                "Explain where a link sends a visitor",
                "Every step of the decision, in order, made by the code that decides for real visitors. Nothing is counted, and "
                    + "no click of a limit is consumed."
            )
            .WithBody(ExplainParameters.Visit);
        api.MapGet("/statistics/{link_id}/clicks/{click}/explain", ExplainClick)
            .WithTags("Statistics")
            .Scoped(Scopes.StatsRead)
            .Describe(
                "explainClick",
                "Explain a click that happened",
                "The version of the link that decided, each step, and the recorded rule, destination and status. It decides again with the "
                    + "facts that were kept, and says what was not kept. The id of a click is in the list of clicks."
            );
        api.MapPost("/visitor", Classify)
            .WithTags("Visitors")
            .Scoped(Scopes.LinksRead)
            .Describe("classifyVisitor", "Classify a visitor")
            .WithBody(ExplainParameters.Visitor);
    }

    private static async Task<Answered<Envelope<Explanation>>> Explain(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        Explainer explainer,
        CancellationToken cancel
    )
    {
        var read = await http.BodyAsync(cancel);
        var visit = MadeUpVisit.Read(read, isWhole: true, out var errors);
        read.WarnOfUnknown();
        if (id == 0)
            return new Refusal.Missing();
        if (errors is not [])
            return new Refusal.Invalid(errors);

        return await explainer.ExplainAsync(http.Caller(), id, visit, cancel) is { } explanation
            ? new Envelope<Explanation>(explanation with { Warnings = read.WarningsOrNull })
            : new Refusal.Missing();
    }

    private static async Task<Answered<Envelope<ExplainedClick>>> ExplainClick(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        [FromRoute(Name = "click")] PathId click,
        ClickExplainer explainer,
        CancellationToken cancel
    ) =>
        await explainer.ExplainAsync(http.Caller(), id, click, cancel) is { } explained
            ? new Envelope<ExplainedClick>(explained)
            : new Refusal.Missing();

    private static async Task<Answered<Envelope<VisitorResponse>>> Classify(
        HttpContext http,
        Explainer explainer,
        CancellationToken cancel
    )
    {
        var read = await http.BodyAsync(cancel);
        var visit = MadeUpVisit.Read(read, isWhole: false, out var errors);
        read.WarnOfUnknown();
        return errors is not []
            ? new Refusal.Invalid(errors)
            : new Envelope<VisitorResponse>(
                await explainer.ClassifyAsync(visit) with
                {
                    Warnings = read.WarningsOrNull,
                }
            );
    }
}
