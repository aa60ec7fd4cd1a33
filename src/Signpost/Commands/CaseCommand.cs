using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Addressing;
using Signpost.ClickStore;
using Signpost.Core.Links;
using Signpost.Domains;
using Signpost.Hosting;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Commands;

/// <summary>Changes whether case matters in the aliases of the main domain, or tells what a change would do.</summary>
internal static class CaseCommand
{
    private const long MainDomain = 0;
    private const int MostNamed = 20;

    /// <param name="wanted"><c>on</c>, <c>off</c> or <c>status</c>.</param>
    /// <exception cref="StartException">The change is not possible.</exception>
    public static async Task RunAsync(SignpostSettings settings, string wanted, TimeProvider clock, TextWriter output)
    {
        if (wanted is not ("on" or "off" or "status"))
            throw new StartException($"change-case {wanted} is wrong. Allowed: on, off or status.");

        using var directory = DataDirectory.Open(settings.DataDirectory);
        if (settings.DatabaseAddress is null)
            directory.RequireDatabase();
        await using var database = Database.Open(settings.DatabaseAddress, directory.DatabasePath);
        if (settings.DatabaseAddress is not null)
            directory.RequireTables(database);
        await Schema.ApplyAsync(database, CancellationToken.None);
        if (wanted is "status")
            await TellAsync(settings, database, clock, output);
        else
            await ChangeAsync(settings, database, wanted is "on" ? AliasCase.Kept : AliasCase.Ignored, clock, output);
    }

    private static async Task TellAsync(
        SignpostSettings settings,
        Database database,
        TimeProvider clock,
        TextWriter output
    )
    {
        await using var connection = database.OpenRead();
        var isOn = CaseRules.Stored(connection, null, MainDomain) is AliasCase.Kept;
        output.WriteLine($"Aliases of the main domain are {(isOn ? "" : "not ")}case-sensitive.");
        if (!isOn)
            await TellClicksAsync(database, clock, output);
        else if (ProblemOf(settings, database, connection) is not "" and var problem)
            output.WriteLine(problem);
    }

    private static async Task ChangeAsync(
        SignpostSettings settings,
        Database database,
        AliasCase rule,
        TimeProvider clock,
        TextWriter output
    )
    {
        await using (var connection = database.OpenRead())
        {
            if (CaseRules.Stored(connection, null, MainDomain) == rule)
                throw new StartException("The main domain has this rule already. Nothing was changed.");
            if (rule is AliasCase.Ignored && ProblemOf(settings, database, connection) is not "" and var found)
                throw new StartException($"{found} Nothing was changed.");
        }

        await database.WriteAsync(
            async db =>
            {
                if (await CaseChange.ProblemAsync(db, MainDomain, CancellationToken.None) is { } problem)
                    throw new StartException($"{problem} The server does this work when it runs. Nothing was changed.");
                CaseRules.Store(db, MainDomain, rule);
                CaseChange.Begin(db, MainDomain, accountId: 0);
                return await db.SaveChangesAsync();
            },
            CancellationToken.None
        );
        if (rule is AliasCase.Kept)
            await TellClicksAsync(database, clock, output);
        output.WriteLine(
            $"Aliases of the main domain are now {(rule is AliasCase.Kept ? "" : "not ")}case-sensitive. The next start of the "
                + "server changes the links while it serves them."
        );
    }

    private static async Task TellClicksAsync(Database database, TimeProvider clock, TextWriter output)
    {
        await using var db = database.Read();
        output.WriteLine(
            $"Clicks of the last 30 days by another case than the alias's own: {CaseVisits.Count(db, MainDomain, clock.GetUtcNow()):N0}."
        );
    }

    // Why the main domain cannot be without case; empty: it can.
    private static string ProblemOf(SignpostSettings settings, Database database, DbConnection connection)
    {
        var address = new PublicAddress(settings, server: null, database);
        var domains = new DomainDirectory(database, address, new(), NullLogger<DomainDirectory>.Instance);
        var rules = new CaseRules(database);
        var loops = new LinkLoops(new(address, domains, rules), rules);
        return string.Join(
            ' ',
            SentencesOf("These aliases differ only in case", CaseCollisions.Find(connection, MainDomain, MostNamed))
                .Concat(
                    SentencesOf(
                        "Without case, these links would lead to themselves",
                        loops.WithoutCase(connection, MainDomain, MostNamed)
                    )
                )
        );
    }

    private static IEnumerable<string> SentencesOf(string start, List<string> aliases) =>
        aliases is [] ? [] : [$"{start}: {string.Join(", ", aliases)}."];
}
