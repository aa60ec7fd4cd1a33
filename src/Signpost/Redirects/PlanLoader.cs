using System.Collections.Concurrent;
using System.Data.Common;
using Signpost.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Redirecting.Pixels;
using Signpost.Core.Targeting;
using Signpost.Storage;

namespace Signpost.Redirects;

/// <summary>
/// Reads one link and compiles it. Redirects read the database only here: a prepared statement over the unique
/// index, on a few open connections.
/// </summary>
internal sealed class PlanLoader(Database database, ClickRecorder clicks) : IDisposable
{
    private const int MostConnections = 4;

    private readonly ConcurrentBag<LinkQuery> _idle = [];
    private readonly SemaphoreSlim _room = new(MostConnections);
    private int _waiting;

    /// <summary>The number of links that wait to be read, or are read at the moment.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Loads the plan; null: no such link.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public Task<LinkPlan?> LoadAsync(PlanKey key) => LoadAsync(key, otherKey: null);

    /// <summary>Loads the plan of one key or else of another one of the same domain, at one moment; null: no such link.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public async Task<LinkPlan?> LoadAsync(PlanKey key, string? otherKey)
    {
        var plan = await ReadAsync(key, otherKey);
        // A limited link's consumed clicks are counted before a visitor can consume one.
        if (plan is { IsLimited: true })
            await clicks.LoadUsedAsync(plan.LinkId, CancellationToken.None);
        return plan;
    }

    private async Task<LinkPlan?> ReadAsync(PlanKey key, string? otherKey)
    {
        Interlocked.Increment(ref _waiting);
        await _room.WaitAsync();
        LinkQuery? query = null;
        try
        {
            query = _idle.TryTake(out var kept) ? kept : new LinkQuery(database.OpenRead());
            var plan = query.Find(key, otherKey);
            _idle.Add(query);
            query = null;
            return plan;
        }
        finally
        {
            // Only after a failure: that connection may be broken.
            query?.Dispose();
            _room.Release();
            Interlocked.Decrement(ref _waiting);
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
        private static readonly LinkUtm NoUtm = new(null, null, null);

        private readonly DbConnection _connection;
        private readonly DbCommand _byOne;
        private DbCommand? _byTwo;

        public LinkQuery(DbConnection connection)
        {
            _connection = connection;
            _byOne = Prepare("alias_key = @alias", "");
        }

        private DbCommand Prepare(string where, string order)
        {
            var command = _connection.Command(
                null,
                $"""
                SELECT id, version, location_url, http_status_code, is_enabled AND NOT is_blocked, start_at, end_at, clicks_limit,
                       expiration_url, forward_query_parameters_is_enabled, utm_source, utm_medium, utm_campaign,
                       password_hash, sensitive_content,
                       cloaking_title, cloaking_meta_description, cloaking_opengraph, cloaking_favicon,
                       targeting_type, CASE WHEN targeting_type IS NULL THEN NULL ELSE targeting END,
                       app_linking_is_enabled, cloaking_is_enabled,
                       CASE WHEN cloaking_is_enabled THEN cloaking_custom_js END,
                       alias,
                       (SELECT string_agg(pixels.type || ' ' || pixels.pixel, ',' ORDER BY pixels.id)
                        FROM link_pixels JOIN pixels ON pixels.id = link_pixels.pixel_id
                        WHERE link_pixels.link_id = links.id
                        AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = {(int)
                    JobKind.DeletePixel} AND subject = pixels.id)),
                       utm_term, utm_content
                FROM links WHERE domain_id = @domain AND {where}
                AND NOT EXISTS (
                    SELECT 1 FROM jobs
                    WHERE kind = {(int)JobKind.DeleteAccount} AND subject = links.account_id AND heir_id IS NULL)
                {order}
                """,
                ("@domain", 0L),
                ("@alias", ""),
                ("@other", "")
            );
            command.Prepare();
            return command;
        }

        public LinkPlan? Find(PlanKey key, string? otherKey)
        {
            var command = otherKey is null
                ? _byOne
                : _byTwo ??= Prepare("alias_key IN (@alias, @other)", "ORDER BY alias_key = @alias DESC LIMIT 1");
            command.Parameters[0].Value = key.DomainId;
            command.Parameters[1].Value = key.Alias;
            command.Parameters[2].Value = otherKey ?? "";
            using var row = command.ExecuteReader();
            return row.Read() ? Compile(row, key) : null;
        }

        public void Dispose()
        {
            _byOne.Dispose();
            _byTwo?.Dispose();
            _connection.Dispose();
        }

        private static LinkPlan Compile(DbDataReader row, PlanKey key)
        {
            var alias = row.GetString(24);
            LinkUtm utm = new(Text(row, 10), Text(row, 11), Text(row, 12), Text(row, 26), Text(row, 27));
            var location = Tagged(row.GetString(2));
            var rules = RulesOf(TargetingKind.Named(Text(row, 19)), Text(row, 20), Tagged);
            return new()
            {
                LinkId = row.GetInt64(0),
                Version = row.GetInt32(1),
                // The cache holds the key, too.
                Alias = alias == key.Alias ? key.Alias : alias,
                Location = location,
                Utm = utm == NoUtm ? null : utm,
                Status = row.GetInt16(3),
                IsEnabled = row.GetBoolean(4),
                StartsAt = Number(row, 5) ?? long.MinValue,
                EndsAt = Number(row, 6) ?? long.MaxValue,
                ClicksLimit = Number(row, 7) ?? long.MaxValue,
                ExpirationUrl = Text(row, 8),
                MergesQuery = row.GetBoolean(9),
                PasswordHash = Text(row, 13),
                Warns = row.GetBoolean(14),
                Preview = PreviewOf(row, 15),
                Rules = rules,
                Apps = row.GetBoolean(21) ? AppTable.Compile(location, rules) : null,
                Cloak = row.GetBoolean(22) ? new(Text(row, 23)) : null,
                Pixels = [.. PixelsOf(Text(row, 25))],
            };

            string Tagged(string url) =>
                DestinationBuilder.WithUtm(url, utm.Source, utm.Medium, utm.Campaign, utm.Term, utm.Content);
        }

        private static IEnumerable<Pixel> PixelsOf(string? list)
        {
            foreach (var item in list?.Split(',') ?? [])
                if (item.Split(' ') is [var vendor, var id] && Pixel.TryCreate(vendor, id, out var pixel))
                    yield return pixel;
        }

        private static LinkPreview? PreviewOf(DbDataReader row, int first)
        {
            var preview = new LinkPreview(
                Text(row, first),
                Text(row, first + 1),
                Text(row, first + 2),
                Text(row, first + 3)
            );
            return preview == new LinkPreview(null, null, null, null) ? null : preview;
        }

        private static TargetingTable? RulesOf(TargetingKind kind, string? json, Func<string, string> tagged) =>
            kind is TargetingKind.None || TargetingLists.Parse(json)[kind.Name] is not { Count: > 0 } rules
                ? null
                : TargetingTable.Compile(
                    kind,
                    [.. rules.Select(rule => new TargetingRule(rule.Key, tagged(rule.Value)))]
                );

        private static string? Text(DbDataReader row, int column) =>
            row.IsDBNull(column) ? null : row.GetString(column);

        private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
    }
}
