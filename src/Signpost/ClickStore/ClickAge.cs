using Signpost.Core.Statistics;

namespace Signpost.ClickStore;

/// <summary>How long clicks are kept one by one.</summary>
/// <param name="days">0: for ever.</param>
internal sealed class ClickAge(int days, TimeProvider clock)
{
    /// <summary>The first UTC day whose clicks are kept, in days since 1970-01-01.</summary>
    public int FirstDay => days == 0 ? int.MinValue : Days.Of(clock.GetUtcNow().ToUnixTimeSeconds()) - days;
}
