using Signpost.Api;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Links.Targeting;

/// <summary>Finds rules for browsers that no visitor can have.</summary>
internal static class BrowserRules
{
    /// <summary>A warning for each such rule that was sent.</summary>
    public static IEnumerable<Warning> Warnings(LinkChanges changes, KnownBrowsers browsers) =>
        changes
            .Targeting.Where(change => change.Type.Name == "browser_name")
            .SelectMany(change => change.Entries)
            .Where(entry => !browsers.Has(entry.Key))
            .Select(entry => new Warning(
                $"No visitor's browser has the name {entry.Key}: the rule will never match.",
                entry.ValueAs
            ));
}
