using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Explain;

/// <summary>What a visitor would get from a link, and why.</summary>
internal sealed record Explanation(
    VisitorResponse Visitor,
    IReadOnlyList<StepResponse> Steps,
    DecisionResponse Decision
);

/// <summary>What a visitor was taken for; null: not known.</summary>
internal sealed record VisitorResponse(
    string? ContinentCode,
    string? CountryCode,
    string? CityName,
    string? DeviceType,
    string? OsName,
    string? OsVersion,
    string? BrowserName,
    string? BrowserVersion,
    string? BrowserLanguage,
    bool IsRobot
)
{
    /// <summary>Of a visit that was read with all facts.</summary>
    public static VisitorResponse Of(in Visit visit)
    {
        var agent = visit.Agent ?? UserAgent.Unknown;
        return new(
            visit.Place.ContinentCode,
            visit.Place.CountryCode,
            visit.Place.CityName,
            agent.DeviceName,
            agent.SystemName,
            agent.SystemVersion,
            agent.BrowserName,
            agent.BrowserVersion,
            AcceptLanguage.First(visit.AcceptLanguage),
            visit.Visitor is not VisitorClass.Person
        );
    }
}

/// <summary>One step of a decision.</summary>
/// <param name="Outcome">
/// <c>passed</c>: the next step was asked; <c>settled</c>: this one decided; <c>not_reached</c>: an earlier one had.
/// </param>
/// <param name="Because">What was asked and what was seen, in a sentence.</param>
internal sealed record StepResponse(string Step, string Outcome, string Because);

/// <summary>What the visitor would be answered.</summary>
/// <param name="Location">Where to; null: nowhere.</param>
/// <param name="Rule">The rule that chose it, as in <c>targeting_country_code[0]</c>; null: none did.</param>
internal sealed record DecisionResponse(int Status, string? Location, string? Rule);
