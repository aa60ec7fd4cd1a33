using Microsoft.AspNetCore.Mvc;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Links;
using Signpost.Projects;
using static Signpost.Dashboard.OneLink.OneLinkLayout;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The button that publishes the statistics of a link or a project, and the address that it gives.</summary>
internal static class StatisticsSharing
{
    private const string Below = "/share";
    private const string Field = "statistics_is_public";

    public static void MapSharing(this IEndpointRouteBuilder dashboard)
    {
        var link = dashboard
            .MapGroup($"/links/{{link_id}}/statistics{Below}")
            .Scoped(Scopes.StatsRead, Scopes.LinksWrite);
        link.MapMethods("", DashboardEndpoints.Reads, LeadBack);
        link.MapPost("", ShareLink);
        var project = dashboard
            .MapGroup($"/statistics{Below}")
            .Scoped(Scopes.StatsRead, ProjectServices.Resource.WriteScope);
        project.MapMethods("", DashboardEndpoints.Reads, LeadBack);
        project.MapPost("", ShareProject);
    }

    public static PublicShare OfLink(HttpContext http, AskedPage asked, LinkResponse link) =>
        new(
            link.StatisticsUrl,
            http.Caller().May(Scopes.LinksWrite) ? asked.Address.Below(Below) : null,
            // A browser opens the part of the form that has this field.
            $"{LinkHead.PathOf(link.Id)}/edit#{Field}",
            IsOpen(asked),
            IsOfProject: false
        );

    /// <summary>Null: the page is about no project.</summary>
    public static async Task<PublicShare?> OfProjectAsync(HttpContext http, AskedPage asked)
    {
        var projects = http.RequestServices.GetRequiredService<IResourceCatalog<ProjectResponse>>();
        return
            asked.Question.Scope.ProjectId is { } id
            && await projects.FindAsync(http.Caller(), id, http.RequestAborted) is { } project
            ? new(
                project.StatisticsUrl,
                http.Caller().May(ProjectServices.Resource.WriteScope) ? asked.Address.Below(Below) : null,
                $"/dashboard/projects?edit={id}",
                IsOpen(asked),
                IsOfProject: true
            )
            : null;
    }

    private static bool IsOpen(AskedPage asked) => asked.Address[StatisticsWords.Share] is not "";

    // The address of a form that was sent, opened again.
    private static void LeadBack(HttpContext http) =>
        http.SeeOther($"{http.Request.Path.Value![..^Below.Length]}{http.Request.QueryString}");

    private static async Task ShareLink(
        HttpContext http,
        [FromRoute(Name = "link_id")] PathId id,
        LinkEditor editor,
        Toasts toasts
    )
    {
        var changes = LinkFields.Read(Public(), http.Caller().TimeZone, isNew: false);
        await AnswerAsync(
            http,
            await editor.UpdateAsync(http.Caller(), id, changes, null, http.RequestAborted),
            toasts
        );
    }

    private static async Task ShareProject(HttpContext http, IResourceEditor<ProjectChanges> editor, Toasts toasts)
    {
        var changes = ProjectFields.Read(new FieldReader(Public(), http.Caller().TimeZone), isNew: false);
        var result = FieldText.TryNumber($"{http.Request.Query[StatisticsWords.Project]}", out var id)
            ? await editor.UpdateAsync(http.Caller(), id, changes, null, http.RequestAborted)
            : new Refusal.Missing();
        await AnswerAsync(http, result, toasts);
    }

    private static async Task AnswerAsync(HttpContext http, EditResult<ResourceId> result, Toasts toasts)
    {
        if (result is not EditResult<ResourceId>.Done)
        {
            await OneLinkEndpoints.NotFoundAsync(http);
            return;
        }

        toasts.Leave(http, "stats.public.done");
        StatisticsAddress page = StatisticsWords.AddressOf(
            http.Request.Path.Value![..^Below.Length],
            http.Request.Query
        );
        http.SeeOther(page.With((StatisticsWords.Share, "1")));
    }

    private static Fields Public()
    {
        Fields fields = new();
        fields.Add(Field, new FieldValue.Text("1"));
        return fields;
    }
}
