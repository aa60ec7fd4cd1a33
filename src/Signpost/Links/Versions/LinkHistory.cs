using Microsoft.EntityFrameworkCore;
using Signpost.Api.Callers;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Links.Versions;

/// <summary>Writes the versions of links, each in the transaction of its edit.</summary>
internal static class LinkHistory
{
    /// <summary>The name of a change that brings the link to another account.</summary>
    public const string Account = "account_id";

    /// <summary>About so many bytes a version takes, to be put into SQL.</summary>
    public const string RowBytes = "512";

    private const string Enabled = "is_enabled";

    /// <summary>Adds the first versions of new links.</summary>
    public static void Begin(SignpostDb db, Caller caller, IEnumerable<LinkRow> links, long now) =>
        db.Insert<LinkVersion>([.. links.Select(link => Of(link, caller, now, ""))]);

    /// <summary>
    /// Adds a version and raises the number of the link, if a value differs from before. The caller saves it.
    /// </summary>
    /// <param name="always">The name of a change that is in no value; null: none.</param>
    /// <returns>False: nothing differs, so the version stays.</returns>
    public static async Task<bool> AddAsync(
        SignpostDb db,
        Caller caller,
        LinkState before,
        LinkState after,
        long now,
        string? always = null
    )
    {
        var (old, values) = (LinkVersionFields.Read(before), LinkVersionFields.Read(after));
        var changes = values
            .Where(one =>
                // Both may have a password, and another one.
                LinkVersionFields.Passwords.Contains(one.Key)
                    ? LinkVersionFields.HashOf(before.Row, one.Key) != LinkVersionFields.HashOf(after.Row, one.Key)
                    : !Equals(one.Value, old[one.Key])
            )
            .Select(one => (one.Key, old[one.Key], one.Value))
            .ToList();
        if (changes is [] && always is null)
            return false;

        var row = after.Row;
        if (!await db.LinkVersions.AnyAsync(version => version.LinkId == row.Id && version.Version == row.Version))
            db.LinkVersions.Add(Present(before.Row));
        row.Version++;
        var names = changes.Select(change => LinkVersionFields.PublicName(change.Key)).Distinct();
        var version = Of(row, caller, now, string.Join(',', always is null ? names : names.Prepend(always)));
        version.Before = VersionDiff.Of(changes);
        db.LinkVersions.Add(version);
        return true;
    }

    /// <summary>Removes the names of people who are not members of the account to which the link moved, and of its keys.</summary>
    public static async Task ForgetOthersAsync(SignpostDb db, long linkId, long accountId, CancellationToken cancel)
    {
        var versions = db.LinkVersions.Where(version => version.LinkId == linkId);
        await versions
            .Where(version => version.KeyId != null)
            .ExecuteUpdateAsync(one => one.SetProperty(version => version.KeyId, (long?)null), cancel);
        await versions
            .Where(version =>
                version.PersonId != accountId
                && !db.Members.Any(member =>
                    member.TeamId == accountId && member.PersonId == version.PersonId && member.Email == null
                )
            )
            .ExecuteUpdateAsync(one => one.SetProperty(version => version.PersonId, (long?)null), cancel);
    }

    /// <summary>Adds versions of links that a job gave to another account, after it raised their numbers.</summary>
    public static void AddMoved(Slice slice, long[] links, long accountId, long now)
    {
        slice.Run(
            """
            INSERT INTO link_versions (link_id, version, at, source, fields, before)
            SELECT id, version, @now, @source, @fields, '{}' FROM links WHERE id IN (@links)
            """,
            ("@now", now),
            ("@source", (int)VersionSource.Server),
            ("@fields", Account),
            ("@links", links)
        );
        slice.Run(
            """
            UPDATE link_versions SET key_id = NULL,
                person_id = CASE WHEN person_id = @to OR person_id IN
                    (SELECT person_id FROM members WHERE team_id = @to AND email IS NULL) THEN person_id END
            WHERE link_id IN (@links) AND (key_id IS NOT NULL OR person_id IS NOT NULL)
            """,
            ("@to", accountId),
            ("@links", links)
        );
    }

    /// <summary>Adds the version of a link that a job brings to another domain, before it does so and raises the number.</summary>
    /// <param name="unblocks">A link that the owner of its domain disabled becomes a disabled link of its account.</param>
    public static void AddMoved(Slice slice, FoundLink link, string alias, bool unblocks, long now)
    {
        List<(string, object?, object?)> changes = [("domain_id", link.Place.DomainId, null)];
        if (alias != link.Alias)
            changes.Add(("alias", link.Alias, alias));
        var (fields, more) =
            alias == link.Alias ? ("domain_id", "domain_id,is_enabled") : ("domain_id,url", "domain_id,url,is_enabled");
        slice.Run(
            """
            INSERT INTO link_versions (link_id, version, at, source, fields, before)
            SELECT id, version + 1, @now, @source,
                CASE WHEN @unblocks AND is_blocked AND is_enabled THEN @fields_more ELSE @fields END,
                CASE WHEN @unblocks AND is_blocked AND is_enabled THEN @before_more ELSE @before END
            FROM links WHERE id = @id
            """,
            ("@now", now),
            ("@source", (int)VersionSource.Server),
            ("@unblocks", unblocks),
            ("@fields", fields),
            ("@fields_more", more),
            ("@before", VersionDiff.Of(changes)),
            ("@before_more", VersionDiff.Of([.. changes, (Enabled, true, false)])),
            ("@id", link.Place.LinkId)
        );
    }

    /// <summary>
    /// Adds versions of those links that a job turns from links which the owner of their domain disabled into disabled links of their account,
    /// before it does so and raises their numbers.
    /// </summary>
    public static void AddUnblocked(Slice slice, long[] links, long now) =>
        slice.Run(
            """
            INSERT INTO link_versions (link_id, version, at, source, fields, before)
            SELECT id, version + 1, @now, @source, @fields, @before FROM links
            WHERE id IN (@links) AND is_blocked AND is_enabled
            """,
            ("@now", now),
            ("@source", (int)VersionSource.Server),
            ("@fields", Enabled),
            ("@before", VersionDiff.Of([(Enabled, true, false)])),
            ("@links", links)
        );

    /// <summary>Adds the present versions of links from before versions were kept, before a job raises their numbers.</summary>
    public static void AddPresent(Slice slice, long[] links) =>
        slice.Run(
            """
            INSERT INTO link_versions (link_id, version, at, source, fields)
            SELECT id, version, updated_at, 0, '' FROM links WHERE id IN (@links)
            ON CONFLICT (link_id, version) DO NOTHING
            """,
            ("@links", links)
        );

    /// <summary>The present version of a link from before versions were kept.</summary>
    public static LinkVersion Present(LinkRow link) =>
        new()
        {
            LinkId = link.Id,
            Version = link.Version,
            At = link.UpdatedAt,
            Source = VersionSource.Unknown,
            Fields = "",
        };

    private static LinkVersion Of(LinkRow link, Caller caller, long now, string fields) =>
        new()
        {
            LinkId = link.Id,
            Version = link.Version,
            At = now,
            Source = caller.Credential is Credential.Key ? VersionSource.Key : VersionSource.Page,
            PersonId = caller.PersonId,
            KeyId = caller.Credential is Credential.Key(var key) ? key : null,
            Fields = fields,
        };
}
