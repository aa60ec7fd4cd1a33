using System.Text.RegularExpressions;
using Signpost.Api;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.QrCodes;

/// <summary>Says the errors of the API about QR codes in the language of the page, and without names of fields.</summary>
internal static partial class QrProblems
{
    // The first part that an error has decides.
    private static readonly (string Part, string Text)[] Table =
    [
        ("darker than", "darker"),
        ("contrast of", "contrast"),
        ("at least", "least"),
        ("too long", "long"),
        ("is required", "required"),
        ("be a colour", "colour"),
        ("of your", "gone"),
        ("account has", "quota"),
        ("64 characters", "name"),
        ("be from", "range"),
        ("link has", "quota"),
        ("picture", "picture"),
        ("address", "address"),
    ];

    public static string Of(FieldError error, IReadOnlyDictionary<string, string> texts)
    {
        var text = Table.FirstOrDefault(one => error.Title.Contains(one.Part, StringComparison.Ordinal)).Text;
        return texts.Fill($"qr.problem.{text ?? "other"}", ("value", Number().Match(error.Title).Value));
    }

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?")]
    private static partial Regex Number();
}
