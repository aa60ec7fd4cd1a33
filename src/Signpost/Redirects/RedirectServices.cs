using Signpost.Changes;
using Signpost.Hosting;
using Signpost.Redirects.Interstitials;
using Signpost.Redirects.Pages;

namespace Signpost.Redirects;

/// <summary>Adds and maps the redirect.</summary>
internal static class RedirectServices
{
    public static void AddRedirects(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton<PlanLoader>();
        services.AddSingleton(provider => new PlanCache(
            settings.PlanCacheBytes,
            provider.GetRequiredService<PlanLoader>().LoadAsync,
            provider.GetRequiredService<ChangeFeed>()
        ));
        services.AddSingleton<PlanFinder>();
        services.AddSingleton<VisitReader>();
        services.AddSingleton<FactsReader>();
        services.AddSingleton<LinkVisits>();
        services.AddSingleton<Responder>();
        services.AddSingleton<InterstitialPages>();
        services.AddSingleton<DeliveryPages>();
        services.AddSingleton<LinkAccessCookie>();
        services.AddSingleton<TypedPasswords>();
        services.AddSingleton<SplashTokens>();
        services.AddSingleton<PasswordAttemptLimiter>();
        services.AddSingleton<InterstitialLinks>();
    }

    public static void UseRedirects(this WebApplication app) => app.UseMiddleware<RedirectMiddleware>();
}
