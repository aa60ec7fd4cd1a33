namespace Signpost.Web.Languages;

/// <summary>The language that the signed-in person of this request chose: a feature of the request.</summary>
/// <param name="Tag">As in <c>pt</c> or <c>zh-Hant</c>.</param>
internal sealed record AccountLanguage(string Tag);

/// <summary>
/// Marks the endpoints of pages that anybody may read and that are in the language of the account for people who are signed in.
/// </summary>
internal sealed class InAccountLanguage;
