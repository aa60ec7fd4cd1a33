using Microsoft.EntityFrameworkCore;
using Signpost.Addressing;
using Signpost.Api;
using Signpost.Files;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>Stores, replaces and removes the pictures of links, within an edit's transaction.</summary>
internal sealed class LinkPictures(PublicAddress address)
{
    /// <summary>The link id of a picture that the links of a bulk share.</summary>
    private const long Shared = 0;

    /// <summary>Adds an error if a text was sent that is not the address of the current picture.</summary>
    public void Check(LinkRow row, LinkChanges changes, List<FieldError> errors)
    {
        Check(changes.CloakingFavicon, row.CloakingFavicon);
        Check(changes.CloakingOpengraph, row.CloakingOpengraph);

        void Check(Optional<LinkPicture?> sent, string? current)
        {
            if (sent.Value?.Address is { } text && text != FileAddress.Of(address.Url, current))
                errors.Add(new($"{sent.As} must be a file, sent as multipart/form-data.", sent.As));
        }
    }

    /// <summary>Stores the pictures of new links. All links share one file. Links get the names of their pictures here.</summary>
    public static async Task AddToAsync(SignpostDb db, IReadOnlyList<LinkRow> links, LinkChanges changes, long now)
    {
        var owner = links is [var only] ? only.Id : Shared;
        var favicon = Store(db, changes.CloakingFavicon.Value, links[0].AccountId, owner, now);
        var opengraph = Store(db, changes.CloakingOpengraph.Value, links[0].AccountId, owner, now);
        foreach (var link in links)
            (link.CloakingFavicon, link.CloakingOpengraph) = (favicon, opengraph);
        await db.SaveChangesAsync();
        List<long> ids = [.. links.Select(link => link.Id)];
        await db
            .LinksAndTrash.Where(link => EF.Parameter(ids).Contains(link.Id))
            .ExecuteUpdateAsync(one =>
                one.SetProperty(link => link.CloakingFavicon, favicon)
                    .SetProperty(link => link.CloakingOpengraph, opengraph)
            );
    }

    public static async Task ReplaceAsync(SignpostDb db, LinkRow row, LinkChanges changes, long now)
    {
        var before = (row.CloakingFavicon, row.CloakingOpengraph);
        row.CloakingFavicon = await AfterAsync(changes.CloakingFavicon, row.CloakingFavicon);
        row.CloakingOpengraph = await AfterAsync(changes.CloakingOpengraph, row.CloakingOpengraph);
        if (row.CloakingFavicon != before.CloakingFavicon)
            await RetireAsync(db, row, before.CloakingFavicon, now);
        if (row.CloakingOpengraph != before.CloakingOpengraph)
            await RetireAsync(db, row, before.CloakingOpengraph, now);

        async Task<string?> AfterAsync(Optional<LinkPicture?> sent, string? current)
        {
            if (!sent.IsPresent || sent.Value?.Address is not null)
                return current;
            if (sent.Value?.Kept is not { Name: var name })
                return Store(db, sent.Value, row.AccountId, row.Id, now);
            if (await RenewAsync(db, row, name))
                return name;
            changes.Warnings.Add(NotKept(sent.As!));
            return current;
        }
    }

    /// <summary>The warning of a restore whose picture is gone.</summary>
    public static Warning NotKept(string field) =>
        new($"The picture of that version is not kept any more: {field} stays as it is.", field);

    public static async Task RemoveAllAsync(SignpostDb db, LinkRow row)
    {
        await RemoveAsync(db, row, row.CloakingFavicon);
        await RemoveAsync(db, row, row.CloakingOpengraph);
        await db.Files.Where(file => file.LinkId == row.Id).ExecuteDeleteAsync();
    }

    // A picture that no link shows any more stays for the versions that name it. The last link of a bulk takes a shared one.
    private static async Task RetireAsync(SignpostDb db, LinkRow row, string? name, long now)
    {
        if (name is not null)
            await UsedOnlyBy(db, row, name)
                .ExecuteUpdateAsync(one =>
                    one.SetProperty(file => file.KeptUntil, now + FormerPictures.KeptMilliseconds)
                        .SetProperty(file => file.LinkId, row.Id)
                );
    }

    // A picture that another link of the same bulk replaced belongs to no single link from now on: both may show it again. False: it is gone.
    private static async Task<bool> RenewAsync(SignpostDb db, LinkRow row, string name) =>
        await db
            .Files.Where(file => file.Name == name && file.AccountId == row.AccountId)
            .ExecuteUpdateAsync(one =>
                one.SetProperty(file => file.KeptUntil, (long?)null)
                    .SetProperty(file => file.LinkId, file => file.LinkId == row.Id ? row.Id : Shared)
            ) == 1;

    private static async Task RemoveAsync(SignpostDb db, LinkRow row, string? name)
    {
        if (name is null)
            return;
        await UsedOnlyBy(db, row, name).ExecuteDeleteAsync();
    }

    /// <summary>Gives the pictures of a link to another account. A picture that links of a bulk share is copied.</summary>
    public static async Task HandOnAsync(SignpostDb db, LinkRow row, long toId, CancellationToken cancel)
    {
        row.CloakingFavicon = await HandOnAsync(db, row, row.CloakingFavicon, toId, cancel);
        row.CloakingOpengraph = await HandOnAsync(db, row, row.CloakingOpengraph, toId, cancel);
        await db
            .Files.Where(file => file.LinkId == row.Id)
            .ExecuteUpdateAsync(one => one.SetProperty(file => file.AccountId, toId), cancel);
    }

    private static async Task<string?> HandOnAsync(
        SignpostDb db,
        LinkRow row,
        string? name,
        long toId,
        CancellationToken cancel
    )
    {
        if (await db.Files.FirstOrDefaultAsync(file => file.Name == name, cancel) is not { } file)
            return name;
        if (await UsedOnlyBy(db, row, file.Name).AnyAsync(cancel))
        {
            (file.AccountId, file.LinkId) = (toId, row.Id);
            return name;
        }

        StoredFile copy = new()
        {
            Name = FileAddress.NameOfCopy(file.Name),
            AccountId = toId,
            LinkId = row.Id,
            ContentType = file.ContentType,
            Content = file.Content,
            CreatedAt = file.CreatedAt,
        };
        db.Files.Add(copy);
        return copy.Name;
    }

    /// <summary>The picture of a name, unless another link of the same bulk uses it, too.</summary>
    public static IQueryable<StoredFile> UsedOnlyBy(SignpostDb db, LinkRow row, string name) =>
        db.Files.Where(file =>
            file.Name == name
            && (
                file.LinkId != Shared
                || !db.LinksAndTrash.Any(other =>
                    other.AccountId == row.AccountId
                    && other.Id != row.Id
                    && (other.CloakingFavicon == name || other.CloakingOpengraph == name)
                )
            )
        );

    private static string? Store(SignpostDb db, LinkPicture? picture, long accountId, long linkId, long now)
    {
        if (picture?.Image is not { } image)
            return null;

        var name = FileAddress.NewName(image);
        db.Files.Add(
            new()
            {
                Name = name,
                AccountId = accountId,
                LinkId = linkId,
                ContentType = image.ContentType,
                Content = picture.Content.ToArray(),
                CreatedAt = now,
            }
        );
        return name;
    }
}
