using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Dashboard.Shell;
using Signpost.Explain;
using Signpost.Links;
using Signpost.Web.Languages;
using static Signpost.Dashboard.OneLink.ExplainPage;

namespace Signpost.Dashboard.OneLink;

/// <summary>The page that explains where a link sends a visitor. The visitor stands in the address, in the fields of the API.</summary>
internal static class ExplainPageEndpoints
{
    private static readonly string[] Robots = ["robot", "preview"];

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
        var typed = http.Request.Query.ToDictionary(one => one.Key, one => $"{one.Value}", StringComparer.Ordinal);
        var visit = MadeUpVisit.Read(http.QueryReader(), isWhole: true, out var errors);
        // An address from a field of the API that this page does not have must not change the host.
        visit = visit with
        {
            Domain = null,
            Path = null,
        };
        var explanation = errors is [] ? await explainer.ExplainAsync(caller, id, visit, cancel) : null;
        if (link is null || (errors is [] && explanation is null))
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        Content content = new(
            heads.Of(http, link),
            typed,
            [.. errors.Select(error => (Problem(error.Field, texts), error.Field))],
            explanation is null ? null : Of(explanation, sentences, texts)
        );
        await pages.WriteAsync<ExplainPage>(
            http,
            new() { [nameof(ExplainPage.View)] = content },
            errors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
        );
    }

    private static string Problem(string? field, IReadOnlyDictionary<string, string> texts) =>
        texts.GetValueOrDefault($"explain.problem.{field}", texts["explain.problem"]);

    private static Explained Of(
        Explanation explanation,
        StepSentences sentences,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var (decision, visitor) = (explanation.Decision, explanation.Visitor);
        var settled = explanation.Steps.First(step => step.Outcome is "settled").Step;
        string?[] facts =
        [
            visitor.CountryCode is { } country ? FieldNames.OfKey("country_code", country, texts) : null,
            visitor.CityName,
            visitor.DeviceType is { } device ? FieldNames.OfKey("device_type", device, texts) : null,
            visitor.BrowserLanguage is { } language ? FieldNames.OfKey("browser_language", language, texts) : null,
            Named(visitor.OsName, visitor.OsVersion),
            Named(visitor.BrowserName, visitor.BrowserVersion),
            visitor.IsRobot ? texts["explain.robot"] : null,
        ];
        return new(
            decision.Location is not null ? "location"
                : Robots.Contains(decision.Kind) ? "request"
                : settled,
            decision.Location,
            decision.Status,
            sentences.LinesOf(explanation.Steps, texts),
            [.. facts.OfType<string>()]
        );
    }

    private static string? Named(string? name, string? version) => version is null ? name : $"{name} {version}";
}
