using System.Globalization;
using Signpost.Api;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;
using Signpost.Links;

namespace Signpost.Explain;

/// <summary>Describes in a sentence what a step asked and found. It decides nothing: the outcome is given.</summary>
/// <param name="isPast">The visit is over. Some of its facts are not kept, nor the used part of the limit at that time.</param>
internal sealed class StepTexts(
    LinkResponse link,
    LinkPlan plan,
    Visit visit,
    Decision decision,
    TimeZoneInfo zone,
    bool isPast = false
)
{
    private const int MostKeys = 10;

    public string Of(Step step) =>
        step switch
        {
            Step.Availability => Availability(),
            Step.Request => Request(),
            Step.End => End(),
            Step.Password => !plan.IsLocked ? "The link has no password."
            : visit.IsUnlocked ? "The link has a password, and the visitor has given it."
            : "The link has a password, and the visitor has not given it.",
            Step.SensitiveContent => !plan.Warns ? "The link does not warn."
            : visit.HasAgreed ? "The link warns of its content, and the visitor has agreed."
            : "The link warns of its content, and the visitor has not agreed yet.",
            Step.SplashPage => plan.Splash is null ? "The link has no splash page."
            : visit.HasContinued ? "The link has a splash page, and the visitor has continued."
            : "The link has a splash page, and the visitor has not continued yet.",
            Step.Targeting => Targeting(),
            Step.Parameters => Parameters(),
            Step.Delivery => Delivery(),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    private string At => LocalTime.Format(visit.AtMilliseconds, zone);

    private string Availability() =>
        !plan.IsEnabled ? "The link is disabled."
        : plan.StartsAt == long.MinValue ? "The link is enabled and has no start date."
        : $"The link is enabled and starts at {LocalTime.Format(plan.StartsAt, zone)}; the visit is at {At}.";

    private string Request() =>
        (visit.IsPrefetch, visit.Visitor) switch
        {
            (true, _) => "A browser fetches ahead of its user; the visit itself comes later.",
            (_, VisitorClass.Robot) => "A GET by a robot, by its User-Agent: it gets a response and is no click.",
            (_, VisitorClass.Preview) => "A GET by a robot that draws link previews, by its User-Agent: no click.",
            _ => "A GET by a person.",
        };

    private string End()
    {
        var isPastEnd = visit.AtMilliseconds >= plan.EndsAt;
        var date =
            plan.EndsAt == long.MaxValue
                ? "The link has no end date."
                : $"The link ends at {LocalTime.Format(plan.EndsAt, zone)}; the visit is at {At}.";
        var limit =
            plan.IsLimited && isPast ? $"Its limit was {plan.ClicksLimit} clicks."
            : plan.IsLimited ? $"Its limit is {plan.ClicksLimit} clicks, of which {link.Clicks} are used."
            : "It has no limit of clicks.";
        if (isPastEnd || decision.Kind is ClickKind.Limited)
            return plan.ExpirationUrl is null
                ? $"{date} {limit} It is over, and has no expiration_url."
                : $"{date} {limit} It is over: the visitor goes to its expiration_url.";

        return plan.IsLimited && visit.Visitor is not VisitorClass.Person
            ? $"{date} {limit} A robot consumes no click and does not learn the destination of a limited link."
            : $"{date} {limit}";
    }

    private string Targeting()
    {
        if (plan.Rules is not { } table)
            return link.Settings.TargetingType is { } type
                ? $"targeting_type is {type}, but its list is empty."
                : "The link has no targeting.";

        if (decision.Answer is Answer.Preview)
            return $"{table.Kind.Name} is not used: the preview is the same for all.";

        var chosen = decision.Applied == AppliedRule.None ? "no rule matches" : $"rule {decision.Applied.Rule} matches";
        return $"{table.Kind.Name} asks for {Keys(table)}. {Seen(table)}: {chosen}.";
    }

    private static string Keys(TargetingTable table)
    {
        var keys = string.Join(", ", table.Rules.Take(MostKeys).Select(rule => rule.Key));
        return table.Rules.Count > MostKeys ? $"{keys} and {table.Rules.Count - MostKeys} more" : keys;
    }

    private string Seen(TargetingTable table) =>
        table.Kind switch
        {
            TargetingKind.Rotation when isPast => "The weights are shares of the whole, and the draw is not kept",
            TargetingKind.BrowserLanguage when isPast && visit.AcceptLanguage is { } language =>
                $"The visitor's first language is {language}",
            TargetingKind.Rotation => Invariant(
                $"The weights are shares of the whole, and the draw was {visit.Lot / Math.Pow(2, 64):P2}"
            ),
            TargetingKind.BrowserLanguage => visit.AcceptLanguage is { } languages
                ? $"The visitor sends Accept-Language: {languages}"
                : "The visitor sends no language",
            TargetingKind.ContinentCode => Seen(visit.Place.ContinentCode),
            TargetingKind.CountryCode => Seen(visit.Place.CountryCode),
            TargetingKind.CityName => Seen(visit.Place.CityName),
            TargetingKind.DeviceType => Seen(visit.Agent?.DeviceName),
            TargetingKind.OsName => Seen(visit.Agent?.SystemName),
            TargetingKind.BrowserName => Seen(visit.Agent?.BrowserName),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    private static string Seen(string? value) =>
        value is null ? "The visitor's is not known" : $"The visitor's is {value}";

    private string Parameters()
    {
        var settings = link.Settings;
        var tags = new[]
        {
            ("utm_source", settings.UtmSource),
            ("utm_medium", settings.UtmMedium),
            ("utm_campaign", settings.UtmCampaign),
            ("utm_term", settings.UtmTerm),
            ("utm_content", settings.UtmContent),
        }
            .Where(tag => tag.Item2 is not null)
            .Select(tag => $"{tag.Item1}={tag.Item2}");
        var set = string.Join(", ", tags) is { Length: > 0 } names ? $"Set: {names}" : "No utm parameters are set";
        if (decision.Location is { } location && !DestinationBuilder.TakesQuery(location))
            return "The destination is an app's address: it gets no parameters.";

        return plan.MergesQuery
            ? $"{set}; the visitor's query is merged in."
            : $"{set}; the visitor's query is not passed on.";
    }

    private string Delivery() =>
        decision.Answer switch
        {
            Answer.Redirect => Invariant($"A redirect with {decision.Status}."),
            Answer.Preview => "A page with the link's own preview, for a robot that draws previews.",
            Answer.OpenApp => Invariant(
                $"A page with {decision.Status} that opens the app of {AppSites.NameOf(decision.Location!)}"
            ) + (decision.App.NeedsTap ? " by a tap, since the visitor is in another app's browser." : "."),
            Answer.Cloak => Invariant($"A page with {decision.Status} that holds the destination in a frame."),
            Answer.FirePixels => Invariant(
                $"A page with {decision.Status} that fires {plan.Pixels.Count} pixels and continues."
            ),
            _ => Invariant($"A page with {decision.Status}."),
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
