using System.Text;

namespace Signpost.Hosting;

/// <summary>Checks at start that Unicode works. Without ICU, normalising silently does nothing, and aliases would get wrong keys.</summary>
internal static class TextCheck
{
    /// <exception cref="StartException">ICU is missing.</exception>
    public static void Run()
    {
        if (
            "e\u0301".Normalize(NormalizationForm.FormC) != "\u00e9"
            || new System.Globalization.IdnMapping().GetAscii("\u00fc.example") != "xn--tda.example"
        )
            throw new StartException(
                "Unicode normalisation does not work here. Install ICU (Debian: apt-get install libicu72) "
                    + "and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT."
            );
    }
}
