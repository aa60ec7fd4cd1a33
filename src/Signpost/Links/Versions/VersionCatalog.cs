using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Storage;

namespace Signpost.Links.Versions;

/// <summary>A version, the link of then, and the link of the version before (null: not kept).</summary>
internal sealed record FoundVersion(LinkVersion Version, LinkState Link, LinkState? Before);

/// <summary>The only reader of the versions of links.</summary>
internal sealed class VersionCatalog(Database database, LinkCatalog links, PublicAddress address)
{
    /// <summary>A page of the versions of a link, the latest first; null: the caller has no such link.</summary>
    public async Task<(IReadOnlyList<LinkVersionResponse> Versions, long Total)?> ListAsync(
        Caller caller,
        long id,
        Paging paging,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        if (await OwnAsync(db, caller, id, cancel) is not { } link)
            return null;

        var kept = db.LinkVersions.Where(version => version.LinkId == id && version.Version <= link.Version);
        // A link from before versions were kept has no row for its present version until the next edit.
        var added = await kept.AnyAsync(version => version.Version == link.Version, cancel) ? 0 : 1;
        var total = added + await kept.LongCountAsync(cancel);
        if (paging.Offset(total) is not { } offset || offset >= total)
            return ([], total);

        // Without the former values, which may be large.
        var found = await kept.OrderByDescending(version => version.Version)
            .Skip((int)Math.Max(0, offset - added))
            .Take(offset == 0 ? paging.Size - added : paging.Size)
            .Select(version => new LinkVersion
            {
                LinkId = version.LinkId,
                Version = version.Version,
                At = version.At,
                Source = version.Source,
                PersonId = version.PersonId,
                KeyId = version.KeyId,
                Fields = version.Fields,
            })
            .ToListAsync(cancel);
        if (added == 1 && offset == 0)
            found.Insert(0, LinkHistory.Present(link));
        return (await NamedAsync(db, caller, link, found, cancel), total);
    }

    /// <summary>A version with the link of then; null: the caller has no such link, or the version is not kept.</summary>
    public async Task<LinkVersionDetailsResponse?> FindAsync(
        Caller caller,
        long id,
        long number,
        CancellationToken cancel
    )
    {
        await using var db = database.Read();
        if (
            await OwnAsync(db, caller, id, cancel) is not { } link
            || await FindAsync(db, link, number, cancel) is not { } found
        )
            return null;

        var then = await ResponseAsync(db, caller, found.Link, cancel);
        IReadOnlyList<ChangedFieldResponse> difference = found.Before is null
            ? []
            : ChangedFieldResponse.Between(await ResponseAsync(db, caller, found.Before, cancel), then);
        var told = (await NamedAsync(db, caller, link, [found.Version], cancel))[0];
        difference =
        [
            .. difference,
            .. LinkVersionFields
                .Passwords.Where(name => told.Fields.Contains(name) && difference.All(one => one.Field != name))
                .Select(name => new ChangedFieldResponse(name, LinkFields.HiddenPassword, LinkFields.HiddenPassword)),
        ];
        return new(
            told.Version,
            told.Datetime,
            told.IsCurrent,
            told.Source,
            told.Person,
            told.Key,
            told.Fields,
            then,
            difference
        );
    }

    /// <summary>A version of a link that was read in the same context; null: it is not kept.</summary>
    public static async Task<FoundVersion?> FindAsync(
        SignpostDb db,
        LinkRow link,
        long number,
        CancellationToken cancel
    )
    {
        if (number < 1 || number > link.Version)
            return null;
        var values = LinkVersionFields.Read(
            new(link, await LinkReferences.PixelsAsync(db, link.Id, cancel), await LinkTags.NamesAsync(db, link.Id))
        );
        LinkVersion? found = number == link.Version ? LinkHistory.Present(link) : null;
        var later = db.LinkVersions.Where(version =>
            version.LinkId == link.Id && version.Version >= number && version.Version <= link.Version
        );
        await foreach (
            var version in later.OrderByDescending(one => one.Version).AsAsyncEnumerable().WithCancellation(cancel)
        )
            if (version.Version == number)
                found = version;
            else
                VersionDiff.Undo(values, version.Before ?? "{}");
        if (found is null)
            return null;

        var then = LinkVersionFields.Write(link, values, found);
        if (found.Before is not { } before)
            return new(found, then, null);
        VersionDiff.Undo(values, before);
        return new(found, then, LinkVersionFields.Write(link, values, found));
    }

    /// <summary>The link of the caller as it is stored; null: there is none.</summary>
    public static Task<LinkRow?> OwnAsync(SignpostDb db, Caller caller, long id, CancellationToken cancel) =>
        db.Links.FirstOrDefaultAsync(link => link.Id == id && link.AccountId == caller.AccountId, cancel);

    /// <summary>The response that the link had, with the clicks of now.</summary>
    public async Task<LinkResponse> ResponseAsync(
        SignpostDb db,
        Caller caller,
        LinkState then,
        CancellationToken cancel
    ) =>
        LinkResponse.Of(
            then.Row,
            then.Row.ProjectId,
            then.Row.SplashPageId,
            await LinkReferences.AddressAsync(db, then.Row.DomainId, cancel) ?? address.Url,
            address.Url,
            then.Tags,
            then.Pixels,
            (await links.FindAsync(db, caller, then.Row.Id, cancel))?.Clicks ?? 0,
            caller.TimeZone
        );

    private static async Task<IReadOnlyList<LinkVersionResponse>> NamedAsync(
        SignpostDb db,
        Caller caller,
        LinkRow link,
        List<LinkVersion> versions,
        CancellationToken cancel
    )
    {
        long[] people = [.. versions.Select(version => version.PersonId).OfType<long>().Distinct()];
        long[] keys = [.. versions.Select(version => version.KeyId).OfType<long>().Distinct()];
        var names = await db
            .People.Where(person => people.Contains(person.Id))
            .Select(person => new { person.Id, Name = person.Account.Name != "" ? person.Account.Name : person.Email })
            .ToDictionaryAsync(person => person.Id, person => person.Name, cancel);
        var keyNames = await db
            .ApiKeys.Where(key => keys.Contains(key.Id) && key.AccountId == link.AccountId)
            .ToDictionaryAsync(key => key.Id, key => key.Name, cancel);
        return
        [
            .. versions.Select(version => new LinkVersionResponse(
                version.Version,
                LocalTime.Format(version.At, caller.TimeZone),
                version.Version == link.Version,
                LinkVersionResponse.NameOf(version.Source),
                names.GetValueOrDefault(version.PersonId ?? 0),
                keyNames.GetValueOrDefault(version.KeyId ?? 0),
                version.Fields.Split(',', StringSplitOptions.RemoveEmptyEntries)
            )),
        ];
    }
}
