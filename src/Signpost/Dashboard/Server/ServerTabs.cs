namespace Signpost.Dashboard.Server;

/// <summary>The addresses of the parts of the page of the server.</summary>
internal static class ServerTabs
{
    public const string State = "/dashboard/server";
    public const string People = $"{State}/people";
    public const string Domains = $"{State}/domains";
    public const string Settings = $"{State}/settings";

    /// <summary>Each address and the key of its text.</summary>
    public static readonly (string Path, string Text)[] All =
    [
        (State, "server.state"),
        (People, "server.people"),
        (Domains, "nav.domains"),
        (Settings, "server.settings"),
    ];

    /// <summary>The address of a page of a list, or of an action below the list that leads back to this page.</summary>
    /// <param name="page">The number of the page, from 1.</param>
    public static string Below(string list, int page, string action = "") =>
        $"{list}{action}{(page > 1 ? $"?page={page}" : "")}";
}
