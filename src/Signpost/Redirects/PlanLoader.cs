using System.Collections.Concurrent;
using System.Data;
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
    private const int MostSeconds = 3;
    private static readonly LinkUtm NoUtm = new(null, null, null);

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
        database.Require();
        Interlocked.Increment(ref _waiting);
        await _room.WaitAsync();
        try
        {
            database.Require();
            return Find(key, otherKey);
        }
        finally
        {
            _room.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    // A kept connection may have been lost while it was idle. Then another one is asked.
    private LinkPlan? Find(PlanKey key, string? otherKey)
    {
        while (_idle.TryTake(out var kept))
            try
            {
                return Find(kept, key, otherKey);
            }
            catch (DbException error) when (!kept.IsOpen && error.InnerException is not TimeoutException)
            {
                database.Require();
            }

        return Find(new LinkQuery(database.OpenOwnRead()), key, otherKey);
    }

    private LinkPlan? Find(LinkQuery query, PlanKey key, string? otherKey)
    {
        var isWhole = false;
        try
        {
            var plan = query.Find(key, otherKey);
            isWhole = true;
            return plan;
        }
        finally
        {
            if (isWhole)
                _idle.Add(query);
            else
                query.Dispose();
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var query))
            query.Dispose();
        _room.Dispose();
    }

    /// <summary>
    /// The plan of a link as it is, or of one of its former versions. A version has no password: if the link was locked, any text stands for
    /// the hash. No version tells whether the owner of the domain had disabled the link.
    /// </summary>
    public static LinkPlan Compile(LinkRow link, IEnumerable<Pixel> pixels, LinkSplash? splash)
    {
        LinkUtm utm = new(link.UtmSource, link.UtmMedium, link.UtmCampaign, link.UtmTerm, link.UtmContent);
        var location = Tagged(link.LocationUrl);
        var rules = RulesOf(TargetingKind.Named(link.TargetingType), link.Targeting, Tagged);
        return new()
        {
            LinkId = link.Id,
            Version = link.Version,
            Alias = link.Alias,
            Location = location,
            Utm = utm == NoUtm ? null : utm,
            Status = (short)link.HttpStatusCode,
            IsEnabled = link is { IsEnabled: true, IsBlocked: false, DeletedAt: null },
            StartsAt = link.StartAt ?? long.MinValue,
            EndsAt = link.EndAt ?? long.MaxValue,
            ClicksLimit = link.ClicksLimit ?? long.MaxValue,
            ExpirationUrl = link.ExpirationUrl,
            MergesQuery = link.ForwardQueryParametersIsEnabled,
            PasswordHash = link.PasswordHash,
            Warns = link.SensitiveContent,
            Preview = PreviewOf(link),
            Rules = rules,
            Apps = link.AppLinkingIsEnabled ? AppTable.Compile(location, rules) : null,
            Cloak = link.CloakingIsEnabled ? new(link.CloakingCustomJs) : null,
            Pixels = [.. pixels],
            Splash = splash,
        };

        string Tagged(string url) =>
            DestinationBuilder.WithUtm(url, utm.Source, utm.Medium, utm.Campaign, utm.Term, utm.Content);
    }

    private static LinkPreview? PreviewOf(LinkRow link)
    {
        LinkPreview preview = new(
            link.CloakingTitle,
            link.CloakingMetaDescription,
            link.CloakingOpengraph,
            link.CloakingFavicon
        );
        return preview == new LinkPreview(null, null, null, null) ? null : preview;
    }

    private static TargetingTable? RulesOf(TargetingKind kind, string? json, Func<string, string> tagged) =>
        kind is TargetingKind.None || TargetingLists.Parse(json)[kind.Name] is not { Count: > 0 } rules
            ? null
            : TargetingTable.Compile(kind, [.. rules.Select(rule => new TargetingRule(rule.Key, tagged(rule.Value)))]);

    private sealed class LinkQuery : IDisposable
    {
        private readonly DbConnection _connection;
        private readonly DbCommand _byOne;
        private DbCommand? _byTwo;

        public bool IsOpen => _connection.State is ConnectionState.Open;

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
                SELECT links.id, version, location_url, http_status_code, is_enabled, start_at, end_at, clicks_limit,
                       expiration_url, forward_query_parameters_is_enabled, utm_source, utm_medium, utm_campaign,
                       password_hash, sensitive_content,
                       cloaking_title, cloaking_meta_description, cloaking_opengraph, cloaking_favicon,
                       targeting_type, CASE WHEN targeting_type IS NULL THEN NULL ELSE targeting END,
                       app_linking_is_enabled, cloaking_is_enabled,
                       CASE WHEN cloaking_is_enabled THEN cloaking_custom_js END,
                       alias, is_blocked, links.account_id, links.created_at, links.updated_at, deleted_at,
                       (SELECT string_agg(pixels.type || ' ' || pixels.pixel, ',' ORDER BY pixels.id)
                        FROM link_pixels JOIN pixels ON pixels.id = link_pixels.pixel_id
                        WHERE link_pixels.link_id = links.id
                        AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = {(int)
                    JobKind.DeletePixel} AND subject = pixels.id)),
                       page.title, page.description, page.link_unlock_seconds, page.link_unlock_button,
                       utm_term, utm_content
                FROM links
                LEFT JOIN splash_pages page ON page.id = links.splash_page_id
                    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = {(int)
                    JobKind.DeleteSplashPage} AND subject = page.id)
                WHERE domain_id = @domain AND {where}
                AND NOT EXISTS (
                    SELECT 1 FROM jobs
                    WHERE kind = {(int)JobKind.DeleteAccount} AND subject = links.account_id AND heir_id IS NULL)
                {order}
                """,
                ("@domain", 0L),
                ("@alias", ""),
                ("@other", "")
            );
            // An index finds the link at once, or the database is away.
            command.CommandTimeout = MostSeconds;
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
            return row.Read() ? Compile(LinkOf(row, key), PixelsOf(Text(row, 30)), SplashOf(row, 31)) : null;
        }

        public void Dispose()
        {
            _byOne.Dispose();
            _byTwo?.Dispose();
            _connection.Dispose();
        }

        // The columns that a plan needs.
        private static LinkRow LinkOf(DbDataReader row, PlanKey key)
        {
            var alias = row.GetString(24);
            return new()
            {
                Id = row.GetInt64(0),
                Version = row.GetInt32(1),
                LocationUrl = row.GetString(2),
                HttpStatusCode = row.GetInt32(3),
                IsEnabled = row.GetBoolean(4),
                StartAt = Number(row, 5),
                EndAt = Number(row, 6),
                ClicksLimit = Number(row, 7),
                ExpirationUrl = Text(row, 8),
                ForwardQueryParametersIsEnabled = row.GetBoolean(9),
                UtmSource = Text(row, 10),
                UtmMedium = Text(row, 11),
                UtmCampaign = Text(row, 12),
                PasswordHash = Text(row, 13),
                SensitiveContent = row.GetBoolean(14),
                CloakingTitle = Text(row, 15),
                CloakingMetaDescription = Text(row, 16),
                CloakingOpengraph = Text(row, 17),
                CloakingFavicon = Text(row, 18),
                TargetingType = Text(row, 19),
                Targeting = Text(row, 20),
                AppLinkingIsEnabled = row.GetBoolean(21),
                CloakingIsEnabled = row.GetBoolean(22),
                CloakingCustomJs = Text(row, 23),
                // The cache holds the key, too.
                Alias = alias == key.Alias ? key.Alias : alias,
                AliasKey = key.Alias,
                IsBlocked = row.GetBoolean(25),
                AccountId = row.GetInt64(26),
                CreatedAt = row.GetInt64(27),
                UpdatedAt = row.GetInt64(28),
                DeletedAt = Number(row, 29),
                UtmTerm = Text(row, 35),
                UtmContent = Text(row, 36),
            };
        }

        private static LinkSplash? SplashOf(DbDataReader row, int column) =>
            row.IsDBNull(column + 2)
                ? null
                : new(Text(row, column), Text(row, column + 1), row.GetInt32(column + 2), Text(row, column + 3));

        private static IEnumerable<Pixel> PixelsOf(string? list)
        {
            foreach (var item in list?.Split(',') ?? [])
                if (item.Split(' ') is [var vendor, var id] && Pixel.TryCreate(vendor, id, out var pixel))
                    yield return pixel;
        }

        private static string? Text(DbDataReader row, int column) =>
            row.IsDBNull(column) ? null : row.GetString(column);

        private static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
    }
}
