namespace Signpost.Journal;

/// <summary>Adds the journal of clicks.</summary>
internal static class JournalServices
{
    /// <summary>The journal opens when the first that needs it is made: after the database's tables are there.</summary>
    public static void AddJournal(this IServiceCollection services, JournalSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<ClickJournal>();
    }
}
