using System.Collections.Concurrent;
using System.Data.Common;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Addressing;

/// <summary>A custom domain that serves links: verified and enabled.</summary>
/// <param name="IndexUrl">The destination of the host without an alias.</param>
/// <param name="NotFoundUrl">The destination of unknown aliases.</param>
/// <param name="Home">Its own address without a trailing slash, as in <c>https://go.example.org</c>.</param>
/// <param name="UpdatedAt">The time of its last change, in milliseconds since 1970-01-01 UTC.</param>
internal sealed record ServedDomain(long Id, string? IndexUrl, string? NotFoundUrl, string Home, long UpdatedAt);

/// <summary>
/// Holds all hosts of custom domains in memory. Every request asks it, so it neither reads the database nor allocates. A
/// change is here before its editor returns.
/// </summary>
internal sealed partial class DomainDirectory
{
    private const int LongestHost = 253;

    private const string Www = "www.";

    // Null: somebody has proven the host, and it is disabled.
    private readonly ConcurrentDictionary<string, ServedDomain?> _byHost = new(StringComparer.OrdinalIgnoreCase);
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

    /// <summary>The custom domain of a host; null: none. Case, trailing dot and port do not matter.</summary>
    /// <param name="host">As in the Host header, where names beyond ASCII are punycode.</param>
    public ServedDomain? Find(ReadOnlySpan<char> host)
    {
        TryFind(NameOf(host), out var domain);
        return domain;
    }

    /// <summary>
    /// The custom domain whose host has this <c>www.</c> before it; null: none, or this host is the main domain's, or somebody has
    /// proven it by itself.
    /// </summary>
    /// <param name="host">As in the Host header.</param>
    public ServedDomain? FindBehindWww(ReadOnlySpan<char> host)
    {
        var name = NameOf(host);
        return
            name.StartsWith(Www, StringComparison.OrdinalIgnoreCase)
            && TryFind(name[Www.Length..], out var domain)
            && !TryFind(name, out _)
            && !_address.IsConfigured(name)
            ? domain
            : null;
    }

    /// <summary>The custom domain of a request; null: the main domain or an unknown host.</summary>
    public ServedDomain? Find(HttpContext http) => _hasAny ? Find(http.Request.Headers.Host.ToString()) : null;

    /// <summary>Reads all domains again, in case a single change could not be read.</summary>
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

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> host)
    {
        var name = host.IndexOf(':') is >= 0 and var colon ? host[..colon] : host;
        return name is [.. var bare, '.'] ? bare : name;
    }

    private bool TryFind(ReadOnlySpan<char> name, out ServedDomain? domain)
    {
        domain = null;
        return _hasAny
            && name.Length is > 0 and <= LongestHost
            && _byHost.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out domain);
    }

    // One at a time, so that the later read stays.
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

    // Plain SQL is faster, and every start runs this.
    private List<(string Host, ServedDomain? Domain)> Read(string? host)
    {
        using var connection = _database.OpenRead();
        using var command = connection.Command(
            null,
            """
            SELECT host, id, custom_index_url, custom_not_found_url, scheme, updated_at, is_enabled FROM domains
            WHERE verified_at IS NOT NULL AND host = coalesce(@host, host)
            """,
            ("@host", host)
        );
        using var row = command.ExecuteReader();
        List<(string, ServedDomain?)> found = [];
        while (row.Read())
            // The main domain belongs to no account, even if an account verified this host before it became the main domain.
            if (!_address.IsConfigured(row.GetString(0)))
                found.Add((row.GetString(0), row.GetBoolean(6) ? DomainOf(row) : null));
        return found;
    }

    private static ServedDomain DomainOf(DbDataReader row) =>
        new(row.GetInt64(1), Text(row, 2), Text(row, 3), row.GetString(4) + row.GetString(0), row.GetInt64(5));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A changed domain could not be read; its previous state stays in use"
    )]
    private partial void LogUnreadable(Exception error);
}
