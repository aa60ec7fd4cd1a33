using Signpost.Core.Statistics;
using Signpost.Hosting;

namespace Signpost.ClickStore;

/// <summary>How long raw clicks are kept.</summary>
/// <param name="days">The number of days; 0: forever.</param>
internal sealed class ClickAge(int days, ExpiryClock clock)
{
    /// <summary>The first UTC day whose raw clicks are kept, in days since 1970-01-01.</summary>
    public int FirstDay => days == 0 ? int.MinValue : Days.Of(clock.GetUtcNow().ToUnixTimeSeconds()) - days;
}
