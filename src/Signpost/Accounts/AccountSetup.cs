using Signpost.Hosting;

namespace Signpost.Accounts;

/// <summary>Adds accounts, their keys and what guards the doors.</summary>
internal static class AccountSetup
{
    public static void AddAccounts(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton(PasswordHashing.NewHasher());
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<AccountSettings>();
        services.AddSingleton<SetUp>();
        services.AddSingleton<ApiKeys>();
        // The core only: cookies, which need data protection, mean nothing here yet.
        services.AddWebEncoders();
        services.AddTransient<ApiKeyAuthentication>();
        services.AddAuthenticationCore(schemes =>
        {
            schemes.DefaultScheme = ApiKeyAuthentication.SchemeName;
            schemes.AddScheme<ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, displayName: null);
        });
        services.AddAuthorization();
        services.AddRateLimits(settings);
    }
}
