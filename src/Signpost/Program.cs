using System.Data.Common;
using System.Security.Cryptography;
using Signpost.Accounts;
using Signpost.Accounts.Api;
using Signpost.Accounts.SignIn;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Documentation;
using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.Commands;
using Signpost.Dashboard;
using Signpost.Dashboard.FirstRun;
using Signpost.Dashboard.Passkeys;
using Signpost.Dashboard.Providers;
using Signpost.Dashboard.SignIn;
using Signpost.Domains;
using Signpost.Explain;
using Signpost.Files;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Links;
using Signpost.Links.Bulk;
using Signpost.Links.Trash;
using Signpost.Mail;
using Signpost.Operations;
using Signpost.Outbound;
using Signpost.PersonalData;
using Signpost.Pixels;
using Signpost.Presets;
using Signpost.Projects;
using Signpost.QrCodes;
using Signpost.Redirects;
using Signpost.Redirects.Interstitials;
using Signpost.SplashPages;
using Signpost.Statistics;
using Signpost.Statistics.Publishing;
using Signpost.Storage;
using Signpost.Tags;
using Signpost.Teams;
using Signpost.Visitors;
using Signpost.Web;
using Signpost.Web.Notices;

namespace Signpost;

/// <summary>The table of contents: opens the data directory, adds each feature, maps each feature, runs.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        DataDirectory.KeepNewFilesPrivate();
        Sockets.PreferInline();
        Database.ConfigureProcess();
        try
        {
            return await CommandLine.RunAsync(args, Console.In, Console.Out, () => ServeAsync(args));
        }
        catch (Exception error) when (StartFailure.Explain(error) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    /// <summary>Builds the whole server, not started yet. Tests adjust it: another clock, another port.</summary>
    public static async Task<Server> CreateAsync(
        string[] args,
        Action<WebApplicationBuilder>? adjust = null,
        CancellationToken cancel = default
    )
    {
        OpenFiles.Check();
        TextCheck.Run();
        CollectionPauses.Watch();
        var builder = Server.NewBuilder(args);
        builder.Services.AddSingleton(TimeProvider.System);
        adjust?.Invoke(builder);

        var settings = SignpostSettings.Read(builder.Configuration);
        if (settings.DatabaseAddress is not null)
            Sockets.HandOver();
        ListenAddresses.Check(builder.Configuration);
        var directory = DataDirectory.Open(settings.DataDirectory);
        var reserve = new DiskReserve(directory.Path);
        Database? database = null;
        try
        {
            if (settings.DatabaseAddress is null)
                directory.RequireDatabase();
            database = await OpenAsync(settings, directory, reserve, cancel);
            await MainDomainCase.ApplyAsync(database, settings.AreAliasesCaseSensitive, cancel);
            Directory.CreateDirectory(directory.JournalPath);
            directory.LockFiles();

            builder.AddHosting(settings, directory, database);
            builder.Services.AddAddressing(settings);
            builder.Services.AddSingleton<ChangeFeed>();
            builder.Services.AddJournal(
                new(directory.JournalPath, settings.ClickDurability, settings.NodeName)
                {
                    Reserve = reserve,
                    KeptDays = settings.ClicksKeptDays,
                    MostBacklogBytes = settings.MostBacklogBytes,
                    LongestBacklog = settings.LongestBacklog,
                }
            );
            builder.Services.AddClickStore();
            builder.Services.AddClicks();
            builder.Services.AddVisitors(settings);
            builder.Services.AddOutbound();
            builder.Services.AddWeb();
            builder.Services.AddRedirects(settings);
            builder.Services.AddMail();
            builder.Services.AddAccounts(settings);
            builder.Services.AddApi();
            builder.Services.AddFiles();
            builder.Services.AddLinks();
            builder.Services.AddTrash();
            builder.Services.AddBulkChanges();
            builder.Services.AddExplain();
            builder.Services.AddStatistics();
            builder.Services.AddProjects();
            builder.Services.AddTags();
            builder.Services.AddPixels();
            builder.Services.AddQrCodes();
            builder.Services.AddSplashPages();
            builder.Services.AddPresets();
            builder.Services.AddDomains();
            builder.Services.AddTeams();
            builder.Services.AddSingleton<PersonReader>();
            builder.Services.AddStatisticsStore();
            builder.Services.AddJobs();
            builder.Services.AddDashboard(settings);
            builder.Services.AddOperations();

            var app = builder.Build();
            directory.WarnIfOpen(app.Logger);
            database.Logger = app.Services.GetRequiredService<ILogger<Database>>();
            database.WhenEnded = () =>
            {
                Environment.ExitCode = 1;
                app.Lifetime.StopApplication();
            };
            app.UsePageErrors();
            app.UseOnlyTrustedPlaces();
            app.UseHostFiltering();
            app.UseRedirects();
            app.UseHostWatch();
            app.UseApiEdge();
            app.UseRouting();
            app.UseAuthentication();
            SessionAuthentication.UseAccountLanguage(app);
            app.UseAuthorization();
            app.UseRateLimiter();

            app.MapHealth();
            app.MapPages();
            app.MapDocs();
            app.MapSetUp();
            app.MapLogin();
            app.MapOneTimeAddresses();
            app.MapProvider();
            app.MapPasskeys();
            app.MapDashboard();
            var api = app.MapApi();
            api.MapLinks();
            api.MapTrash();
            api.MapBulkChanges();
            api.MapExplain();
            api.MapStatistics();
            api.MapProjects();
            api.MapTags();
            api.MapPixels();
            api.MapQrCodes();
            api.MapSplashPages();
            api.MapPresets();
            api.MapDomains();
            api.MapUsers();
            api.MapPersonExport();
            api.MapKeys();
            api.MapAudit();
            api.MapMails();
            api.MapTeams();
            api.MapRollups();
            api.MapEmptyLists();
            app.MapApiDocument();
            app.MapFiles();
            app.MapQrPictures();
            app.MapDomainFiles();
            app.MapInterstitials();
            app.MapPublicStatistics();
            app.UseNotFound();

            await app.Services.GetRequiredService<InstallationKey>().LoadAsync(cancel);
            await app.Services.GetRequiredService<AccountSettings>().ApplyAsync(cancel);
            await app.Services.GetRequiredService<SetUp>().LookAsync(cancel);
            return new Server(app, database, directory);
        }
        catch
        {
            if (database is not null)
                await database.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    // On a full disk the reserve helps: opening the database needs some room.
    private static async Task<Database> OpenAsync(
        SignpostSettings settings,
        DataDirectory directory,
        DiskReserve reserve,
        CancellationToken cancel
    )
    {
        try
        {
            return await OpenAsync(settings, directory, cancel);
        }
        catch (DbException) when (settings.DatabaseAddress is null && reserve.GiveUp())
        {
            return await OpenAsync(settings, directory, cancel);
        }
    }

    private static async Task<Database> OpenAsync(
        SignpostSettings settings,
        DataDirectory directory,
        CancellationToken cancel
    )
    {
        var database = Database.Open(settings.DatabaseAddress, directory.DatabasePath);
        database.Refusal = () => directory.Trouble;
        try
        {
            if (settings.DatabaseAddress is not null)
                directory.RequireTables(database);
            await Schema.ApplyAsync(database, cancel);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task<int> ServeAsync(string[] args)
    {
        using var stop = new StopSignal();
        try
        {
            await using var server = await CreateAsync(
                args,
                builder => builder.Services.AddSingleton<IHostLifetime>(stop),
                stop.Asked
            );
            stop.Asked.ThrowIfCancellationRequested();
            await StartAsync(server.App);
            server.App.Services.PrintBanner(Console.Out);
            stop.StopsHost(server.App.Lifetime);
            await server.App.WaitForShutdownAsync();
            return Environment.ExitCode;
        }
        catch (OperationCanceledException) when (stop.Asked.IsCancellationRequested)
        {
            return 0;
        }
    }

    // Kestrel refuses HTTPS without a certificate, an unreadable certificate, or a wrong endpoint in the settings. The log has
    // the details.
    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or CryptographicException)
        {
            throw new StartException($"Cannot start: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}
