using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.Explaining;
using Signpost.Explain;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Links.Versions;
using Signpost.Web;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Explaining.ExplainedDecision;
using static Signpost.Dashboard.Links.Form.LinkFormPage;

namespace Signpost.Dashboard.Links.Form;

/// <summary>Tells where the posted form of a link would send a visitor, and what it changes for all visitors. Nothing is stored.</summary>
internal sealed class LinkOutcomes(
    PostedLinkForm posted,
    LinkEditor editor,
    Explainer explainer,
    PlanComparer comparer,
    StepSentences sentences,
    PageRenderer renderer,
    OwnLanguages languages
)
{
    /// <summary>A script sends this field. It gets the outcome alone, without the page.</summary>
    private const string Part = "part";

    /// <summary>Shows the form again with its outcome; false: the caller has no such link.</summary>
    /// <param name="id">Null: the link is new.</param>
    public async Task<bool> RunAsync(HttpContext http, long? id)
    {
        if (await posted.ReadAsync(http, id) is not { Stored: var stored, Typed: var view })
            return false;
        if (http.Features.Get<StaleToken>() is not null)
        {
            await posted.ShowAsync(http, view with { Notice = "link.stale" }, StatusCodes.Status400BadRequest);
            return true;
        }

        view.Values.Trim();
        view = await DecideAsync(http, stored, view);
        if (http.Request.Form.ContainsKey(Part))
            await WritePartAsync(http, view);
        else
            await posted.ShowAsync(
                http,
                view,
                view.AllErrors is [] ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest
            );
        return true;
    }

    private async Task<LinkFormView> DecideAsync(HttpContext http, LinkFormView stored, LinkFormView view)
    {
        var (caller, texts) = (http.Caller(), languages.For(http).All);
        var (visitor, visit) = VisitorFields.Read(http.Request.Form, caller.TimeZone, texts);
        view = view with { Visitor = visitor, IsAsked = true };
        var changes = await posted.ChangesAsync(http, stored, view);
        switch (await editor.DraftAsync(caller, view.Id, changes, http.RequestAborted))
        {
            case EditResult<LinkState>.Refused(var why):
                return posted.WithErrors(http, view, why);
            case EditResult<LinkState>.Done(var draft):
                if (visitor.Errors is [])
                {
                    var explanation = await explainer.ExplainAsync(caller, draft, visit, http.RequestAborted);
                    view = view with { Given = Explained.Of(explanation, sentences, texts) };
                }

                return await CompareAsync(http, stored, view, draft);
            default:
                return view;
        }
    }

    private async Task<LinkFormView> CompareAsync(
        HttpContext http,
        LinkFormView stored,
        LinkFormView view,
        LinkState draft
    )
    {
        if (stored.Stored is not { Clicks: var used } || view.Values.ChangedSince(stored.Values) is [])
            return view;
        try
        {
            return await comparer.CompareAsync(http.Caller(), draft, used, http.RequestAborted) is { } comparison
                ? view with
                {
                    Change = BeforeAfter.Changed.Of(comparison, languages.For(http).All),
                }
                : view;
        }
        catch (TooBusyException)
        {
            // The form works without the comparison.
            return view;
        }
    }

    private async Task WritePartAsync(HttpContext http, LinkFormView view)
    {
        var texts = languages.For(http);
        var body = await renderer.RenderAsync<LinkOutcome>(
            new() { [nameof(LinkOutcome.Texts)] = texts.All, [nameof(LinkOutcome.View)] = view }
        );
        PageHeaders.Set(http.Response, StatusCodes.Status200OK, policy: PageHeaders.Dashboard, texts: texts);
        await PageResponse.SendAsync(http, body);
    }
}
