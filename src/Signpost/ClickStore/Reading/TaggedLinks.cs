using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>The links that the filters for tags let through, by the tags that they have now.</summary>
internal sealed class TaggedLinks
{
    private readonly ClickView _view;
    private readonly StatisticsScope _scope;
    private readonly List<(HashSet<long> Named, HashSet<long>? Tagged, bool IsExcluding)> _filters = [];

    public TaggedLinks(ClickView view, StatisticsQuestion question)
    {
        (_view, _scope) = (view, question.Scope);
        if (question.Tags is [])
            return;

        var account = ScopeLinks.AccountOf(view, question.Scope);
        foreach (var filter in question.Tags)
        {
            var named = Read(account, "AND name_key IN (@keys)", filter.Named);
            _filters.Add((named, filter.NamesNone ? Read(account, "", []) : null, filter.IsExcluding));
        }
    }

    /// <summary>Whether there is no such filter.</summary>
    public bool HoldsAll => _filters.Count == 0;

    public bool Holds(long link)
    {
        foreach (var (named, tagged, isExcluding) in _filters)
            if ((named.Contains(link) || tagged?.Contains(link) is false) == isExcluding)
                return false;
        return true;
    }

    private HashSet<long> Read(long account, string which, string[] keys)
    {
        var isLink = _scope.Kind is ScopeKind.Link;
        using var command = _view.Connection.Command(
            _view.Transaction,
            $"""
            SELECT link_id FROM link_tags
            WHERE tag_id IN (SELECT id FROM tags WHERE account_id = @account {which}) {(
                isLink ? "AND link_id = @link" : ""
            )}
            """,
            ("@account", account),
            ("@keys", keys),
            ("@link", _scope.Id)
        );
        using var rows = command.ExecuteReader();
        HashSet<long> links = [];
        while (rows.Read())
            links.Add(rows.GetInt64(0));
        return links;
    }
}
