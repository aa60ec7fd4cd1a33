using Microsoft.AspNetCore.Http;
using Signpost.Core.Visitors;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>Asks an <see cref="AgentReader"/> for all at once, on the test's own thread.</summary>
internal static class ReadsAgents
{
    public static VisitorClass Classify(this AgentReader reader, string? agent) => reader.Meet(agent).Visitor;

    public static UserAgent Read(this AgentReader reader, IHeaderDictionary headers)
    {
        var allowance = long.MaxValue;
        reader.Read(headers.UserAgent, default, ref allowance);
        return AgentReader.Tell(reader.Meet(headers.UserAgent), headers);
    }
}
