using Signpost.Core.Visitors;

namespace Signpost.Visitors;

/// <summary>Placeholder until the branch that reads agents is merged.</summary>
internal sealed class AgentReader(RobotList robots)
{
    public VisitorClass Classify(string? userAgent) => robots.Classify(userAgent);

    public UserAgent Read(IHeaderDictionary headers) =>
        robots is null ? throw new InvalidOperationException() : UserAgent.Unknown;
}
