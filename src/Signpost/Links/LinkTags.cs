using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>The tags of links. A tag is named in a link, and made when it is new.</summary>
internal static class LinkTags
{
    /// <summary>As in <c>#0f766e</c>.</summary>
    public const string UsualColor = "#0f766e";

    public const int LongestName = 64;

    /// <summary>An account may have so many tags.</summary>
    public const int MostOfAccount = 10_000;

    private const int Most = 20;

    /// <summary>Reads a list of names. Names that differ only in case are one; the first is kept.</summary>
    public static Optional<IReadOnlyList<string>> Read(FieldReader read, string field = "tags")
    {
        var sent = read.List(field);
        if (sent.Value is not { } items)
            return default;

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        // Clients send an empty value or null for "none", also in a list.
        foreach (var item in items)
            if (string.IsNullOrWhiteSpace(item.Text) || item.Text is "null")
                continue;
            else if (FieldText.Length(item.Text) > LongestName)
                read.Add($"{field} must be names of at most {LongestName} characters.", item.As);
            else
                names.TryAdd(TagRow.KeyOf(item.Text), item.Text);
        if (names.Count > Most)
            read.Add($"{field} may hold at most {Most} names.", sent.As!);

        foreach (var key in names.Keys.Order(StringComparer.Ordinal).DefaultIfEmpty())
            read.Meaning.Add(field, key);
        return new(sent.As, [.. names.Values]);
    }

    /// <summary>
    /// The changes with all tags of the link instead of those to add and to remove. An error says that there would be too many.
    /// </summary>
    /// <param name="own">The tags that the link has.</param>
    public static LinkChanges Merge(LinkChanges changes, IReadOnlyList<string> own)
    {
        if (!changes.AddedTags.IsPresent && !changes.RemovedTags.IsPresent)
            return changes;
        var removed = (changes.RemovedTags.Value ?? []).Select(TagRow.KeyOf).ToHashSet(StringComparer.Ordinal);
        string[] names =
        [
            .. own.Where(name => !removed.Contains(TagRow.KeyOf(name)))
                .Concat(changes.AddedTags.Value ?? [])
                .DistinctBy(TagRow.KeyOf),
        ];
        var field = changes.AddedTags.As ?? changes.RemovedTags.As!;
        return changes with
        {
            Tags = new(field, names),
            Errors =
                names.Length <= Most
                    ? changes.Errors
                    : [.. changes.Errors, new($"A link may have at most {Most} tags.", field)],
        };
    }

    /// <summary>The reason why an account cannot have these tags; null: it can.</summary>
    public static async Task<string?> ProblemAsync(
        SignpostDb db,
        long accountId,
        IReadOnlyList<string> names,
        CancellationToken cancel
    )
    {
        var missing = names.Count - (await KnownAsync(db, accountId, names, cancel)).Count;
        return
            missing > 0 && await db.Tags.CountAsync(tag => tag.AccountId == accountId, cancel) + missing > MostOfAccount
            ? $"An account may have at most {MostOfAccount} tags."
            : null;
    }

    /// <summary>As <see cref="ProblemAsync"/>, for the tags of a link that moves to the account.</summary>
    public static async Task<string?> MoveProblemAsync(
        SignpostDb db,
        long linkId,
        long accountId,
        CancellationToken cancel
    ) => await ProblemAsync(db, accountId, [.. (await NamesAsync(db, [linkId], cancel))[linkId]], cancel);

    /// <summary>Replaces the tags of links, if the list was sent.</summary>
    public static async Task SetAsync(
        SignpostDb db,
        long accountId,
        IReadOnlyList<long> links,
        Optional<IReadOnlyList<string>> sent,
        long now
    )
    {
        if (sent is { IsPresent: true, Value: { } names })
            Put(
                db,
                links,
                await FindOrMakeAsync(db, accountId, names.Select(name => (name, UsualColor)), now, default)
            );
    }

    /// <summary>Gives a link that has moved tags of the same names in its new account.</summary>
    public static async Task HandOnAsync(SignpostDb db, LinkRow link, CancellationToken cancel)
    {
        var former = await Named(db, [link.Id])
            .Select(named => new { named.Tag.Name, named.Tag.Color })
            .ToListAsync(cancel);
        var tags = await FindOrMakeAsync(
            db,
            link.AccountId,
            former.Select(tag => (tag.Name, tag.Color)),
            link.UpdatedAt,
            cancel
        );
        Put(db, [link.Id], tags);
    }

    /// <summary>The names of the tags of one link, in the order of the names.</summary>
    public static async Task<IReadOnlyList<string>> NamesAsync(SignpostDb db, long link) =>
        [.. (await NamesAsync(db, [link], CancellationToken.None))[link]];

    /// <summary>The names of the tags of links, in the order of the names.</summary>
    public static async Task<ILookup<long, string>> NamesAsync(
        SignpostDb db,
        IReadOnlyList<long> links,
        CancellationToken cancel
    )
    {
        var rows = await Named(db, links)
            .OrderBy(named => named.Tag.NameKey)
            .Select(named => new { named.LinkId, named.Tag.Name })
            .ToListAsync(cancel);
        return rows.ToLookup(row => row.LinkId, row => row.Name);
    }

    // A deleted tag has no row any more, although links may still have its id.
    private static IQueryable<NamedTag> Named(SignpostDb db, IReadOnlyList<long> links) =>
        from linkTag in db.LinkTags
        where links.Contains(linkTag.LinkId)
        join tag in db.Tags on linkTag.TagId equals tag.Id
        select new NamedTag { LinkId = linkTag.LinkId, Tag = tag };

    private static async Task<List<long>> FindOrMakeAsync(
        SignpostDb db,
        long accountId,
        IEnumerable<(string Name, string Color)> wanted,
        long now,
        CancellationToken cancel
    )
    {
        (string Name, string Color)[] all = [.. wanted];
        var known = await KnownAsync(db, accountId, [.. all.Select(tag => tag.Name)], cancel);
        List<TagRow> made =
        [
            .. all.Where(tag => !known.ContainsKey(TagRow.KeyOf(tag.Name)))
                .Select(tag => new TagRow
                {
                    AccountId = accountId,
                    Name = tag.Name,
                    NameKey = TagRow.KeyOf(tag.Name),
                    Color = tag.Color,
                    CreatedAt = now,
                    UpdatedAt = now,
                }),
        ];
        db.Tags.AddRange(made);
        await db.SaveChangesAsync(cancel);
        return [.. known.Values, .. made.Select(tag => tag.Id)];
    }

    private static Task<Dictionary<string, long>> KnownAsync(
        SignpostDb db,
        long accountId,
        IReadOnlyList<string> names,
        CancellationToken cancel
    )
    {
        string[] keys = [.. names.Select(TagRow.KeyOf)];
        return db
            .Tags.Where(tag => tag.AccountId == accountId && keys.Contains(tag.NameKey))
            .Select(tag => new { tag.NameKey, tag.Id })
            .ToDictionaryAsync(tag => tag.NameKey, tag => tag.Id, cancel);
    }

    // Rows that stay are not written again.
    private static void Put(SignpostDb db, IReadOnlyList<long> links, List<long> tags)
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        transaction.Connection!.Run(
            transaction,
            "DELETE FROM link_tags WHERE link_id IN (@links) AND tag_id NOT IN (@tags)",
            ("@links", links),
            ("@tags", tags)
        );
        transaction.Connection!.Run(
            transaction,
            """
            INSERT INTO link_tags (link_id, tag_id) SELECT links.id, tags.id FROM links CROSS JOIN tags
            WHERE links.id IN (@links) AND tags.id IN (@tags) ON CONFLICT DO NOTHING
            """,
            ("@links", links),
            ("@tags", tags)
        );
    }

    private sealed class NamedTag
    {
        public required long LinkId { get; init; }
        public required TagRow Tag { get; init; }
    }
}

/// <summary>A filter of a list for tags.</summary>
/// <param name="Ids">The tags that the account has.</param>
/// <param name="Links">The number of links that have them. A link with two of them counts twice.</param>
internal sealed record FoundTags(TagFilter Filter, IReadOnlyList<long> Ids, long Links)
{
    /// <summary>Its links can be found by their tags.</summary>
    public bool IsSource => !Filter.IsExcluding && !Filter.NamesNone;

    public static FoundTags Find(DbTransaction snapshot, long account, TagFilter filter)
    {
        using var command = snapshot.Connection!.Command(
            snapshot,
            "SELECT id, links FROM tags WHERE account_id = @account AND name_key IN (@keys)",
            ("@account", account),
            ("@keys", filter.Named)
        );
        using var rows = command.ExecuteReader();
        List<long> ids = [];
        var links = 0L;
        while (rows.Read())
        {
            ids.Add(rows.GetInt64(0));
            links += rows.GetInt64(1);
        }

        return new(filter, ids, links);
    }
}
