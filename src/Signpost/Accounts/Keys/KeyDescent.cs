using Microsoft.EntityFrameworkCore;
using Signpost.Storage;

namespace Signpost.Accounts.Keys;

/// <summary>Finds the keys that keys made, over all generations.</summary>
internal static class KeyDescent
{
    /// <summary>The keys that some keys made, without these themselves; an earlier generation comes first.</summary>
    /// <param name="withOthers">False: follows only keys of the same person as their maker.</param>
    public static async Task<IReadOnlyList<ApiKey>> OfAsync(
        SignpostDb db,
        IReadOnlyList<ApiKey> makers,
        bool withOthers,
        CancellationToken cancel
    )
    {
        var seen = makers.ToDictionary(key => key.Id);
        List<ApiKey> found = [];
        while (makers is not [])
        {
            var ids = makers.Select(key => key.Id).ToList();
            var made = await db
                .ApiKeys.Where(key => key.MakerId != null && ids.Contains(key.MakerId.Value))
                .OrderBy(key => key.Id)
                .ToListAsync(cancel);
            // A maker and a key that it made may both be asked for.
            makers =
            [
                .. made.Where(key => withOthers || key.Holder() == seen[key.MakerId!.Value].Holder())
                    .Where(key => seen.TryAdd(key.Id, key)),
            ];
            found.AddRange(makers);
        }

        return found;
    }
}
