using Signpost.Api;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;
using Signpost.Statistics.Listing;

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

/// <summary>A click that happened, and why its visitor got this response.</summary>
/// <param name="Version">The version of the link that decided; null: it is not kept.</param>
/// <param name="Agrees">
/// Whether that version and the kept facts lead to the recorded response; null: too little is kept to tell.
/// </param>
/// <param name="Steps">The steps of that version; empty if it is not kept.</param>
/// <param name="Decision">The response, as it was recorded. The location is without parameters.</param>
/// <param name="NotKept">A sentence for each fact that the decision used and the click does not hold.</param>
internal sealed record ExplainedClick(
    ClickResponse Click,
    int? Version,
    bool? Agrees,
    IReadOnlyList<StepResponse> Steps,
    DecisionResponse Decision,
    IReadOnlyList<string> NotKept
);
