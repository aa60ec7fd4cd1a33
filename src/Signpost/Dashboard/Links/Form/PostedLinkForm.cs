using System.Globalization;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.Explaining;
using Signpost.Dashboard.Shell;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Links.Versions;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Links.Form.LinkFormPage;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Reads the posted form of a link, and shows it again with everything that was typed.</summary>
internal sealed class PostedLinkForm(
    LinkForms forms,
    DashboardPages pages,
    OwnLanguages languages,
    SignpostSettings settings
)
{
    private static readonly string[] Clearable = [.. LinkVersionFields.Passwords, .. LinkFields.Files.Keys];

    /// <summary>The form of the link as it is stored, and as it was posted; null: the caller has no such link.</summary>
    /// <param name="id">Null: the link is new.</param>
    public async Task<(LinkFormView Stored, LinkFormView Typed)?> ReadAsync(HttpContext http, long? id)
    {
        var form = http.Request.Form;
        if (await forms.FindAsync(http.Caller(), id, http.RequestAborted) is not { } stored)
            return null;
        var typed = stored with
        {
            Values = LinkValues.Of(form, stored.Values),
            Version = int.TryParse(form["version"], CultureInfo.InvariantCulture, out var version) ? version : 0,
            IsTyped = true,
            Cleared = [.. form["clear"].OfType<string>().Intersect(Clearable)],
            Visitor = VisitorFields.Read(form, http.Caller().TimeZone, languages.For(http).All).Chosen with
            {
                Errors = [],
            },
        };
        return (stored, typed);
    }

    /// <summary>The request of the API that makes the posted link out of the stored one.</summary>
    public async Task<LinkChanges> ChangesAsync(HttpContext http, LinkFormView stored, LinkFormView typed) =>
        LinkFields.Read(
            await FieldsAsync(http, typed, stored.Values),
            http.Caller().TimeZone,
            isNew: typed.Id is null,
            settings.AppSchemes
        ) with
        {
            AskedHost = http.Request.Headers.Host.ToString(),
        };

    /// <summary>Adds the errors of a refused edit, in the language of the page.</summary>
    public LinkFormView WithErrors(HttpContext http, LinkFormView view, Refusal why)
    {
        var texts = languages.For(http);
        view = view with
        {
            Errors = [.. why.Errors.Select(error => (FieldProblems.Translate(error.Title, texts.All), FieldOf(error)))],
        };
        return why is Refusal.Missing ? view with { Notice = "link.gone" } : view;
    }

    /// <param name="open">The section that is open although nothing in it is wrong; null: none.</param>
    public async Task ShowAsync(HttpContext http, LinkFormView view, int status, string? open = null)
    {
        if (view.Values.HasPasswords || http.Request.Form.Files.Any(file => file.Length > 0))
            view = view with { Notice = view.Notice ?? "link.again" };
        view.Values.HidePasswords();
        view = await forms.WithChoicesAsync(http.Caller(), view, http.RequestAborted);
        await pages.WriteAsync<LinkFormPage>(
            http,
            new() { [nameof(LinkFormPage.View)] = view, [nameof(LinkFormPage.Open)] = open },
            status
        );
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
