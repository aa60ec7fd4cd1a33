using Microsoft.AspNetCore.Authorization;
using Signpost.Hosting;

namespace Signpost.Accounts;

/// <summary>Adds accounts, their keys and what guards the doors.</summary>
internal static class AccountSetup
{
    public static void AddAccounts(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton(PasswordHashing.NewHasher());
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<Throttle>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<AccountSettings>();
        services.AddSingleton<SetUp>();
        services.AddSingleton<AccountEditor>();
        services.AddSingleton<AccountCatalog>();
        services.AddSingleton<AccountRemoval>();
        services.AddRunning<AuditLog>();
        services.AddKeys();
        services.AddRateLimits(settings);
    }

    private static void AddKeys(this IServiceCollection services)
    {
        services.AddRunning<KeyUses>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<KeyEditor>();
        services.AddSingleton<KeyCatalog>();
        services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        services.AddAuthorization();
        services.AddWebEncoders();
        services.AddTransient<ApiKeyAuthentication>();
        services.AddAuthenticationCore(schemes =>
        {
            schemes.DefaultScheme = ApiKeyAuthentication.SchemeName;
            schemes.AddScheme<ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, displayName: null);
        });
    }

    private static void AddRunning<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
