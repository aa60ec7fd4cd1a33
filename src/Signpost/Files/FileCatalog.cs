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
            if (!await db.Files.AnyAsync(file => file.Name == name, cancel))
                return null;
        return await Reads.GetAsync(name, unwanted => ReadPictureAsync(name, unwanted), cancel);
    }

    public void Dispose() => Reads.Dispose();

    private async Task<Picture?> ReadPictureAsync(string name, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db
            .Files.Where(file => file.Name == name)
            .Select(file => new Picture(file.ContentType, file.Content))
            .FirstOrDefaultAsync(cancel);
    }
}
