using System.Net;
using Signpost.Core.Visitors;

namespace Signpost.Visitors;

/// <summary>Placeholder until the branch that finds places is merged.</summary>
internal sealed class PlaceFinder(TimeProvider clock)
{
    public Place Find(IPAddress? address, IHeaderDictionary headers) => clock is null ? default : default(Place);
}
