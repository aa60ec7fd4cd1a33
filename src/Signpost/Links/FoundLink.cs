using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;

namespace Signpost.Links;

/// <summary>A link of a slice.</summary>
/// <param name="Bytes">About so many bytes belong to it: versions, and pictures where they matter.</param>
internal readonly record struct FoundLink(LinkPlace Place, string Key, string Alias, long Bytes)
{
    public LinkChanged Changed => new(Place.LinkId, Place.DomainId, Key);

    public static long[] IdsOf(List<FoundLink> links) => [.. links.Select(link => link.Place.LinkId)];

    /// <summary>The first links that fit into a slice with all that belongs to them, at least one; and for how many rows they count.</summary>
    public static (List<FoundLink> Links, int Rows) Fit(Slice slice, List<FoundLink> found)
    {
        var (count, rows) = (0, 0);
        while (count < found.Count && rows < slice.Size)
            rows += 1 + Slice.Weight(found[count++].Bytes);
        return (found[..count], rows);
    }

    /// <param name="sql">
    /// Selects id, account, project, domain, whether that is another account's, key, alias and the bytes that belong to it, by @owner and up
    /// to @size.
    /// </param>
    public static List<FoundLink> Read(Slice slice, string sql, long owner)
    {
        using var command = slice.Command(sql, ("@owner", owner), ("@size", slice.Size));
        using var rows = command.ExecuteReader();
        List<FoundLink> links = [];
        while (rows.Read())
            links.Add(
                new(
                    new(
                        rows.GetInt64(0),
                        rows.GetInt64(1),
                        rows.IsDBNull(2) ? null : rows.GetInt64(2),
                        rows.GetInt64(3),
                        rows.GetBoolean(4)
                    ),
                    rows.GetString(5),
                    rows.GetString(6),
                    rows.GetInt64(7)
                )
            );
        return links;
    }
}
