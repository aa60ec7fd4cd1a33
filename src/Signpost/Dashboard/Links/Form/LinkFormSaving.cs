using System.Globalization;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Links.Form.LinkFormPage;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Saves the form of a link, or shows it again with everything that was typed.</summary>
internal sealed class LinkFormSaving(
    LinkForms forms,
    PostedLinkForm posted,
    LinkEditor editor,
    FormKeys keys,
    DashboardPages pages,
    OwnLanguages languages,
    Navigation navigation,
    Toasts toasts,
    OneTimeNotice notices
)
{
    /// <summary>Answers a posted form; false: the caller has no such link.</summary>
    /// <param name="id">Null: the link is new.</param>
    public async Task<bool> RunAsync(HttpContext http, long? id)
    {
        if (await posted.ReadAsync(http, id) is not { Stored: var stored, Typed: var view })
            return false;

        var button = $"{http.Request.Form["do"]}";
        if (http.Features.Get<StaleToken>() is not null)
            await posted.ShowAsync(http, view with { Notice = "link.stale" }, StatusCodes.Status400BadRequest);
        else if (button is "template")
            await posted.ShowAsync(
                http,
                UseTemplate(view, $"{http.Request.Form["utm_template"]}"),
                StatusCodes.Status200OK,
                "utm"
            );
        else if (RuleSteps.TryApply(button, view.Values))
            await posted.ShowAsync(http, view, StatusCodes.Status200OK, "targeting");
        else
            await SaveAsync(
                http,
                stored,
                Merged(view, stored, http.Request.Form),
                isReview: button is "review" or "show"
            );
        return true;
    }

    private async Task SaveAsync(HttpContext http, LinkFormView stored, LinkFormView view, bool isReview)
    {
        view.Values.Trim();
        if (isReview)
        {
            await posted.ShowAsync(http, view, StatusCodes.Status200OK);
            return;
        }

        if (view.Id is not null && view.Version != stored.Version)
        {
            await ShowConflictAsync(http, stored, view);
            return;
        }

        var changes = await posted.ChangesAsync(http, stored, view) with
        {
            SeenVersion = view.Id is null ? null : view.Version,
        };
        try
        {
            if (view.Id is { } id)
                await FinishAsync(
                    http,
                    view,
                    await editor.UpdateAsync(http.Caller(), id, changes, null, http.RequestAborted)
                );
            else
                await FinishAsync(
                    http,
                    view,
                    await keys.CreateAsync<LinkCreation>(
                        http,
                        keep => editor.CreateAsync(http.Caller(), changes, keep, http.RequestAborted),
                        made => ((CreatedLink)made).Id
                    )
                );
        }
        catch (TooBusyException)
        {
            // Too many passwords wait to be hashed.
            await posted.ShowAsync(http, view with { Notice = "link.busy" }, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task FinishAsync(HttpContext http, LinkFormView view, EditResult<ResourceId> result)
    {
        switch (result)
        {
            case EditResult<ResourceId>.Done(var done):
                Leave(http, done.Id, isNew: view.Id is null);
                return;
            case EditResult<ResourceId>.Refused(Refusal.Outdated)
                when await forms.FindAsync(http.Caller(), view.Id, http.RequestAborted) is { } now:
                await ShowConflictAsync(http, now, view);
                return;
            case EditResult<ResourceId>.Refused(var why):
                await posted.ShowAsync(http, posted.WithErrors(http, view, why), StatusCodes.Status400BadRequest);
                return;
        }
    }

    private void Leave(HttpContext http, long id, bool isNew)
    {
        const string Page = "/dashboard/links/{id}";
        if (isNew && navigation.Has(Navigation.Home))
        {
            notices.Leave(http, LinksEndpoints.MadeNotice, id.ToString(CultureInfo.InvariantCulture));
            http.SeeOther(Navigation.Home);
            return;
        }

        toasts.Leave(http, isNew ? "link.done.created" : "link.done.saved");
        http.SeeOther($"/dashboard/links/{id}{(navigation.Has(Page) ? "" : "/edit")}");
    }

    private async Task ShowConflictAsync(HttpContext http, LinkFormView now, LinkFormView view)
    {
        var hasSecrets = view.Values.HasPasswords || view.Cleared is not [] || http.Request.Form.Files is not [];
        view.Values.HidePasswords();
        view = await forms.WithChoicesAsync(http.Caller(), view with { Version = now.Version }, http.RequestAborted);
        await pages.WriteAsync<LinkConflictPage>(
            http,
            new()
            {
                [nameof(LinkConflictPage.View)] = view,
                [nameof(LinkConflictPage.Differences)] = LinkDifferences.Of(view, now.Values, languages.For(http).All),
                [nameof(LinkConflictPage.HasSecrets)] = hasSecrets,
            },
            StatusCodes.Status409Conflict
        );
    }

    // The page of a conflict says which fields keep their stored values.
    private static LinkFormView Merged(LinkFormView view, LinkFormView stored, IFormCollection form) =>
        view with
        {
            Values = view.Values.With(
                stored.Values,
                view.Values.ChangedSince(stored.Values).Where(name => form[$"choice.{name}"] == "saved")
            ),
        };

    private static LinkFormView UseTemplate(LinkFormView view, string template)
    {
        foreach (var (name, text) in LinkForms.FieldsOf(template))
            view.Values.Set(name, text);
        return view;
    }
}
