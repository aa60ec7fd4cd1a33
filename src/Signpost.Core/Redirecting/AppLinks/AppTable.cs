using Signpost.Core.Targeting;

namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>Which of a link's destinations have an app on which system: worked out once, so that asking allocates nothing.</summary>
public sealed class AppTable
{
    private readonly Row[] _rows;

    private AppTable(Row[] rows) => _rows = rows;

    /// <summary>Null when no destination has an app anywhere.</summary>
    public static AppTable? Compile(string location, TargetingTable? rules)
    {
        string[] locations = [location, .. rules?.Rules.Select(rule => rule.Location) ?? []];
        Row[] rows = [.. locations.Select(RowOf)];
        return rows.Any(row => row.OnIos || row.OnAndroid) ? new(rows) : null;
    }

    /// <summary>How this visitor's app is to be opened.</summary>
    /// <param name="rule">The rule that chose the destination; -1: none.</param>
    public AppOpening Find(int rule, in Visit visit)
    {
        var row = _rows[rule + 1];
        var system = AppSites.SystemOf(visit.Agent?.SystemName);
        var isThere = system switch
        {
            AppSystem.Ios => row.OnIos,
            AppSystem.Android => row.OnAndroid,
            _ => false,
        };
        // Inside the app there is nothing to open.
        return !isThere || (visit.InApp != InAppBrowser.None && visit.InApp == row.Own)
            ? default
            : new(system, NeedsTap: visit.InApp != InAppBrowser.None);
    }

    private static Row RowOf(string location)
    {
        var site = AppSites.Find(location);
        return site is null
            ? default
            : new(
                AppSites.AddressOf(AppSystem.Ios, location) is not null,
                AppSites.AddressOf(AppSystem.Android, location) is not null,
                site.Own
            );
    }

    private readonly record struct Row(bool OnIos, bool OnAndroid, InAppBrowser Own);
}

/// <summary>How an app is opened.</summary>
/// <param name="System">None: not at all.</param>
/// <param name="NeedsTap">The visitor sits in another app's browser, which opens apps only when their address is tapped.</param>
public readonly record struct AppOpening(AppSystem System, bool NeedsTap);
