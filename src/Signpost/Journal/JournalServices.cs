namespace Signpost.Journal;

/// <summary>Adds the journal of clicks.</summary>
internal static class JournalServices
{
    /// <summary>The journal opens when the first service that needs it is created: after the database has its tables.</summary>
    public static void AddJournal(this IServiceCollection services, JournalSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<ClickJournal>();
        if (settings.Reserve is { } reserve)
        {
            services.AddSingleton(reserve);
            services.AddHostedService<DiskKeeper>();
        }
    }
}
