using Signpost.Core.Visitors;

namespace Signpost.Visitors;

/// <summary>
/// Remembers what user agents were found to be. Each has its one place, and the next that falls there takes it over: so
/// memory is bounded (places times <see cref="LongestAgent"/>, 8 MiB at worst), nothing is ever locked or swept, and a
/// flood of invented agents only makes some real ones be looked at again.
/// </summary>
internal sealed class SeenAgents
{
    public const int LongestAgent = 1024;

    private const int Places = 4096;

    private readonly Entry?[] _entries = new Entry?[Places];

    public bool TryFind(ReadOnlySpan<char> agent, out VisitorClass visitor)
    {
        var entry = Volatile.Read(ref _entries[PlaceOf(agent)]);
        visitor = entry?.Visitor ?? default;
        return entry is not null && agent.SequenceEqual(entry.Agent);
    }

    public void Remember(ReadOnlySpan<char> agent, VisitorClass visitor) =>
        Volatile.Write(ref _entries[PlaceOf(agent)], new Entry(agent.ToString(), visitor));

    private static int PlaceOf(ReadOnlySpan<char> agent) => string.GetHashCode(agent) & (Places - 1);

    private sealed record Entry(string Agent, VisitorClass Visitor);
}
