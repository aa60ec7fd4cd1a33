namespace Signpost.Links.Bulk;

/// <summary>Writes ascending ids in about a byte each: the difference of each to the one before.</summary>
internal static class IdList
{
    public static byte[] Write(IReadOnlyCollection<long> ids)
    {
        using var bytes = new MemoryStream(ids.Count);
        using var writer = new BinaryWriter(bytes);
        var last = 0L;
        foreach (var id in ids)
        {
            writer.Write7BitEncodedInt64(id - last);
            last = id;
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The ids that are higher than <paramref name="after"/>.</summary>
    public static List<long> Read(byte[] bytes, long after)
    {
        List<long> ids = [];
        using var reader = new BinaryReader(new MemoryStream(bytes));
        for (var id = 0L; reader.BaseStream.Position < bytes.Length; )
        {
            id += reader.Read7BitEncodedInt64();
            if (id > after)
                ids.Add(id);
        }

        return ids;
    }
}
