using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signpost.Redirects.Pages;

/// <summary>The style of a splash page. Without a script, a placeholder stands where the button comes after some seconds.</summary>
/// <remarks>A browser that shows no animations shows the button at once. The server judges the time in any case.</remarks>
internal sealed class SplashStyle
{
    private const string Texts =
        "h1,.lead,.way>*{overflow-wrap:anywhere}.way{display:grid;margin:1.75rem 0}.way>*{justify-self:center}";

    private const string Waiting =
        ".way>*{grid-area:1/1}"
        + ".way>a{animation:hide $s}"
        + ".way>span{visibility:hidden;cursor:default;color:var(--quiet);animation:show $s,fill $s linear;"
        + "background:linear-gradient(var(--accent),var(--accent)) 0 100%/0 4px no-repeat,var(--code)}"
        + "[dir=rtl] .way>span{background-position:100% 100%,0 0}"
        + "@keyframes hide{from,to{visibility:hidden}}"
        + "@keyframes show{from,to{visibility:visible}}"
        + "@keyframes fill{to{background-size:100% 4px,auto}}";

    /// <param name="seconds">The time until the button comes; 0: it is there at once.</param>
    public SplashStyle(int seconds)
    {
        Text =
            seconds > 0
                ? Texts + Waiting.Replace("$", seconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                : Texts;
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";
    }

    public string Text { get; }

    /// <summary>Its name in a content security policy.</summary>
    public string Source { get; }
}
