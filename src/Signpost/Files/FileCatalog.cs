using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Files;

/// <summary>Reads uploaded pictures for everybody who knows their name.</summary>
internal sealed class FileCatalog(Database database, HybridCache cache, TimeProvider clock) : IDisposable
{
    private readonly SharedReads _pictures = new(cache, clock, "pictures");

    /// <summary>An uploaded picture by the name it is served under; whoever knows the name may see it.</summary>
    /// <remarks>
    /// Everybody who asks at about the same time gets the same bytes: slow readers of a picture, however many, take the
    /// memory of one.
    /// </remarks>
    /// <exception cref="TooBusyException">Too many others are read at the moment.</exception>
    public async Task<Picture?> FindAsync(string name, CancellationToken cancel)
    {
        await using (var db = database.Read())
            if (!await db.Files.AnyAsync(file => file.Name == name, cancel))
                return null;
        return await _pictures.GetAsync(name, unwanted => ReadPictureAsync(name, unwanted), cancel);
    }

    public void Dispose() => _pictures.Dispose();

    private async Task<Picture?> ReadPictureAsync(string name, CancellationToken cancel)
    {
        await using var db = database.Read();
        return await db
            .Files.Where(file => file.Name == name)
            .Select(file => new Picture(file.ContentType, file.Content))
            .FirstOrDefaultAsync(cancel);
    }
}
