namespace Signpost.Dashboard.Account;

/// <summary>The addresses of the parts of the account page.</summary>
internal static class AccountTabs
{
    public const string Profile = "/dashboard/account";
    public const string SignIn = $"{Profile}/sign-in";
    public const string Keys = $"{Profile}/keys";
    public const string Teams = $"{Profile}/teams";
    public const string Activity = $"{Profile}/activity";
    public const string Data = $"{Profile}/data";

    /// <summary>Each address and the key of its text.</summary>
    public static readonly (string Path, string Text)[] All =
    [
        (Profile, "profile.heading"),
        (SignIn, "account.sign_in"),
        (Keys, "keys.heading"),
        (Teams, "teams.heading"),
        (Activity, "account.activity"),
        (Data, "data.heading"),
    ];

    /// <summary>The part from which somebody went to confirm who they are.</summary>
    public static string Back(HttpContext http) =>
        All.Any(tab => tab.Path == http.Request.Form["back"]) ? http.Request.Form["back"].ToString() : SignIn;

    /// <summary>The part that holds a form.</summary>
    /// <param name="form">Its name, as in <c>password</c>.</param>
    public static string Of(string form) =>
        form switch
        {
            "profile" => Profile,
            "keys" => Keys,
            "teams" => Teams,
            "delete" => Data,
            _ => SignIn,
        };
}
