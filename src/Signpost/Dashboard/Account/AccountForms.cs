using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Forms;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Account;

/// <summary>Answers the forms of the account page: by a redirect after a change, or by the page with the errors.</summary>
internal static class AccountForms
{
    /// <param name="form">The name of the form, as in <c>password</c>: the ids of its fields begin with it.</param>
    /// <param name="then">Redirects.</param>
    public static async Task AnswerAsync<T>(
        HttpContext http,
        string form,
        Func<Task<EditResult<T>>> act,
        Action<T> then
    )
    {
        var notices = http.RequestServices.GetRequiredService<VisitorPages>();
        switch (await LoginEndpoints.Bounded(act))
        {
            case EditResult<T>.Done(var done):
                if (done is ChangedCredentials { Secret: { } secret })
                    SessionAuthentication.SignIn(http, secret);
                then(done);
                return;
            case EditResult<T>.Refused(Refusal.TooMany(var wait)):
                await http.TooManyAsync(notices, wait);
                return;
            case EditResult<T>.Refused({ Errors: { Count: > 0 } errors }):
                await ShowAsync(http, form, [.. errors.Select(error => (Translate(http, error.Title), error.Field))]);
                return;
            case null:
                await notices.WriteAsync(http, VisitorPage.Busy);
                return;
            default:
                await ShowAsync(http);
                return;
        }
    }

    /// <summary>Shows the account page, with the confirmation that its address names.</summary>
    public static Task ShowAsync(HttpContext http) => ShowAsync(http, wrongForm: null, []);

    /// <summary>The sentence of an editor in the language of the page.</summary>
    public static string Translate(HttpContext http, string sentence)
    {
        var languages = http.RequestServices.GetRequiredService<OwnLanguages>();
        return languages.Translate(sentence, languages.For(http));
    }

    private static async Task ShowAsync(
        HttpContext http,
        string? wrongForm,
        IReadOnlyList<(string Text, string? Field)> errors
    )
    {
        var services = http.RequestServices;
        var texts = services.GetRequiredService<OwnLanguages>().For(http);
        var view = await services
            .GetRequiredService<AccountViews>()
            .OfAsync(http.Caller(), texts, http.AntiforgeryToken(), http.RequestAborted);
        var pages = services.GetRequiredService<PeoplePages>();
        await pages.WriteAsync<AccountPage>(
            http,
            isWrong: wrongForm is not null,
            new()
            {
                [nameof(AccountPage.View)] = view with
                {
                    PasskeysAreOn = services.GetRequiredService<PasskeyChallenges>().AreOn(http),
                    Done = texts.All.GetValueOrDefault($"done.{http.Request.Query["done"]}"),
                    WrongForm = wrongForm,
                    Errors = errors is [] && pages.TroubleOf(http) is { } trouble ? [(trouble, null)] : errors,
                    Typed = wrongForm is null ? null : http.Request.Form,
                },
            }
        );
    }
}
