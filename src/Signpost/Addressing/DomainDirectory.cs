using System.Collections.Concurrent;
using System.Data.Common;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Addressing;

/// <summary>A custom domain that serves its links now: proven and switched on.</summary>
/// <param name="IndexUrl">Where its bare host leads.</param>
/// <param name="NotFoundUrl">Where its unknown aliases lead.</param>
internal sealed record ServedDomain(long Id, string? IndexUrl, string? NotFoundUrl);

/// <summary>
/// All hosts of custom domains in memory: every request asks, whoever sent it, so the database hears nothing of it and
/// nothing is allocated. A change is here before its editor answers.
/// </summary>
internal sealed partial class DomainDirectory
{
    private const int LongestHost = 253;

    private readonly ConcurrentDictionary<string, ServedDomain> _byHost = new(StringComparer.OrdinalIgnoreCase);
    private readonly Database _database;
    private readonly PublicAddress _address;
    private readonly ILogger _logger;
    private readonly Lock _reading = new();
    private volatile bool _hasAny;

    public DomainDirectory(
        Database database,
        PublicAddress address,
        ChangeFeed changes,
        ILogger<DomainDirectory> logger
    )
    {
        (_database, _address, _logger) = (database, address, logger);
        Reload();
        changes.SubscribeToDomains(change => Refresh(change.Host));
    }

    /// <summary>The domain that a host stands for, whatever its case, trailing dot and port; null: none of them.</summary>
    /// <param name="host">As in the Host header: names beyond ASCII are punycode there.</param>
    public ServedDomain? Find(ReadOnlySpan<char> host)
    {
        if (!_hasAny)
            return null;

        if (host.IndexOf(':') is >= 0 and var colon)
            host = host[..colon];
        if (host is [.. var name, '.'])
            host = name;
        return
            host.Length is > 0 and <= LongestHost
            && _byHost.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var domain)
            ? domain
            : null;
    }

    /// <summary>The domain that a request is for; null: the main one, or a stranger's host.</summary>
    public ServedDomain? Find(HttpContext http) => _hasAny ? Find(http.Request.Headers.Host.ToString()) : null;

    /// <summary>Reads all anew, in case that a single change could not be read.</summary>
    public void Reload()
    {
        lock (_reading)
        {
            var now = Read(host: null);
            foreach (var host in _byHost.Keys.Except(now.Select(domain => domain.Host)))
                _byHost.TryRemove(host, out _);
            foreach (var (host, domain) in now)
                _byHost[host] = domain;
            _hasAny = !_byHost.IsEmpty;
        }
    }

    // One at a time, so that of two changes the later reading is the one that stays.
    private void Refresh(string host)
    {
        lock (_reading)
        {
            try
            {
                if (Read(host) is [var (_, domain)])
                    _byHost[host] = domain;
                else
                    _byHost.TryRemove(host, out _);
                _hasAny = !_byHost.IsEmpty;
            }
            catch (DbException error)
            {
                LogUnreadable(error);
            }
        }
    }

    // Plain SQL, because every start asks.
    private List<(string Host, ServedDomain Domain)> Read(string? host)
    {
        using var connection = _database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT host, id, custom_index_url, custom_not_found_url FROM domains
            WHERE verified_at IS NOT NULL AND is_enabled AND host = coalesce(@host, host)
            """,
            ("@host", host)
        );
        using var row = command.ExecuteReader();
        List<(string, ServedDomain)> found = [];
        while (row.Read())
            // The main domain is nobody's, also where its name was chosen after somebody had proven it.
            if (!_address.IsConfigured(row.GetString(0)))
                found.Add((row.GetString(0), new(row.GetInt64(1), Text(row, 2), Text(row, 3))));
        return found;
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    [LoggerMessage(Level = LogLevel.Error, Message = "A changed domain could not be read; what was known of it stays")]
    private partial void LogUnreadable(Exception error);
}
