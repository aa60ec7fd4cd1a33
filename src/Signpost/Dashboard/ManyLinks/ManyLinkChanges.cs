using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Links.Bulk;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.ManyLinks;

/// <summary>Shows the form that changes many links, and begins the change with the editor of the API.</summary>
internal sealed class ManyLinkChanges(
    Selections selections,
    BulkEditor editor,
    LinkCatalog catalog,
    LinkLists lists,
    DashboardPages pages,
    OwnLanguages languages,
    FormKeys keys,
    Toasts toasts,
    SignpostSettings settings
)
{
    private const int MostShown = 5;

    /// <summary>Shows the form for the links that the address names.</summary>
    public async Task AskAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var selection = await selections.FindAsync(http, http.Request.QueryString.Value ?? "");
        var values =
            query["do"] == "enable" ? FormValues.Empty.With("is_enabled", "1")
            : query["do"] == "disable" ? FormValues.Empty.With("is_enabled", "0")
            : FormValues.Empty;
        await ShowAsync(
            http,
            selection,
            LocalPath.Of(http, query["back"]),
            content => content with { Values = values, AsksToDelete = query["do"] == "delete" },
            StatusCodes.Status200OK
        );
    }

    /// <summary>Begins the change that the form says, or shows the form again with the errors.</summary>
    public async Task BeginAsync(HttpContext http)
    {
        var form = http.Request.Form;
        var (values, back) = (FormValues.Of(form), LocalPath.Of(http, form["back"]));
        var isDeletion = form["do"] == "delete";
        var found = await selections.FindAsync(http, $"{form["selection"]}");
        Func<ChangePage.Content, ChangePage.Content> typed = content =>
            content with
            {
                Values = values,
                AsksToDelete = isDeletion,
            };
        var isStale = http.Features.Get<StaleToken>() is not null;
        // Chosen links stay the same, whatever becomes of them.
        var selection = found.List is null ? found : found.As($"{form["seal"]}");
        if (isStale)
        {
            await ShowAsync(http, found, back, content => typed(content) with { Notice = "link.stale" });
            return;
        }

        var texts = languages.For(http);
        if (!isDeletion && ChangeForm.Gaps(values, texts) is { Count: > 0 } gaps)
        {
            await ShowAsync(http, selection ?? found, back, content => typed(content) with { Errors = gaps });
            return;
        }

        // A form that is sent again leads to its change, even if this change is the reason why other links match now.
        var isOther = false;
        var result = await keys.CreateAsync(
            http,
            async keep =>
            {
                isOther = selection is null or { Ids: [] };
                return isOther ? new Refusal.Invalid() : await BeginAsync(http, selection!, values, isDeletion, keep);
            }
        );
        switch (result)
        {
            case EditResult<ResourceId>.Done(var begun):
                if (selection is { Ids: [_, ..] })
                    toasts.Leave(http, "many.begun", ("count", $"{selection.Ids.Count}"));
                http.SeeOther(ManyLinksEndpoints.AddressOf(begun.Id, back));
                break;
            case EditResult<ResourceId>.Refused when isOther:
                await ShowAsync(http, found, back, content => typed(content) with { Notice = "many.changed" });
                break;
            case EditResult<ResourceId>.Refused(var why):
                var errors = ChangeForm.Say(why.Errors, texts);
                await ShowAsync(http, selection ?? found, back, content => typed(content) with { Errors = errors });
                break;
        }
    }

    private Task<EditResult<ResourceId>> BeginAsync(
        HttpContext http,
        Selection selection,
        FormValues values,
        bool isDeletion,
        AfterEdit<ResourceId>? keep
    )
    {
        var fields = isDeletion ? ChangeForm.Deletion() : ChangeForm.Read(values);
        var request = BulkFields.Read(selection.Ids, fields, http.Caller().TimeZone, settings.AppSchemes);
        request = request with { Change = request.Change with { AskedHost = http.Request.Headers.Host.ToString() } };
        return editor.BeginAsync(http.Caller(), request, keep, http.RequestAborted);
    }

    private async Task ShowAsync(
        HttpContext http,
        Selection selection,
        string back,
        Func<ChangePage.Content, ChangePage.Content> with,
        int status = StatusCodes.Status400BadRequest
    )
    {
        if (selection.Ids is [])
        {
            toasts.Leave(http, selection.WhyEmpty);
            http.SeeOther(back);
            return;
        }

        var caller = http.Caller();
        var (projects, domains, tags) = await lists.ChoicesAsync(caller, http.RequestAborted);
        var texts = languages.For(http).All;
        var first = await catalog.ListAsync(caller, [.. selection.Ids.Take(MostShown)], http.RequestAborted);
        ChangePage.Content content = new()
        {
            Selection = selection.Query,
            Seal = selection.Seal,
            Count = selection.Ids.Count,
            Filters = selection.List is { } list ? [.. ListWords.Of(list, projects, domains, texts)] : null,
            First = [.. first.Select(link => LinkLines.ShortText(link.ShortUrl))],
            Back = back,
            HasTrash = settings.TrashDays > 0,
            Values = FormValues.Empty,
            Projects = projects,
            Domains = domains,
            Tags = [.. tags.Select(tag => tag.Name)],
        };
        await pages.WriteAsync<ChangePage>(http, new() { [nameof(ChangePage.View)] = with(content) }, status);
    }
}
