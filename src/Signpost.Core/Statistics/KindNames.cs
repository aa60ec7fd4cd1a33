using System.Globalization;
using Signpost.Core.Clicks;

namespace Signpost.Core.Statistics;

/// <summary>What the values are called that are no text of their own.</summary>
public static class KindNames
{
    public const string Qr = "qr";
    public const string Link = "link";

    /// <summary>As the contract spells it, <c>unknown_link</c> for one.</summary>
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
            ClickKind.Person => "person",
            _ => ((int)kind).ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>What a click came by.</summary>
    public static string OfTrigger(bool isQr) => isQr ? Qr : Link;
}
