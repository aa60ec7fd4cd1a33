using Signpost.Core.Links;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The filters of a list of links, without its search, in SQL.</summary>
internal sealed class LinkConditions
{
    private readonly List<(string Sql, string? Index)> _conditions =
    [
        ("account_id = @account", null),
        ("deleted_at IS NULL", null),
    ];

    /// <param name="now">In milliseconds since 1970-01-01 UTC.</param>
    /// <param name="gone">Domains that are being deleted, with their links.</param>
    /// <param name="tags">The filters of the query for tags.</param>
    public LinkConditions(
        long account,
        LinkQuery query,
        long now,
        IReadOnlyCollection<long> gone,
        params IReadOnlyCollection<FoundTags> tags
    )
    {
        Account = account;
        var always = _conditions.Count;
        Values.Add(("@account", account));
        if (gone.Count > 0)
            Add("domain_id NOT IN (@gone)", null, ("@gone", gone));
        AddGroup(query);
        AddExact(query);
        AddDates(query);
        AddFlags(query, now);
        var isAlone = _conditions.Count == always && tags.Count == 1;
        foreach (var filter in tags)
            AddTags(filter);
        IsOnlyOfTag = isAlone && Tags is { Ids: [_] };
    }

    public long Account { get; }
    public long? Project { get; private set; }
    public long? Domain { get; private set; }
    public bool? IsEnabled { get; private set; }

    /// <summary>There is no filter besides those of <see cref="LinkGroup"/>.</summary>
    public bool IsOfGroups { get; private set; } = true;

    /// <summary>The tags by which links can be found; null: there is no such filter.</summary>
    public FoundTags? Tags { get; private set; }

    /// <summary>There is no filter besides one tag.</summary>
    public bool IsOnlyOfTag { get; }

    /// <summary>The values of all parameters.</summary>
    public List<(string Name, object? Value)> Values { get; } = [];

    /// <summary>All conditions.</summary>
    public string All => string.Join(" AND ", _conditions.Select(condition => condition.Sql));

    /// <summary>The indexes that find links by some of the conditions.</summary>
    public IEnumerable<string> Indexes => _conditions.Select(condition => condition.Index).OfType<string>().Distinct();

    /// <summary>The conditions by which an index finds links.</summary>
    public string Of(string index) =>
        string.Join(
            " AND ",
            _conditions
                .Where((condition, place) => place == 0 || condition.Index == index)
                .Select(condition => condition.Sql)
        );

    private void Add(string sql, string? index, params ReadOnlySpan<(string, object?)> values)
    {
        _conditions.Add((sql, index));
        Values.AddRange(values);
    }

    private void AddGroup(LinkQuery query)
    {
        (Project, Domain, IsEnabled) = (query.ProjectId, query.OnlyDomain, query.IsEnabled);
        if (Project is 0)
            Add("project_id IS NULL", LinkIndexes.ByProject);
        else if (Project is { } project)
            Add("project_id = @project", LinkIndexes.ByProject, ("@project", project));
        if (Domain is { } domain)
            Add("domain_id = @domain", LinkIndexes.ByDomain, ("@domain", domain));
        if (IsEnabled is { } enabled)
            Add("is_enabled = @enabled", LinkIndexes.ByState, ("@enabled", enabled));
    }

    private void AddTags(FoundTags tags)
    {
        IsOfGroups = false;
        // A link may still have the id of a deleted tag.
        const string HasNone =
            "NOT EXISTS (SELECT 1 FROM link_tags JOIN tags ON tags.id = tag_id WHERE link_id = links.id)";
        var (name, not) = tags.Filter.IsExcluding ? ("@other_tags", "NOT ") : ("@tags", "");
        var has = $"EXISTS (SELECT 1 FROM link_tags WHERE tag_id IN ({name}) AND link_id = links.id)";
        Add(tags.Filter.NamesNone ? $"{not}({has} OR {HasNone})" : not + has, null, (name, tags.Ids));
        if (!tags.IsSource)
            return;
        Tags = tags;
        if (tags.Ids is [var only])
            Values.Add(("@tag", only));
    }

    private void AddExact(LinkQuery query)
    {
        if (query.Url is { } alias)
        {
            AddAlias(query, alias.TrimStart('/'));
            IsOfGroups = false;
        }

        if (query.LocationUrl is not { } sent)
            return;
        var text = TargetUrl.TryParse(sent, out var url, out _, query.Schemes) ? url.Text : sent;
        Add("location_hash = @hash", LinkIndexes.ByDestination, ("@hash", AddressHash.Of(text)));
        Add("location_url = @location", null, ("@location", text));
        IsOfGroups = false;
    }

    // Without a whole address, each domain compares by its own rule.
    private void AddAlias(LinkQuery query, string path)
    {
        var (exact, folded) = (KeyOf(path, AliasCase.Kept), KeyOf(path, AliasCase.Ignored));
        string[] keys = query.UrlAddress?.Keys ?? (exact == folded ? [folded] : [exact, folded]);
        Add("alias_key IN (@keys)", LinkIndexes.ByAlias, ("@keys", keys));
        if (query.UrlAddress is null && exact != folded && query.CaseSensitive.Count > 0)
            Add(
                "(alias_key = @exact OR domain_id NOT IN (@sensitive))",
                null,
                ("@exact", exact),
                ("@sensitive", query.CaseSensitive)
            );
    }

    // Empty: no alias can have this path.
    private static string KeyOf(string path, AliasCase rule)
    {
        Span<char> buffer = stackalloc char[Alias.LongestText];
        return Alias.TryGetKey(path, rule, buffer, out var key) ? key.ToString() : "";
    }

    private void AddDates(LinkQuery query)
    {
        var window = query.Window;
        var (column, index) = window.ByLastEdit
            ? ("updated_at", LinkIndexes.ByEdit)
            : ("created_at", LinkIndexes.ByCreation);
        if (window.From is { } from)
            Add($"{column} >= @from", index, ("@from", from));
        if (window.Until is { } until)
            Add($"{column} < @until", index, ("@until", until));
        IsOfGroups &= window.From is null && window.Until is null;
    }

    // The index has only links with flags, and SQLite must see that the condition asks for such.
    private void AddFlags(LinkQuery query, long now)
    {
        if (query.Flags is [])
            return;
        Add(
            "flags IS NOT NULL AND flags IN (@flags)",
            LinkIndexes.ByFlags,
            ("@flags", LinkFlags.ValuesOf(query.Flags))
        );
        if (query.Flags.Contains(LinkFlags.Expired))
            Add("end_at <= @now", LinkIndexes.ByEnd, ("@now", now));
        IsOfGroups = false;
    }
}
