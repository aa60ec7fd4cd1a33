using Microsoft.EntityFrameworkCore;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.Links.Versions;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Updates links after the deletion of something that they use, a slice at a time. Each slice takes links that remain, so
/// it can be repeated and interrupted anywhere.
/// </summary>
internal static class LinkRelease
{
    /// <summary>The links that fire a pixel.</summary>
    public static async Task<IReadOnlyList<LinkChanged>> WithPixelAsync(SignpostDb db, long pixelId) =>
        await db
            .LinkPixels.Where(linkPixel => linkPixel.PixelId == pixelId)
            .Join(
                db.Links,
                linkPixel => linkPixel.LinkId,
                link => link.Id,
                (_, link) => new LinkChanged(link.Id, link.DomainId, link.AliasKey)
            )
            .ToListAsync();

    /// <summary>The links that show a splash page.</summary>
    public static async Task<IReadOnlyList<LinkChanged>> WithSplashPageAsync(SignpostDb db, long pageId) =>
        await db
            .Links.Where(link => link.SplashPageId == pageId)
            .Select(link => new LinkChanged(link.Id, link.DomainId, link.AliasKey))
            .ToListAsync();

    /// <summary>How many links in use a domain has.</summary>
    public static Task<long> CountAsync(SignpostDb db, long domainId) =>
        db.LinkGroups.Where(group => group.DomainId == domainId).SumAsync(group => group.Links);

    /// <summary>Removes the project from its links. Visitors notice nothing.</summary>
    public static int ReleaseProject(Slice slice, long projectId) =>
        slice.Run(
            """
            UPDATE links SET project_id = NULL
            WHERE id IN (SELECT id FROM links WHERE project_id = @project LIMIT @size)
            """,
            ("@project", projectId),
            ("@size", slice.Size)
        );

    /// <summary>Removes a pixel from its links.</summary>
    public static int ReleasePixel(Slice slice, long pixelId)
    {
        var links = FoundLink.Read(
            slice,
            """
            SELECT id, account_id, project_id, domain_id, is_guest, alias_key, alias, 0 FROM links
            WHERE id IN (SELECT link_id FROM link_pixels WHERE pixel_id = @owner LIMIT @size)
            """,
            pixelId
        );
        foreach (var link in links)
            slice.Tell(link.Changed);
        return slice.Run(
            "DELETE FROM link_pixels WHERE pixel_id = @pixel AND link_id IN (@links)",
            ("@pixel", pixelId),
            ("@links", FoundLink.IdsOf(links))
        );
    }

    /// <summary>Removes a splash page from its links.</summary>
    public static int ReleaseSplashPage(Slice slice, long pageId)
    {
        var links = FoundLink.Read(
            slice,
            """
            SELECT id, account_id, project_id, domain_id, is_guest, alias_key, alias, 0 FROM links
            WHERE splash_page_id = @owner LIMIT @size
            """,
            pageId
        );
        foreach (var link in links)
            slice.Tell(link.Changed);
        return slice.Run(
            "UPDATE links SET splash_page_id = NULL WHERE id IN (@links)",
            ("@links", FoundLink.IdsOf(links))
        );
    }

    /// <summary>Deletes links of a deleted domain and their pictures, and marks their clicks to be erased.</summary>
    public static int DeleteOnDomain(Slice slice, long domainId) => Delete(slice, "domain_id", domainId, null);

    /// <summary>Deletes links of an account like an edit of their owner; nobody can use their aliases for a while.</summary>
    public static int DeleteOfAccount(Slice slice, long accountId, long now) =>
        Delete(slice, "account_id", accountId, now + AliasBook.CoolDownMilliseconds);

    private static int Delete(Slice slice, string owner, long id, long? retiredUntil)
    {
        var (links, rows) = ReadLight(slice, owner, id);
        var ids = FoundLink.IdsOf(links);
        if (retiredUntil is { } until)
            slice.Run(
                """
                INSERT INTO retired_aliases (domain_id, alias_key, alias, account_id, until)
                SELECT domain_id, alias_key, alias, account_id, @until FROM links
                WHERE id IN (@links)
                ON CONFLICT (domain_id, alias_key) DO UPDATE
                SET alias = excluded.alias, account_id = excluded.account_id, until = excluded.until
                """,
                ("@until", until),
                ("@links", ids)
            );

        ClickErasure.Note(slice, ids);
        KeptResponses.ForgetLinks(slice.Connection, slice.Transaction, ids);
        var shared = SharedPictures(slice, ids);
        slice.Run("DELETE FROM files WHERE link_id IN (@links)", ("@links", ids));
        slice.Run("DELETE FROM links WHERE id IN (@links)", ("@links", ids));
        foreach (var picture in shared)
            slice.Run(
                """
                DELETE FROM files WHERE name = @name
                    AND NOT EXISTS (SELECT 1 FROM links WHERE cloaking_favicon = @name)
                    AND NOT EXISTS (SELECT 1 FROM links WHERE cloaking_opengraph = @name)
                """,
                ("@name", picture)
            );
        foreach (var link in links)
            slice.Tell(link.Changed);
        return rows;
    }

    // A link's own pictures and versions are deleted with it: pictures are large, and there may be many versions.
    private static (List<FoundLink> Links, int Rows) ReadLight(Slice slice, string owner, long id) =>
        FoundLink.Fit(
            slice,
            FoundLink.Read(
                slice,
                $"""
                SELECT id, account_id, project_id, domain_id, is_guest, alias_key, alias,
                    (SELECT coalesce(sum(length(content)), 0) FROM files WHERE link_id = links.id) + version * {LinkHistory.RowBytes}
                FROM links WHERE {owner} = @owner LIMIT @size
                """,
                id
            )
        );

    // Shared pictures of a bulk belong to no single link.
    private static List<string> SharedPictures(Slice slice, long[] ids)
    {
        using var command = slice.Command(
            """
            SELECT name FROM files WHERE link_id = 0 AND name IN (
                SELECT cloaking_favicon FROM links WHERE id IN (@links)
                UNION SELECT cloaking_opengraph FROM links WHERE id IN (@links))
            """,
            ("@links", ids)
        );
        using var rows = command.ExecuteReader();
        List<string> names = [];
        while (rows.Read())
            names.Add(rows.GetString(0));
        return names;
    }
}
