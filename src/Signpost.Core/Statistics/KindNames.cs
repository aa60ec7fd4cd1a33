using System.Globalization;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>The names of values that are no texts themselves.</summary>
public static class KindNames
{
    public const string Qr = "qr";
    public const string Link = "link";

    /// <summary>The name in the API, as in <c>unknown_link</c>.</summary>
    public static string Of(ClickKind kind) =>
        kind switch
        {
            ClickKind.UnknownLink => "unknown_link",
            ClickKind.Disabled => "disabled",
            ClickKind.Unavailable => "unavailable",
            ClickKind.Refused => "refused",
            ClickKind.Head => "head",
            ClickKind.Prefetch => "prefetch",
            ClickKind.Preview => "preview",
            ClickKind.Robot => "robot",
            ClickKind.Expired => "expired",
            ClickKind.Limited => "limited",
            ClickKind.Locked => "locked",
            ClickKind.Warned => "warned",
            ClickKind.Splash => "splash",
            ClickKind.Person => "person",
            _ => ((int)kind).ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>The trigger of a click.</summary>
    public static string OfTrigger(bool isQr) => isQr ? Qr : Link;
}
