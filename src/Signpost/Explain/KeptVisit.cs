using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Statistics;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Explain;

/// <summary>The facts of a visit, as far as its click keeps them.</summary>
internal static class KeptVisit
{
    private const int Second = 1_000;

    public static Visit Of(in ClickRow row, LinkPlan plan)
    {
        var isSentOn = row.Target.Destination is not null;
        var hasAnswered = isSentOn || row.Kind is ClickKind.Person;
        return new(
            AtOf(row, plan),
            row.Kind switch
            {
                ClickKind.Head => VisitMethod.Head,
                ClickKind.Refused => VisitMethod.Unknown,
                _ => VisitMethod.Get,
            },
            row.Kind switch
            {
                ClickKind.Robot => VisitorClass.Robot,
                ClickKind.Preview => VisitorClass.Preview,
                _ => VisitorClass.Person,
            },
            IsPrefetch: row.Kind is ClickKind.Prefetch,
            IsLimitReached: row.Kind is ClickKind.Limited,
            IsUnlocked: hasAnswered || row.Kind is ClickKind.Warned or ClickKind.Splash,
            HasAgreed: hasAnswered || row.Kind is ClickKind.Splash,
            Place: new(row.Place.ContinentCode, row.Place.CountryCode, row.Place.CityName),
            Agent: new(
                row.Agent.OsName,
                null,
                row.Agent.BrowserName,
                null,
                Enum.TryParse<DeviceType>(row.Agent.DeviceType, ignoreCase: true, out var device)
                    ? device
                    : DeviceType.Unknown
            ),
            AcceptLanguage: row.Language,
            HasContinued: hasAnswered
        );
    }

    /// <summary>
    /// A sentence for each fact that the rules asked for and the click does not hold. Empty if the kept facts lead to the recorded response.
    /// </summary>
    /// <param name="isPageGone">The splash page that the visitor saw was deleted.</param>
    public static IReadOnlyList<string> Missing(LinkPlan plan, in ClickRow row, bool agrees, bool isPageGone)
    {
        List<string> sentences = [];
        if (isPageGone)
            sentences.Add("The splash page of that time is gone.");
        if (!agrees && row.Kind is ClickKind.Disabled)
            sentences.Add("Whether the link was in the trash, or disabled by the owner of its domain, is not kept.");
        switch (plan.Rules?.Kind)
        {
            case TargetingKind.Rotation:
                sentences.Add("The draw of the rotation is not kept.");
                break;
            case TargetingKind.BrowserLanguage when !agrees:
                sentences.Add("Of the visitor's languages only the first is kept, without its region.");
                break;
            case { } kind when !agrees && FactOf(kind, row) is null:
                sentences.Add($"The visitor's {kind.Name} is not kept, or was not known.");
                break;
            case null:
            default:
                break;
        }

        return sentences;
    }

    /// <summary>The fact of a click that rules of this kind ask for; null: it is not kept, or was not known.</summary>
    public static string? FactOf(TargetingKind kind, in ClickRow row) =>
        kind switch
        {
            TargetingKind.ContinentCode => row.Place.ContinentCode,
            TargetingKind.CountryCode => row.Place.CountryCode,
            TargetingKind.CityName => row.Place.CityName,
            TargetingKind.DeviceType => row.Agent.DeviceType,
            TargetingKind.BrowserLanguage => row.Language,
            TargetingKind.OsName => row.Agent.OsName,
            TargetingKind.BrowserName => row.Agent.BrowserName,
            _ => null,
        };

    // Only the second is kept. A limit of time within it was on the side that the kind tells.
    private static long AtOf(in ClickRow row, LinkPlan plan)
    {
        var (first, last) = (row.AtSeconds * Second, row.AtSeconds * Second + Second - 1);
        return row.Kind is ClickKind.Disabled ? first
            : row.Kind is ClickKind.Expired || (plan.StartsAt > first && plan.StartsAt <= last) ? last
            : first;
    }
}
