// One lane for the tests that load a whole server or take its resources, and one for all others.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Signpost.FaultTests;

/// <summary>Tests that load a whole server or take its resources: two of them at once would disturb each other.</summary>
[CollectionDefinition(Name)]
public sealed class OneAtATime
{
    public const string Name = "One at a time";
}
