using System.Data.Common;
using System.Runtime.InteropServices;
using Signpost.Core.Statistics;

namespace Signpost.ClickStore.Chunks;

/// <summary>Erases a link's oldest clicks.</summary>
internal static class ChunkTrim
{
    /// <summary>Erases the clicks before an instant; returns how many.</summary>
    public static int Run(DbConnection connection, DbTransaction transaction, long link, long before)
    {
        List<(ChunkPlace Place, ClickColumns? Rows)> touched = [];
        ChunkPlace last = default;
        using (var reader = new ChunkReader(connection, transaction))
            foreach (var (place, read) in reader.Of(link))
            {
                last = place;
                if (place.Count > 0 && place.FirstAt < before)
                    touched.Add((place, place.LastAt < before ? null : read()));
            }

        var erased = 0;
        List<long> removed = [];
        List<EncodedChunk> written = [];
        foreach (var (place, rows) in touched)
        {
            List<ClickRow> kept = [];
            for (var row = 0; row < rows?.Count; row++)
                if (rows.AtOf(row) >= before)
                    kept.Add(rows[row]);
            erased += place.Count - kept.Count;

            // The last chunk stays, even if empty, because it holds the next ordinal.
            if (kept.Count == 0 && place.Id != last.Id)
                removed.Add(place.Id);
            else
                written.Add(EncodedChunk.Of(place.Id, place.NextOrdinal - kept.Count, CollectionsMarshal.AsSpan(kept)));
        }

        ChunkWriter.Write(connection, transaction, removed, written);
        return erased;
    }
}
