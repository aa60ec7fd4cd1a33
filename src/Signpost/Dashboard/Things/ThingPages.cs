using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Languages;
using Signpost.Web.Notices;
using static Signpost.Dashboard.Shell.DashboardPage;
using static Signpost.Dashboard.Things.ThingsPage;

namespace Signpost.Dashboard.Things;

/// <summary>Answers the pages and forms of all kinds of things.</summary>
internal sealed class ThingPages(
    DashboardPages pages,
    VisitorPages notices,
    Toasts toasts,
    OwnLanguages languages,
    FormKeys keys
)
{
    public const string New = "new";

    /// <summary>The list. <c>?edit=new</c> opens a form to create one, <c>?edit=7</c> one in the row of that thing.</summary>
    public async Task ListAsync(HttpContext http, Things things) =>
        await ShowAsync(http, things, await FormOfAsync(http, things), StatusCodes.Status200OK);

    /// <param name="id">Null: the form creates a thing.</param>
    public async Task SaveAsync(HttpContext http, Things things, long? id)
    {
        var values = FormValues.Of(http.Request.Form);
        var read = new FieldReader(
            values.ToFields(things.Kind.Fields.Select(field => field.Name)),
            http.Caller().TimeZone
        );
        IReadOnlyList<Warning> warnings = [];
        var result = id is null ? await keys.CreateAsync(http, EditAsync) : await EditAsync(null);
        var texts = languages.For(http);
        switch (result)
        {
            case EditResult<ResourceId>.Refused(Refusal.Missing):
                toasts.Leave(http, "thing.gone");
                break;
            case EditResult<ResourceId>.Refused(var why):
                var errors = FieldProblems.Of(why.Errors, texts.All);
                await ShowAsync(http, things, new(id, values, errors), StatusCodes.Status400BadRequest);
                return;
            case EditResult<ResourceId>.Done when warnings is [var first, ..]:
                toasts.Leave(http, "thing.warned", ("warning", FieldProblems.Translate(first.Title, texts.All)));
                break;
            default:
                toasts.Leave(http, id is null ? "thing.created" : "thing.saved", ("name", values["name"].Trim()));
                break;
        }

        // A new one stands at the top of the first page.
        var list = AddressOf(http, things);
        http.SeeOther(id is null ? things.Kind.Path : list.ToString());

        async Task<EditResult<ResourceId>> EditAsync(AfterEdit<ResourceId>? afterwards)
        {
            (var edited, warnings) = await things.SaveAsync(http.Caller(), id, read, afterwards, http.RequestAborted);
            return edited;
        }
    }

    /// <summary>Asks before a thing is deleted, for browsers without script.</summary>
    public async Task AskAsync(HttpContext http, Things things, long id)
    {
        if (await things.FindAsync(http.Caller(), id, http.RequestAborted) is { } row)
            await pages.WriteAsync<DeleteThingPage>(
                http,
                new()
                {
                    [nameof(DeleteThingPage.Kind)] = things.Kind,
                    [nameof(DeleteThingPage.Row)] = row,
                    [nameof(DeleteThingPage.Address)] = AddressOf(http, things),
                }
            );
        else
            await notices.WriteAsync(http, VisitorPage.NotFound);
    }

    public async Task DeleteAsync(HttpContext http, Things things, long id)
    {
        var row = await things.FindAsync(http.Caller(), id, http.RequestAborted);
        if (
            row is not null
            && await things.DeleteAsync(http.Caller(), id, http.RequestAborted) is EditResult<ResourceId>.Done
        )
            toasts.Leave(http, "thing.deleted", ("name", row.Name));
        else
            toasts.Leave(http, "thing.gone");
        http.SeeOther(AddressOf(http, things).ToString());
    }

    private static async Task<ThingForm?> FormOfAsync(HttpContext http, Things things)
    {
        var edit = $"{http.Request.Query["edit"]}";
        if (edit is "" || !http.Caller().May(things.WriteScope))
            return null;
        if (edit is New)
            return new(null, FormValues.Empty, []);
        return
            long.TryParse(edit, out var id) && await things.FindAsync(http.Caller(), id, http.RequestAborted) is { } row
            ? new(id, row.Values, [])
            : null;
    }

    private async Task ShowAsync(HttpContext http, Things things, ThingForm? form, int status)
    {
        var query = things.QueryOf(http.QueryReader());
        var (rows, total) = await things.ListAsync(http.Caller(), query, http.RequestAborted);
        var paging = query.Window.Paging;
        await pages.WriteAsync<ThingsPage>(
            http,
            new()
            {
                [nameof(ThingsPage.View)] = new ThingList(
                    things.Kind,
                    AddressOf(http, things),
                    rows,
                    paging.Start + 1,
                    paging.Page,
                    total
                )
                {
                    Form = form,
                    MayWrite = http.Caller().May(things.WriteScope),
                },
            },
            status
        );
    }

    private static ListAddress AddressOf(HttpContext http, Things things) => new(things.Kind.Path, http.Request.Query);
}
