using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Testing;

/// <summary>A click of a person of whom nothing is known. Tests change what they need.</summary>
internal static class PlainClick
{
    /// <param name="at">The time, in seconds since 1970-01-01 UTC.</param>
    public static ClickRow On(long link, long at = 0, ulong visitor = 0) =>
        new(
            link,
            at,
            visitor,
            ClickKind.Person,
            302,
            IsQr: false,
            ClickPlace.Unknown,
            ClickAgent.Unknown,
            Language: null,
            ClickReferrer.None,
            ClickUtm.None,
            ClickTarget.None
        );
}
