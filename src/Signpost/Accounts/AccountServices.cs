using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Signpost.Accounts.Audit;
using Signpost.Accounts.Keys;
using Signpost.Accounts.SignIn;
using Signpost.Api.Callers;
using Signpost.Changes.Jobs;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Web.Forms;

namespace Signpost.Accounts;

/// <summary>Adds the services of accounts, keys and authentication.</summary>
internal static class AccountServices
{
    public static void AddAccounts(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton(PasswordHashing.NewHasher());
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<AttemptLimiter>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<AccountSettings>();
        services.AddSingleton<SetUp>();
        services.AddSingleton<AccountEditor>();
        services.AddSingleton<AccountCatalog>();
        services.AddSingleton<AccountRemoval>();
        services.AddWorker<AccountJobs>();
        services.AddRunning<AuditLog>();
        services.AddKeys();
        services.AddSignIn(settings);
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
        services.AddTransient<SessionAuthentication>();
        services.AddAuthenticationCore(schemes =>
        {
            // The default is keys. Pages ask for sessions explicitly, so a cookie never gives access by mistake.
            schemes.DefaultScheme = ApiKeyAuthentication.SchemeName;
            schemes.AddScheme<ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, displayName: null);
            schemes.AddScheme<SessionAuthentication>(SessionAuthentication.SchemeName, displayName: null);
        });
    }

    private static void AddSignIn(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton<Sessions>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<SignInManager>();
        services.AddSingleton<ProviderSignIn>();
        services.AddSingleton<PasskeyChallenges>();
        services.AddSingleton<PasskeySignIn>();
        services.AddSingleton<Confirmation>();
        services.AddSingleton<OwnAccount>();
        services.AddSingleton<OwnLogins>();
        services.AddSingleton<OwnPasskeys>();
        services.AddSingleton<OneTimeAddresses>();
        services.AddSingleton<PasswordResets>();
        services.AddRunning<ResetRequests>();
        services.AddSingleton<EmailChanges>();
        services.AddSingleton<MailCatalog>();
        // The same name on every node, whatever directory it runs in.
        var protection = services.AddDataProtection().SetApplicationName("Signpost");
        if (settings.KeysCertificate is { } certificate)
            protection.ProtectKeysWithCertificate(certificate);
        services
            .AddOptions<KeyManagementOptions>()
            .Configure<Database>((keys, database) => keys.XmlRepository = new KeyRing(database));
        services.AddAntiforgeryForms();
    }

    private static void AddRunning<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
