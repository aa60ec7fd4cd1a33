namespace Signpost.Web.Forms;

/// <summary>The hidden field that every form of a signed-in person carries.</summary>
internal static class AntiforgeryToken
{
    public const string Field = "form_token";
}
