using Signpost.Core.Targeting;

namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>The apps for a link's destinations on each system, computed once, so that a look-up allocates nothing.</summary>
public sealed class AppTable
{
    private readonly Row[] _rows;

    private AppTable(Row[] rows) => _rows = rows;

    /// <summary>Null if no destination has an app.</summary>
    public static AppTable? Compile(string location, TargetingTable? rules)
    {
        string[] locations = [location, .. rules?.Rules.Select(rule => rule.Location) ?? []];
        Row[] rows = [.. locations.Select(RowOf)];
        return rows.Any(row => row.OnIos || row.OnAndroid) ? new(rows) : null;
    }

    /// <summary>The way to open the app for this visitor.</summary>
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
        // The visitor is in this app already.
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

/// <summary>The way to open an app.</summary>
/// <param name="System">None: no app is opened.</param>
/// <param name="NeedsTap">The visitor is in another app's browser, which opens apps only by a tap.</param>
public readonly record struct AppOpening(AppSystem System, bool NeedsTap);
