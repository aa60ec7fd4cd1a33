namespace Signpost.Dashboard.Team;

/// <summary>The addresses of the parts of the team's page.</summary>
internal static class TeamTabs
{
    public const string Members = "/dashboard/team";
    public const string Activity = $"{Members}/activity";
    public const string Settings = $"{Members}/settings";

    /// <summary>Each address and the key of its text.</summary>
    public static readonly (string Path, string Text)[] All =
    [
        (Members, "team.members"),
        (Activity, "account.activity"),
        (Settings, "team.settings"),
    ];
}
