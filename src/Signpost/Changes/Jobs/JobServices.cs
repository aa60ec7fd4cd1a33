namespace Signpost.Changes.Jobs;

/// <summary>Adds the services that run jobs.</summary>
internal static class JobServices
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<Slices>();
        services.AddSingleton<TraceErasure>();
        services.AddHostedService(provider => provider.GetRequiredService<TraceErasure>());
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
    }

    /// <summary>Adds a service that does jobs, also under its own type.</summary>
    public static void AddWorker<TWorker>(this IServiceCollection services)
        where TWorker : class, IJobWorker
    {
        services.AddSingleton<TWorker>();
        services.AddSingleton<IJobWorker>(provider => provider.GetRequiredService<TWorker>());
    }
}
