using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Signpost.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Storage;

namespace Signpost.Redirects;

/// <summary>
/// Reads one link and compiles it. The only place where redirects see the database: a prepared statement over the unique
/// index, on a few connections kept open.
/// </summary>
internal sealed class PlanLoader(Database database, ClickRecorder clicks) : IDisposable
{
    private const int MostConnections = 4;

    private readonly ConcurrentBag<LinkQuery> _idle = [];
    private readonly SemaphoreSlim _room = new(MostConnections);

    /// <summary>Loads the plan; null: no such link.</summary>
    /// <exception cref="SqliteException">The database cannot be read just now.</exception>
    public async Task<LinkPlan?> LoadAsync(PlanKey key)
    {
        var plan = await ReadAsync(key);
        // A limited link's uses are counted before anybody can take one.
        if (plan is { IsLimited: true })
            await clicks.LoadUsedAsync(plan.LinkId, CancellationToken.None);
        return plan;
    }

    private async Task<LinkPlan?> ReadAsync(PlanKey key)
    {
        await _room.WaitAsync();
        LinkQuery? query = null;
        try
        {
            query = _idle.TryTake(out var kept) ? kept : new LinkQuery(database.OpenRead());
            var plan = query.Find(key);
            _idle.Add(query);
            query = null;
            return plan;
        }
        finally
        {
            // Only after a failure: that connection may be broken.
            query?.Dispose();
            _room.Release();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var query))
            query.Dispose();
        _room.Dispose();
    }

    private sealed class LinkQuery : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _command;
        private readonly SqliteParameter _domain;
        private readonly SqliteParameter _alias;

        public LinkQuery(SqliteConnection connection)
        {
            _connection = connection;
            _command = connection.CreateCommand();
            _command.CommandText = """
                SELECT id, version, location_url, http_status_code, is_enabled, start_at, end_at, clicks_limit,
                       expiration_url, forward_query_parameters_is_enabled, utm_source, utm_medium, utm_campaign,
                       password_hash IS NOT NULL, sensitive_content, cloaking_is_enabled OR app_linking_is_enabled,
                       cloaking_title, cloaking_meta_description,
                       targeting_type, CASE WHEN targeting_type IS NULL THEN NULL ELSE targeting END
                FROM links WHERE domain_id = $domain AND alias_key = $alias
                """;
            _domain = _command.Parameters.Add("$domain", SqliteType.Integer);
            _alias = _command.Parameters.Add("$alias", SqliteType.Text);
            _command.Prepare();
        }

        public LinkPlan? Find(PlanKey key)
        {
            _domain.Value = key.DomainId;
            _alias.Value = key.Alias;
            using var row = _command.ExecuteReader();
            return row.Read() ? Compile(row) : null;
        }

        public void Dispose()
        {
            _command.Dispose();
            _connection.Dispose();
        }

        private static LinkPlan Compile(SqliteDataReader row)
        {
            var (title, description) = (Text(row, 16), Text(row, 17));
            var (source, medium, campaign) = (Text(row, 10), Text(row, 11), Text(row, 12));
            return new()
            {
                LinkId = row.GetInt64(0),
                Version = row.GetInt32(1),
                Location = Tagged(row.GetString(2)),
                Status = row.GetInt16(3),
                IsEnabled = row.GetBoolean(4),
                StartsAt = Number(row, 5) ?? long.MinValue,
                EndsAt = Number(row, 6) ?? long.MaxValue,
                ClicksLimit = Number(row, 7) ?? long.MaxValue,
                ExpirationUrl = Text(row, 8),
                MergesQuery = row.GetBoolean(9),
                IsLocked = row.GetBoolean(13),
                Warns = row.GetBoolean(14),
                NeedsPage = row.GetBoolean(15),
                Preview = title is null && description is null ? null : new(title, description),
                Pairs = PairsOf(TargetingKind.Named(Text(row, 18)), Text(row, 19), Tagged),
            };

            string Tagged(string url) => DestinationBuilder.WithUtm(url, source, medium, campaign);
        }

        private static PairTable? PairsOf(TargetingKind kind, string? json, Func<string, string> tagged) =>
            kind is TargetingKind.None || TargetingLists.Parse(json)[kind.Name] is not { Count: > 0 } pairs
                ? null
                : PairTable.Compile(kind, [.. pairs.Select(pair => new LocationPair(pair.Key, tagged(pair.Value)))]);

        private static string? Text(SqliteDataReader row, int column) =>
            row.IsDBNull(column) ? null : row.GetString(column);

        private static long? Number(SqliteDataReader row, int column) =>
            row.IsDBNull(column) ? null : row.GetInt64(column);
    }
}
