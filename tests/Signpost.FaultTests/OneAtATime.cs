// Each test loads a whole server or takes its resources, so two tests at once would disturb each other.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace Signpost.FaultTests;

/// <summary>Tests that mostly wait, or need a processor but no quiet machine. They run one at a time, too, but beside the others.</summary>
[CollectionDefinition(Name)]
public sealed class Beside
{
    public const string Name = nameof(Beside);
}
