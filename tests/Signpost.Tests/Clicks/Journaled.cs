using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Clicks;
using Signpost.Clicks.Classifying;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Testing;
using Signpost.Visitors;

namespace Signpost.Tests.Clicks;

/// <summary>The clicks in a server's journal, classified as the ingestor does it, without waiting for it.</summary>
internal static class Journaled
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>All that was answered since the start. Only while the first segment is in use: 45 seconds.</summary>
    public static async Task<ClickBatch> ReadAsync(this TestServer server)
    {
        var services = server.Services;
        using var salts = new VisitorSalts(
            server.Database,
            services.GetRequiredService<SignpostSettings>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ExpiryClock>(),
            NullLogger<VisitorSalts>.Instance
        );
        using var destinations = new LinkDestinations(server.Database, NullLogger<LinkDestinations>.Instance);
        var classifier = new ClickClassifier(
            services.GetRequiredService<AgentReader>(),
            services.GetRequiredService<PlaceFinder>(),
            salts,
            services.GetRequiredService<LinkOwners>(),
            destinations,
            new ClickHosts(server.Database, () => server.Url)
        );
        var reader = new JournalReader(services.GetRequiredService<ClickJournal>());
        while (true)
        {
            // To the end at once: then the rows of a day whose salt was missing are not cut off.
            var batch = reader.Read(JournalPosition.Start, int.MaxValue, classifier);
            if (!salts.IsAwaited)
                return batch ?? throw new InvalidOperationException("The journal holds no click.");
            await salts.LoadAwaitedAsync(Cancel);
        }
    }

    /// <summary>The rows of a link.</summary>
    public static async Task<IReadOnlyList<ClickRow>> RowsAsync(this TestServer server, MadeLink link) =>
        [.. (await server.ReadAsync()).Rows.Where(row => row.LinkId == link.Id)];

    /// <summary>The only row of a link.</summary>
    public static async Task<ClickRow> RowAsync(this TestServer server, MadeLink link) =>
        Assert.Single(await server.RowsAsync(link));
}
