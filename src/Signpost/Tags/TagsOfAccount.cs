using Signpost.Changes;
using Signpost.Changes.Jobs;

namespace Signpost.Tags;

/// <summary>Deletes or transfers the tags of a deleted account. They never prevent its deletion.</summary>
internal sealed class TagsOfAccount(Slices slices) : IAccountResources
{
    public Task<bool> AnyAsync(long accountId, CancellationToken cancel) => Task.FromResult(false);

    /// <summary>Its links are deleted before.</summary>
    public Task DeleteAsync(long accountId, CancellationToken cancel) =>
        slices.RunAsync(slice => slice.Delete("tags", "account_id = @account", ("@account", accountId)), cancel);

    public Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel) =>
        slices.RunAsync(
            slice =>
                Transfer(slice, fromAccountId, toAccountId) is > 0 and var moved
                    ? moved
                    : Join(slice, fromAccountId, toAccountId),
            cancel
        );

    private static int Transfer(Slice slice, long from, long to) =>
        slice.Run(
            """
            UPDATE tags SET account_id = @to WHERE id IN (
                SELECT id FROM tags WHERE account_id = @from
                    AND name_key NOT IN (SELECT name_key FROM tags WHERE account_id = @to) LIMIT @size)
            """,
            ("@to", to),
            ("@from", from),
            ("@size", slice.Size)
        );

    // Two tags of the same name become one.
    private static int Join(Slice slice, long from, long to)
    {
        if (FindPair(slice, from, to) is not var (mine, theirs))
            return 0;
        slice.Run(
            """
            INSERT INTO link_tags (link_id, tag_id) SELECT link_id, @theirs FROM link_tags
            WHERE tag_id = @mine ORDER BY link_id LIMIT @size ON CONFLICT DO NOTHING
            """,
            ("@theirs", theirs),
            ("@mine", mine),
            ("@size", slice.Size)
        );
        var links = slice.Run(
            """
            DELETE FROM link_tags WHERE tag_id = @mine AND link_id IN (
                SELECT link_id FROM link_tags WHERE tag_id = @mine ORDER BY link_id LIMIT @size)
            """,
            ("@mine", mine),
            ("@size", slice.Size)
        );
        return links > 0 ? links : slice.Run("DELETE FROM tags WHERE id = @mine", ("@mine", mine));
    }

    private static (long Mine, long Theirs)? FindPair(Slice slice, long from, long to)
    {
        using var command = slice.Command(
            """
            SELECT mine.id, theirs.id FROM tags AS mine
            JOIN tags AS theirs ON theirs.account_id = @to AND theirs.name_key = mine.name_key
            WHERE mine.account_id = @from LIMIT 1
            """,
            ("@from", from),
            ("@to", to)
        );
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }
}
