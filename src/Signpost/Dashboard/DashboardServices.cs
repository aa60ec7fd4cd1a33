using Signpost.Dashboard.Account;

namespace Signpost.Dashboard;

/// <summary>Adds the pages for people who are signed in, or about to be.</summary>
internal static class DashboardServices
{
    public static void AddDashboard(this IServiceCollection services)
    {
        services.AddSingleton<PeoplePages>();
        services.AddSingleton<OneTimeNotice>();
        services.AddSingleton<AccountViews>();
    }
}
