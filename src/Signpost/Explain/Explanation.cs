using Signpost.Api;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;

namespace Signpost.Explain;

/// <summary>Where a link sends a visitor, and why.</summary>
internal sealed record Explanation(
    VisitorResponse Visitor,
    IReadOnlyList<StepResponse> Steps,
    DecisionResponse Decision
) : WarnedResponse;

/// <summary>The facts of a visitor; null: not known.</summary>
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
) : WarnedResponse
{
    /// <summary>Makes the response from a visit with all facts.</summary>
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
/// <c>passed</c>: the next step came; <c>settled</c>: this step decided; <c>not_reached</c>: an earlier step decided.
/// </param>
/// <param name="Because">One sentence: what the step asked and what it found.</param>
internal sealed record StepResponse(string Step, string Outcome, string Because);

/// <summary>The response to the visitor.</summary>
/// <param name="Location">The destination; null: none.</param>
/// <param name="Rule">The rule that chose it, as in <c>targeting_country_code[0]</c>; null: no rule.</param>
/// <param name="Kind">The kind that statistics count it as; null: the host is unknown, and nothing is counted.</param>
internal sealed record DecisionResponse(int Status, string? Location, string? Rule, string? Kind);
