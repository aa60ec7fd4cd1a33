using Signpost.Accounts;
using Signpost.Accounts.SignIn;
using Signpost.Api.Edits;
using Signpost.Dashboard.SignIn;
using Signpost.Web.Languages;
using Signpost.Web.Notices;

namespace Signpost.Dashboard.Account;

/// <summary>Answers forms: by a redirect after a change, or by the page with the errors.</summary>
internal static class AccountForms
{
    /// <summary>Answers a form of the account page.</summary>
    /// <param name="form">The name of the form, as in <c>password</c>: the ids of its fields begin with it.</param>
    /// <param name="then">Redirects.</param>
    public static Task AnswerAsync<T>(HttpContext http, string form, Func<Task<EditResult<T>>> act, Action<T> then)
    {
        var views = http.RequestServices.GetRequiredService<AccountViews>();
        return AnswerAsync(
            http,
            act,
            then,
            errors => errors is [] ? views.ShowAsync(http, AccountTabs.Of(form)) : views.ShowAsync(http, form, errors)
        );
    }

    /// <param name="then">Redirects.</param>
    /// <param name="show">Shows the page with the errors; without errors: the thing is missing, or the role does not allow the change.</param>
    public static async Task AnswerAsync<T>(
        HttpContext http,
        Func<Task<EditResult<T>>> act,
        Action<T> then,
        Func<IReadOnlyList<(string Text, string? Field)>, Task> show
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
            case EditResult<T>.Refused({ Errors: var errors }):
                await show([.. errors.Select(error => (Translate(http, error.Title), (string?)error.Field))]);
                return;
            case null:
                await notices.WriteAsync(http, VisitorPage.Busy);
                return;
        }
    }

    /// <summary>The sentence of an editor in the language of the page.</summary>
    public static string Translate(HttpContext http, string sentence)
    {
        var languages = http.RequestServices.GetRequiredService<OwnLanguages>();
        return languages.Translate(sentence, languages.For(http));
    }
}
