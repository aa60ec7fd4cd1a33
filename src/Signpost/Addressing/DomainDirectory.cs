using System.Collections.Concurrent;
using System.Data.Common;
using Signpost.Changes;
using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Addressing;

/// <summary>The domain whose links a request asks for.</summary>
/// <param name="Id">0 is the main domain.</param>
/// <param name="HostId">The domain by whose host the request came, if that is another one; 0: it is not.</param>
internal readonly record struct AskedDomain(long Id, long HostId = 0);

/// <summary>A custom domain that serves links: verified and enabled.</summary>
/// <param name="Asked">The domain whose links it serves: itself, or the one that it is an alias of.</param>
/// <param name="IndexUrl">The destination of the host without an alias.</param>
/// <param name="NotFoundUrl">The destination of unknown aliases.</param>
/// <param name="Home">Its own address without a trailing slash, as in <c>https://go.example.org</c>.</param>
/// <param name="UpdatedAt">The time of the last change of <see cref="Asked"/>, in milliseconds since 1970-01-01 UTC.</param>
internal sealed record ServedDomain(
    AskedDomain Asked,
    string? IndexUrl,
    string? NotFoundUrl,
    string Home,
    long UpdatedAt
)
{
    /// <summary>The id of the domain whose links it serves; 0: the main domain.</summary>
    public long Id => Asked.Id;
}

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

    /// <summary>Tells whether an address leads to a host, also with <c>www.</c> before it (<see cref="FindBehindWww"/>).</summary>
    /// <param name="host">A stored host.</param>
    public static bool LeadsTo(TargetUrl url, string host) =>
        url.IsWeb && url.Host is var own && (own == host || own == Www + host);

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
                var now = Read(host);
                if (!now.Exists(one => one.Host == host))
                    _byHost.TryRemove(host, out _);
                foreach (var (changed, domain) in now)
                    _byHost[changed] = domain;
                _hasAny = !_byHost.IsEmpty;
            }
            catch (DbException error)
            {
                LogUnreadable(error);
            }
        }
    }

    // The domain of a host and its aliases. Plain SQL is faster, and every start runs this.
    private List<(string Host, ServedDomain? Domain)> Read(string? host)
    {
        using var connection = _database.OpenOwnRead();
        using var command = connection.Command(
            null,
            """
            SELECT own.host, own.id, own.custom_index_url, own.custom_not_found_url, own.scheme, own.updated_at,
                   own.is_enabled AND coalesce(target.is_enabled, TRUE), own.alias_of,
                   target.id, target.custom_index_url, target.custom_not_found_url, target.updated_at
            FROM domains AS own LEFT JOIN domains AS target ON target.id = own.alias_of
            WHERE own.verified_at IS NOT NULL AND (
                own.host = coalesce(@host, own.host) OR own.alias_of IN (SELECT id FROM domains WHERE host = @host))
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

    private static ServedDomain DomainOf(DbDataReader row)
    {
        var (id, home) = (row.GetInt64(1), row.GetString(4) + row.GetString(0));
        // The main domain has no such addresses and no files.
        if (!row.IsDBNull(7) && row.GetInt64(7) == 0)
            return new(new(0, id), null, null, home, 0);
        return row.IsDBNull(8)
            ? new(new(id), Text(row, 2), Text(row, 3), home, row.GetInt64(5))
            : new(new(row.GetInt64(8), id), Text(row, 9), Text(row, 10), home, row.GetInt64(11));
    }

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A changed domain could not be read; its previous state stays in use"
    )]
    private partial void LogUnreadable(Exception error);
}
