using Signpost.Dashboard.Account;
using Signpost.Dashboard.BulkCreate;
using Signpost.Dashboard.Domains;
using Signpost.Dashboard.Explaining;
using Signpost.Dashboard.Links;
using Signpost.Dashboard.Links.Form;
using Signpost.Dashboard.ManyLinks;
using Signpost.Dashboard.OneLink;
using Signpost.Dashboard.Providers;
using Signpost.Dashboard.QrCodes;
using Signpost.Dashboard.Server;
using Signpost.Dashboard.Shell;
using Signpost.Dashboard.Statistics;
using Signpost.Dashboard.Team;
using Signpost.Dashboard.Things;
using Signpost.Dashboard.Unknown;
using Signpost.Hosting;

namespace Signpost.Dashboard;

/// <summary>Adds the pages for people who are signed in, or about to be.</summary>
internal static class DashboardServices
{
    public static void AddDashboard(this IServiceCollection services, SignpostSettings settings)
    {
        services.AddSingleton<PeoplePages>();
        services.AddSingleton<OneTimeNotice>();
        services.AddSingleton<AccountViews>();
        services.AddSingleton<SignInViews>();
        services.AddSingleton<KeyViews>();
        services.AddSingleton<ActivityViews>();
        services.AddSingleton<TeamViews>();
        services.AddSingleton<Navigation>();
        services.AddSingleton<Toasts>();
        services.AddSingleton<FormKeys>();
        services.AddSingleton<DashboardPages>();
        services.AddSingleton<LinkLists>();
        services.AddSingleton<LinkViews>();
        services.AddSingleton<Selections>();
        services.AddSingleton<ManyLinkChanges>();
        services.AddSingleton<LinkLines>();
        services.AddSingleton<LinkForms>();
        services.AddSingleton<PostedLinkForm>();
        services.AddSingleton<LinkFormSaving>();
        services.AddSingleton<LinkOutcomes>();
        services.AddThings();
        services.AddSingleton<DomainPages>();
        services.AddSingleton<DomainGuests>();
        services.AddSingleton<LinkHeads>();
        services.AddSingleton<ThingCatalogs>();
        services.AddSingleton<VersionTexts>();
        services.AddSingleton<StepSentences>();
        services.AddSingleton<ClickViews>();
        services.AddSingleton<UnknownAliases>();
        services.AddSingleton<ServerViews>();
        services.AddSingleton<QrDesigner>();
        services.AddSingleton<BulkCreator>();
        services.AddSingleton<StatisticsViews>();
        services.AddSingleton<ScopeChoices>();
        services.AddSingleton<LinkComparison>();
        services.AddSingleton<EditFlags>();
        services.AddSingleton<LinkSheets>();
        services.AddProvider(settings);
    }
}
