namespace Signpost.Web.Forms;

/// <summary>The hidden field in every form of a signed-in person.</summary>
internal static class AntiforgeryToken
{
    public const string Field = "form_token";
}
