using Signpost.Clicks;
using Signpost.ClickStore.Rollups;
using Signpost.Storage;

namespace Signpost.ClickStore;

/// <summary>The links of a scope.</summary>
internal static class ScopeLinks
{
    /// <summary>All links of a scope, in order.</summary>
    public static List<long> Find(ClickView view, StatisticsScope scope)
    {
        var which = scope.Kind switch
        {
            ScopeKind.Link => "id = @id",
            ScopeKind.Project => "project_id = @id",
            // Both halves read an index only, not the rows of the links.
            ScopeKind.Domain => "domain_id = @id EXCEPT SELECT id FROM links WHERE domain_id = @id AND is_guest",
            ScopeKind.MainDomain => "account_id = @id AND domain_id = 0",
            ScopeKind.Guest => "account_id = @id AND is_guest",
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
        };
        using var command = view.Connection.Command(
            view.Transaction,
            $"SELECT id FROM links WHERE {which} ORDER BY id",
            ("@id", scope.Id)
        );
        using var rows = command.ExecuteReader();
        List<long> links = [];
        while (rows.Read())
            links.Add(rows.GetInt64(0));
        return links;
    }

    /// <summary>The groups with columns that the links of a project are in, as numbers in the keys of rollups.</summary>
    public static List<long> GroupsOf(ClickView view, StatisticsScope project)
    {
        using var command = view.Connection.Command(
            view.Transaction,
            "SELECT DISTINCT account_id, domain_id, is_guest FROM links WHERE project_id = @id",
            ("@id", project.Id)
        );
        using var rows = command.ExecuteReader();
        HashSet<long> groups = [];
        while (rows.Read())
            groups.Add(new LinkPlace(0, rows.GetInt64(0), null, rows.GetInt64(1), rows.GetBoolean(2)).Groups.Single());
        return [.. groups];
    }

    /// <summary>The account of all links of a scope; 0: the scope is gone.</summary>
    public static long AccountOf(ClickView view, StatisticsScope scope)
    {
        var table = scope.Kind switch
        {
            ScopeKind.Link => "links",
            ScopeKind.Project => "projects",
            ScopeKind.Domain => "domains",
            _ => null,
        };
        if (table is null)
            return scope.Id;
        using var command = view.Connection.Command(
            view.Transaction,
            $"SELECT account_id FROM {table} WHERE id = @id",
            ("@id", scope.Id)
        );
        return command.ExecuteScalar() as long? ?? 0;
    }

    /// <summary>Whether a link belongs to the scope.</summary>
    public static bool Holds(StatisticsScope scope, LinkOwner holder) =>
        scope.Kind switch
        {
            ScopeKind.Project => holder.ProjectId == scope.Id,
            ScopeKind.Domain => holder.DomainId == scope.Id && !holder.IsGuest,
            ScopeKind.MainDomain => holder.AccountId == scope.Id && holder.DomainId == 0,
            ScopeKind.Guest => holder.AccountId == scope.Id && holder.IsGuest,
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
        };

    /// <summary>
    /// The scopes with rollups that together make up this scope. A visitor counts once in each domain, because a visitor's hash
    /// contains the domain.
    /// </summary>
    public static List<StatisticsScope> PartsOf(ClickView view, StatisticsScope scope) =>
        scope.Kind == ScopeKind.Account
            ? [new(ScopeKind.MainDomain, scope.Id), new(ScopeKind.Guest, scope.Id), .. DomainsOf(view, scope.Id)]
            : [scope];

    /// <summary>The number of a scope in the keys of rollups.</summary>
    public static long CodeOf(StatisticsScope scope) =>
        scope.Kind switch
        {
            ScopeKind.Link => RollupScopes.Link(scope.Id),
            ScopeKind.Project => RollupScopes.Project(scope.Id),
            ScopeKind.Domain => RollupScopes.Domain(scope.Id),
            ScopeKind.MainDomain => RollupScopes.MainDomain(scope.Id),
            ScopeKind.Guest => RollupScopes.Guest(scope.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
        };

    /// <summary>The scope for a number in the keys of rollups.</summary>
    public static StatisticsScope OfCode(long code) =>
        RollupScopes.AccountOfGuest(code) is { } account ? new(ScopeKind.Guest, account)
        : RollupScopes.Link(code / 4) == code ? new(ScopeKind.Link, code / 4)
        : RollupScopes.Project(code / 4) == code ? new(ScopeKind.Project, code / 4)
        : RollupScopes.MainDomain(code / 4) == code ? new(ScopeKind.MainDomain, code / 4)
        : new(ScopeKind.Domain, code / 4);

    private static List<StatisticsScope> DomainsOf(ClickView view, long account)
    {
        using var command = view.Connection.Command(
            view.Transaction,
            "SELECT id FROM domains WHERE account_id = @id",
            ("@id", account)
        );
        using var rows = command.ExecuteReader();
        List<StatisticsScope> domains = [];
        while (rows.Read())
            domains.Add(new(ScopeKind.Domain, rows.GetInt64(0)));
        return domains;
    }
}
