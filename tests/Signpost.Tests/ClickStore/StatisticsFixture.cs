using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.ClickStore;
using Signpost.ClickStore.Reading;
using Signpost.ClickStore.Rollups;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.Tests.ClickStore;

/// <summary>Statistics over a real database with links in projects and domains, and the expected results.</summary>
internal sealed class StatisticsFixture : IAsyncDisposable
{
    public const int Links = 12;
    public const long Account = 1;
    public const int KeptDays = 30;
    public static readonly int Today = Days.Of(RowsFixture.Start.ToUnixTimeSeconds());

    private static readonly Dimension[] Dimensions = Enum.GetValues<Dimension>();

    private readonly RowsFixture _rows;
    private readonly ChangeFeed _feed = new();
    private readonly Dictionary<long, LinkPlace> _places = [];
    private readonly List<ClickRow> _clicks = [];

    private StatisticsFixture(RowsFixture rows)
    {
        _rows = rows;
        Age = new ClickAge(KeptDays, new(rows.Clock));
        Owners = new LinkOwners(rows.Database, _feed);
        Statistics = Asking(rows.Clock);
        Job = new RollupJob(
            new DayRollupJob(
                rows.Database,
                rows.Archive,
                rows.Recent,
                Age,
                rows.Lanes,
                new TraceErasure(rows.Database, rows.Clock, NullLogger<TraceErasure>.Instance)
            )
            {
                StaleAtOnce = 3,
            },
            rows.Clock,
            NullLogger<RollupJob>.Instance
        );
    }

    /// <summary>Statistics that look at another clock.</summary>
    public SqliteStatistics Asking(TimeProvider clock) =>
        new(
            _rows.Archive,
            Owners,
            _rows.Lanes,
            new DamagedColumns(_rows.Database, NullLogger<DamagedColumns>.Instance),
            clock
        )
        {
            Cost = Cost,
        };

    /// <summary>Also scopes of few links are counted by the columns of days.</summary>
    private static readonly ReadingCost Cost = ReadingCost.Usual with { Column = 0 };

    public ClickAge Age { get; }
    public LinkOwners Owners { get; }
    public SqliteStatistics Statistics { get; }
    public RollupJob Job { get; }
    public RowsFixture Rows => _rows;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<StatisticsFixture> MakeAsync()
    {
        var made = new StatisticsFixture(await RowsFixture.MakeAsync());
        await made.SeedAsync();
        return made;
    }

    /// <summary>Stores clicks of some days, some of them late.</summary>
    public async Task AppendAsync(Random chance, int count, int firstDay, int days)
    {
        var made = new ClickRow[count];
        for (var row = 0; row < count; row++)
        {
            var link = chance.Next(4) > 0 ? 1 : chance.Next(Links) + 1;
            while (!_places.ContainsKey(link))
                link = chance.Next(Links) + 1;
            var at = Days.StartOf(firstDay) + chance.NextInt64(days * 86_400L);
            made[row] = Click(chance, link, at);
        }

        foreach (var batch in made.Chunk(500))
            await _rows.StoreAsync(batch);
        _clicks.AddRange(made);
    }

    public Task CompactAsync() => _rows.Compactor.CompactAsync(Cancel);

    public Task CloseAsync() => Job.CloseAsync(Cancel);

    /// <summary>Makes the rollups as they were before values had parents, and upgrades the database.</summary>
    public async Task UpgradeAsync()
    {
        await _rows.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                foreach (var id in ReadIds(connection, transaction))
                {
                    var stored = RollupTable.Find(connection, transaction, id)!.Value;
                    RollupTable.Write(
                        connection,
                        transaction,
                        new(id, RollupBytes.Write(WithoutParents(RollupBytes.Read(stored))))
                    );
                }

                return connection.Run(
                    transaction,
                    "DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_ValuesWithParents'"
                );
            },
            Cancel
        );
        await Schema.ApplyAsync(_rows.Database, Cancel);
    }

    /// <summary>Removes the columns of all days, and upgrades the database.</summary>
    public async Task UpgradeColumnsAsync()
    {
        await _rows.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                connection.Run(transaction, "DROP TABLE day_columns");
                return connection.Run(
                    transaction,
                    "DELETE FROM __EFMigrationsHistory WHERE MigrationId LIKE '%_DayColumns'"
                );
            },
            Cancel
        );
        await Schema.ApplyAsync(_rows.Database, Cancel);
    }

    /// <param name="erases">False: the job that erases the clicks waits.</param>
    public async Task DeleteAsync(long link, bool erases = true)
    {
        await _rows.Database.WriteAsync(db => db.Links.Where(row => row.Id == link).ExecuteDeleteAsync(Cancel), Cancel);
        await _rows.NoteAsync(_places[link]);
        if (erases)
            await _rows.Erasure(Age, most: 3).EraseAllAsync(Cancel);
        _feed.Publish(new LinkChanged(link, 0, "a"));
        _places.Remove(link);
        _clicks.RemoveAll(row => row.LinkId == link);
    }

    public async Task MoveAsync(long link, long? project, long domain)
    {
        var to = _places[link] with { ProjectId = project, DomainId = domain };
        var erasure = _rows.Erasure(Age);
        await _rows.Database.WriteAsync(
            async db =>
            {
                erasure.Move(db, _places[link], to);
                await db
                    .Links.Where(row => row.Id == link)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.ProjectId, project).SetProperty(row => row.DomainId, domain),
                        Cancel
                    );
                return true;
            },
            Cancel
        );
        _feed.Publish(new LinkChanged(link, 0, "a"));
        _places[link] = to;
    }

    /// <summary>Compares the results of some questions with a recount.</summary>
    public async Task CheckAsync(Random chance, int firstDay, int days, bool withFilters = true)
    {
        StatisticsScope[] scopes =
        [
            new(ScopeKind.Link, 1),
            new(ScopeKind.Link, 2),
            new(ScopeKind.Project, 1),
            new(ScopeKind.Domain, 1),
            new(ScopeKind.MainDomain, Account),
            new(ScopeKind.Guest, Account),
            new(ScopeKind.Account, Account),
        ];
        var start = Days.StartOf(firstDay);
        (long, long)[] windows =
        [
            (start, start + days * 86_400L),
            // Days of time zones begin inside UTC days.
            (start + 86_400 - 5 * 3_600 - 1_800, start + 2 * 86_400 - 5 * 3_600 - 1_800),
            (start + chance.Next(days * 96) * 900L, start + days * 86_400L + 900 * chance.Next(96)),
        ];
        foreach (var scope in scopes)
        foreach (var (from, to) in windows)
            await CheckAsync(scope, from, to, withFilters ? chance : null);
    }

    public async ValueTask DisposeAsync()
    {
        Job.Dispose();
        await _rows.DisposeAsync();
    }

    private async Task CheckAsync(StatisticsScope scope, long from, long to, Random? chance)
    {
        StatisticsQuestion question = new(scope, from, to, []);
        foreach (var dimension in Dimensions)
            Assert.Equal(
                ByValue(scope, dimension, from, to),
                await Statistics.CountByValueAsync(question, dimension, Cancel)
            );
        Assert.Equal(ByTime(scope, from, to), await Statistics.CountByTimeAsync(question, Cancel));

        if (chance is null)
            return;

        await CheckFilteredAsync(
            question,
            chance,
            new(Dimension.CountryCode, chance.Next(2) == 0 ? ["FR"] : ["FR", null]),
            new(Dimension.UtmSource, chance.Next(2) == 0 ? ["mail", null] : ["none"], IsExcluding: true)
        );
        for (var i = 1; i <= 3; i++)
            await CheckFilteredAsync(question, chance, [.. Enumerable.Range(0, i).Select(_ => Filter(chance))]);
    }

    /// <summary>Compares the results of questions with filters about whole days with a recount.</summary>
    public async Task CheckFilteredAsync(StatisticsScope scope, Random chance, int firstDay, int days)
    {
        StatisticsQuestion question = new(scope, Days.StartOf(firstDay), Days.StartOf(firstDay + days), []);
        for (var i = 1; i <= 12; i++)
            await CheckFilteredAsync(question, chance, [.. Enumerable.Range(0, 1 + i % 3).Select(_ => Filter(chance))]);
    }

    private async Task CheckFilteredAsync(StatisticsQuestion question, Random chance, params ValueFilter[] filters)
    {
        var filtered = question with { Filters = filters };
        var asked = Dimensions[chance.Next(Dimensions.Length)];
        Assert.Equal(
            ByValue(question.Scope, asked, question.From, question.To, filters),
            await Statistics.CountByValueAsync(filtered, asked, Cancel)
        );
        Assert.Equal(
            ByTime(question.Scope, question.From, question.To, filters),
            await Statistics.CountByTimeAsync(filtered, Cancel)
        );
    }

    /// <summary>A filter for one or two values that some clicks have.</summary>
    private ValueFilter Filter(Random chance)
    {
        var dimension = Dimensions[chance.Next(Dimensions.Length)];
        return new(
            dimension,
            [
                .. Enumerable
                    .Range(0, chance.Next(1, 3))
                    .Select(_ => NaiveStatistics.ValueOf(_clicks[chance.Next(_clicks.Count)], dimension)),
            ],
            IsExcluding: chance.Next(2) == 0
        );
    }

    private IReadOnlyList<QuarterCount> ByTime(StatisticsScope scope, long from, long to, params ValueFilter[] filters)
    {
        QuarterSums sums = new();
        foreach (var rows in RowsOf(scope))
        foreach (var quarter in NaiveStatistics.ByTime(rows, from, to, filters))
            sums.Add(quarter.Start, quarter.Count);
        return sums.ToList();
    }

    private IReadOnlyList<ValueCount> ByValue(
        StatisticsScope scope,
        Dimension dimension,
        long from,
        long to,
        params ValueFilter[] filters
    )
    {
        ValueSums sums = new();
        foreach (var rows in RowsOf(scope))
        foreach (var count in NaiveStatistics.ByValue(rows, dimension, from, to, filters))
            sums.Add(sums.CodeOf(count.Value), count.Count);
        return sums.ToList();
    }

    // A visitor of an account counts once in each domain.
    private IEnumerable<List<ClickRow>> RowsOf(StatisticsScope scope) =>
        scope.Kind == ScopeKind.Account
            ?
            [
                .. RowsOf(new(ScopeKind.MainDomain, scope.Id)),
                .. RowsOf(new(ScopeKind.Guest, scope.Id)),
                .. RowsOf(new(ScopeKind.Domain, 1)),
            ]
            :
            [
                [.. _clicks.Where(row => Holds(scope, _places[row.LinkId]))],
            ];

    private static bool Holds(StatisticsScope scope, LinkPlace place) =>
        scope.Kind switch
        {
            ScopeKind.Link => place.LinkId == scope.Id,
            ScopeKind.Project => place.ProjectId == scope.Id,
            ScopeKind.Domain => place.DomainId == scope.Id && !place.IsGuest,
            ScopeKind.MainDomain => place.DomainId == 0,
            ScopeKind.Guest => place.AccountId == scope.Id && place.IsGuest,
            _ => true,
        };

    private static List<long> ReadIds(DbConnection connection, DbTransaction transaction)
    {
        using var command = connection.Command(transaction, "SELECT id FROM rollups");
        using var rows = command.ExecuteReader();
        List<long> ids = [];
        while (rows.Read())
            ids.Add(rows.GetInt64(0));
        return ids;
    }

    private static Rollup WithoutParents(Rollup rollup)
    {
        Rollup old = new(rollup.Days);
        foreach (var dimension in Dimensions)
        foreach (var (key, cells) in rollup.Read(dimension))
        foreach (var (slot, count) in cells)
        {
            var parents = Core.Statistics.Dimensions.ParentsOf(dimension).Count;
            old.Add(dimension, key with { Value = ValueKey.Split(key.Value, parents)[0] }, slot, count);
        }

        return old;
    }

    private static ClickRow Click(Random chance, long link, long at) =>
        new(
            link,
            at,
            (ulong)chance.Next(200),
            chance.Next(4) == 0 ? ClickKind.Robot : ClickKind.Person,
            302,
            chance.Next(5) == 0,
            new(
                "EU",
                chance.Next(3) == 0 ? "FR" : Any(chance, null, "DE"),
                chance.Next(2) == 0 ? null : $"City {chance.Next(9)}"
            ),
            new("Windows", chance.Next(2) == 0 ? "Firefox" : "Chrome", "desktop"),
            chance.Next(2) == 0 ? "en" : null,
            new(Any(chance, "example.org", "example.net"), $"/{chance.Next(30)}"),
            new(Any(chance, null, "mail", "web"), Any(chance, null, "ad", "post"), Any(chance, null, "c1", "c2")),
            new($"https://example.org/{link}", null),
            Any(chance, null, "go.example.org", "localhost")
        );

    private static string? Any(Random chance, params ReadOnlySpan<string?> texts) => texts[chance.Next(texts.Length)];

    private async Task SeedAsync()
    {
        await _rows.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                connection.Run(
                    transaction,
                    """
                    INSERT INTO domains (id, account_id, scheme, host, is_enabled, token, failed_checks, created_at, updated_at)
                    VALUES (1, 1, 'https', 'go.example.org', true, 't', 0, 0, 0);
                    INSERT INTO accounts (id, time_zone, created_at) VALUES (2, 'UTC', 0);
                    UPDATE links SET domain_id = 2, is_guest = true WHERE id = 10;
                    UPDATE links SET domain_id = 1, is_guest = true, account_id = 2 WHERE id = 11;
                    UPDATE links SET project_id = 1 WHERE id % 3 = 1;
                    UPDATE links SET domain_id = 1 WHERE id % 4 = 0;
                    """
                );
                return true;
            },
            Cancel
        );
        for (var link = 1L; link <= Links; link++)
            _places[link] = new(link, Account, link % 3 == 1 ? 1 : null, link % 4 == 0 ? 1 : 0);
        // One on a domain of another account, and one of another account on this one's domain.
        _places[10] = _places[10] with
        {
            DomainId = 2,
            IsGuest = true,
        };
        _places[11] = new(11, 2, null, 1, IsGuest: true);
    }
}
