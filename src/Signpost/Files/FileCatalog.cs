using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Files;

/// <summary>Reads uploaded pictures by their names.</summary>
internal sealed class FileCatalog(Database database, HybridCache cache, TimeProvider clock) : IDisposable
{
    public SharedReads Reads { get; } = new(cache, clock, "pictures");

    /// <summary>Reads an uploaded picture by its name. Everybody who knows the name may see it.</summary>
    /// <remarks>
    /// Requests at about the same time share the same bytes, so many slow readers of a picture take the memory of one.
    /// </remarks>
    /// <exception cref="TooBusyException">Too many other pictures are read at the moment.</exception>
    public async Task<Picture?> FindAsync(string name, CancellationToken cancel)
    {
        await using (var db = database.Read())
            if (!await IsServedAsync(db, name, cancel))
                return null;
        return await Reads.GetAsync(name, unwanted => ReadPictureAsync(name, unwanted), cancel);
    }

    public void Dispose() => Reads.Dispose();

    // The pictures of links in the trash wait there, too. The links of a bulk share theirs.
    private static async Task<bool> IsServedAsync(SignpostDb db, string name, CancellationToken cancel)
    {
        var file = await db
            .Files.Where(one => one.Name == name)
            .Select(one => new { one.LinkId })
            .FirstOrDefaultAsync(cancel);
        if (file is null)
            return false;
        var owners = db.LinksAndTrash;
        owners =
            file.LinkId == 0
                ? owners.Where(link => link.CloakingFavicon == name || link.CloakingOpengraph == name)
                : owners.Where(link => link.Id == file.LinkId);
        return await owners.AnyAsync(link => link.DeletedAt == null, cancel)
            || !await owners.AnyAsync(link => link.DeletedAt != null, cancel);
    }

    private async Task<Picture?> ReadPictureAsync(string name, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db
            .Files.Where(file => file.Name == name)
            .Select(file => new Picture(file.ContentType, file.Content))
            .FirstOrDefaultAsync(cancel);
    }
}
