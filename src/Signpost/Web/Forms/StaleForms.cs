namespace Signpost.Web.Forms;

/// <summary>
/// Marks an endpoint that gets its form although the antiforgery token is not valid any more. It then has the feature
/// <see cref="StaleToken"/>: it must change nothing, and show the form again with a new token.
/// </summary>
/// <param name="Field">A field that the form always has. Without it, the form is refused.</param>
internal sealed record ShowsFormAgain(string Field);

/// <summary>The token of this form is not valid any more. A feature of the request.</summary>
internal sealed class StaleToken;
