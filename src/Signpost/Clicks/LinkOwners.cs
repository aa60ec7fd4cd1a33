using System.Data.Common;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Clicks;

/// <summary>The account, project and domain of a link.</summary>
/// <param name="DomainId">0 is the main domain.</param>
/// <param name="IsGuest">The domain belongs to another account.</param>
/// <param name="IsInTrash">Nobody sees the link, but its clicks still count.</param>
internal sealed record LinkOwner(long AccountId, long? ProjectId, long DomainId, bool IsGuest, bool IsInTrash);

/// <summary>
/// The owners of links that have clicks, in memory as far as they were needed, and never older than the last completed
/// edit.
/// </summary>
internal sealed class LinkOwners
{
    /// <summary>With so many entries, some 30 MB, the memory is emptied.</summary>
    private const int Most = 1 << 18;
    private const int LinksAtOnce = 64;

    private readonly Database _database;

    /// <summary>Held for a few links at a time: low-priority threads take it, and edits wait for it.</summary>
    private readonly Lock _lock = new();
    private Dictionary<long, LinkOwner?> _known = [];

    /// <summary>Rises with each edit: a result that was read before an edit may be old, and is not kept.</summary>
    private long _edits;

    public LinkOwners(Database database, ChangeFeed changes)
    {
        _database = database;
        changes.Subscribe(change => Forget(change.LinkId));
        changes.SubscribeToProjects(gone => ForgetProject(gone.ProjectId));
    }

    /// <summary>The owner of the link; null: there is no such link.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public LinkOwner? Find(long linkId)
    {
        long edits;
        lock (_lock)
        {
            if (_known.TryGetValue(linkId, out var known))
                return known;
            edits = _edits;
        }

        using var connection = _database.OpenOwnRead();
        return Read(connection, [linkId], edits).GetValueOrDefault(linkId);
    }

    /// <summary>The owners of the links; unknown links are left out.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public IReadOnlyDictionary<long, LinkOwner> Find(IReadOnlyCollection<long> linkIds)
    {
        Dictionary<long, LinkOwner> found = new(linkIds.Count);
        List<long> unknown = [];
        var edits = Interlocked.Read(ref _edits);
        foreach (var some in linkIds.Chunk(LinksAtOnce))
            lock (_lock)
                foreach (var link in some)
                    if (!_known.TryGetValue(link, out var holder))
                        unknown.Add(link);
                    else if (holder is not null)
                        found[link] = holder;

        if (unknown.Count == 0)
            return found;
        using var connection = _database.OpenOwnRead();
        foreach (var (link, holder) in Read(connection, unknown, edits))
            found[link] = holder;
        return found;
    }

    /// <summary>The link with this alias; null: there is none. Always reads the database.</summary>
    /// <exception cref="DbException">The database cannot be read just now.</exception>
    public long? Find(long domainId, string aliasKey)
    {
        using var connection = _database.OpenOwnRead();
        using var command = connection.Command(
            null,
            "SELECT id FROM links WHERE domain_id = @domain AND alias_key = @alias",
            ("@domain", domainId),
            ("@alias", aliasKey)
        );
        return command.ExecuteScalar() as long?;
    }

    private Dictionary<long, LinkOwner> Read(DbConnection connection, List<long> links, long edits)
    {
        using var command = connection.Command(
            null,
            "SELECT id, account_id, project_id, domain_id, is_guest, deleted_at IS NOT NULL FROM links WHERE id IN (@links)",
            ("@links", links)
        );
        Dictionary<long, LinkOwner> found = new(links.Count);
        using (var row = command.ExecuteReader())
            while (row.Read())
                found[row.GetInt64(0)] = new(
                    row.GetInt64(1),
                    row.IsDBNull(2) ? null : row.GetInt64(2),
                    row.GetInt64(3),
                    row.GetBoolean(4),
                    row.GetBoolean(5)
                );

        foreach (var some in links.Chunk(LinksAtOnce))
            if (!TryKeep(some, found, edits))
                break;
        return found;
    }

    // Unknown links are remembered, too: clicks of a deleted link may still come by the thousand.
    private bool TryKeep(long[] links, Dictionary<long, LinkOwner> found, long edits)
    {
        lock (_lock)
        {
            if (edits != _edits)
                return false;
            if (_known.Count + links.Length > Most)
                _known = [];
            foreach (var link in links)
                _known[link] = found.GetValueOrDefault(link);
            return true;
        }
    }

    private void Forget(long linkId)
    {
        lock (_lock)
        {
            _edits++;
            _known.Remove(linkId);
        }
    }

    private void ForgetProject(long projectId)
    {
        lock (_lock)
        {
            _edits++;
            foreach (var (link, holder) in _known)
                if (holder?.ProjectId == projectId)
                    _known.Remove(link);
        }
    }
}
