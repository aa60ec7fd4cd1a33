using System.Globalization;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
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
    LinkEditor editor,
    DashboardPages pages,
    OwnLanguages languages,
    Navigation navigation,
    Toasts toasts,
    OneTimeNotice notices,
    SignpostSettings settings
)
{
    private const string Password = "password";
    private static readonly string[] Clearable = [Password, .. LinkFields.Files.Keys];

    /// <summary>Answers a posted form; false: the caller has no such link.</summary>
    /// <param name="id">Null: the link is new.</param>
    public async Task<bool> RunAsync(HttpContext http, long? id)
    {
        var form = http.Request.Form;
        if (await forms.FindAsync(http.Caller(), id, http.RequestAborted) is not { } stored)
            return false;

        var values = LinkValues.Of(form, stored.Values);
        var view = stored with
        {
            Values = values,
            Version = int.TryParse(form["version"], CultureInfo.InvariantCulture, out var version) ? version : 0,
            IsTyped = true,
            Cleared = [.. form["clear"].OfType<string>().Intersect(Clearable)],
        };
        var button = $"{form["do"]}";
        if (http.Features.Get<StaleToken>() is not null)
            await ShowAsync(http, view with { Notice = "link.stale" }, StatusCodes.Status400BadRequest);
        else if (button is "template")
            await ShowAsync(http, UseTemplate(view, $"{form["utm_template"]}"), StatusCodes.Status200OK, "utm");
        else if (RuleSteps.TryApply(button, values))
            await ShowAsync(http, view, StatusCodes.Status200OK, "targeting");
        else
            await SaveAsync(http, stored, Merged(view, stored, form), isReview: button is "review" or "show");
        return true;
    }

    private async Task SaveAsync(HttpContext http, LinkFormView stored, LinkFormView view, bool isReview)
    {
        view.Values.Trim();
        if (isReview)
        {
            await ShowAsync(http, view, StatusCodes.Status200OK);
            return;
        }

        if (view.Id is not null && view.Version != stored.Version)
        {
            await ShowConflictAsync(http, stored, view);
            return;
        }

        var changes = LinkFields.Read(
            await FieldsAsync(http, view, stored.Values),
            http.Caller().TimeZone,
            isNew: view.Id is null,
            settings.AppSchemes
        ) with
        {
            AskedHost = http.Request.Headers.Host.ToString(),
            SeenVersion = view.Id is null ? null : view.Version,
        };
        try
        {
            if (view.Id is { } id)
                await FinishAsync(
                    http,
                    view,
                    await editor.UpdateAsync(http.Caller(), id, changes, null, http.RequestAborted),
                    _ => id
                );
            else
                await FinishAsync(
                    http,
                    view,
                    await editor.CreateAsync(http.Caller(), changes, null, http.RequestAborted),
                    made => ((CreatedLink)made).Id
                );
        }
        catch (TooBusyException)
        {
            // Too many passwords wait to be hashed.
            await ShowAsync(http, view with { Notice = "link.busy" }, StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task FinishAsync<T>(HttpContext http, LinkFormView view, EditResult<T> result, Func<T, long> idOf)
    {
        switch (result)
        {
            case EditResult<T>.Done(var done):
                Leave(http, idOf(done), isNew: view.Id is null);
                return;
            case EditResult<T>.Refused(Refusal.Outdated)
                when await forms.FindAsync(http.Caller(), view.Id, http.RequestAborted) is { } now:
                await ShowConflictAsync(http, now, view);
                return;
            case EditResult<T>.Refused(var why):
                var texts = languages.For(http);
                view = view with
                {
                    Errors =
                    [
                        .. why.Errors.Select(error =>
                            (FieldProblems.Translate(error.Title, texts.All), FieldOf(error))
                        ),
                    ],
                };
                if (why is Refusal.Missing)
                    view = view with { Notice = "link.gone" };
                await ShowAsync(http, view, StatusCodes.Status400BadRequest);
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

    private async Task ShowAsync(HttpContext http, LinkFormView view, int status, string? open = null)
    {
        view.Values.Set(Password, "");
        view = await forms.WithChoicesAsync(http.Caller(), view, http.RequestAborted);
        await pages.WriteAsync<LinkFormPage>(
            http,
            new() { [nameof(LinkFormPage.View)] = view, [nameof(LinkFormPage.Open)] = open },
            status
        );
    }

    private async Task ShowConflictAsync(HttpContext http, LinkFormView now, LinkFormView view)
    {
        var hasSecrets = view.Values[Password] is not "" || view.Cleared is not [] || http.Request.Form.Files is not [];
        view.Values.Set(Password, "");
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

    private static async Task<Fields> FieldsAsync(HttpContext http, LinkFormView view, LinkValues before)
    {
        Fields fields = new();
        view.Values.AddTo(fields, before);
        var files = http.Request.Form.Files.Where(file => file.Length > 0 && LinkFields.Files.ContainsKey(file.Name));
        foreach (var file in files.DistinctBy(file => file.Name))
            fields.Add(file.Name, await UploadAsync(file, http.RequestAborted));
        foreach (var name in view.Cleared)
            if (fields[name] is [])
                fields.Add(name, new FieldValue.Text(""));
        return fields;
    }

    private static async Task<FieldValue> UploadAsync(IFormFile file, CancellationToken cancel)
    {
        if (file.Length > LinkFields.Files[file.Name])
            return new FieldValue.Upload(default, file.Length);
        using MemoryStream content = new((int)file.Length);
        await file.CopyToAsync(content, cancel);
        return new FieldValue.Upload(content.ToArray(), file.Length);
    }

    // An item of a list has no place of its own for its error.
    private static string? FieldOf(FieldError error) => error.Field?.Replace("[]", "", StringComparison.Ordinal);
}
