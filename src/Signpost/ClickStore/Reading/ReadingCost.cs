using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>
/// The estimated time of reading closed days, in nanoseconds. Some links of a group are counted either from their own clicks or from the
/// columns of the group's days, which hold the clicks of all its links. ADR 21 has the measured times of the first two; the third is an estimate.
/// </summary>
/// <param name="Link">To find a link's clicks.</param>
/// <param name="Click">To count one of these clicks.</param>
/// <param name="Column">To count a click of columns, whosever it is.</param>
internal readonly record struct ReadingCost(double Link, double Click, double Column)
{
    public static readonly ReadingCost Usual = new(20_000, 46, 20);

    /// <summary>Whether columns take less time than the clicks of links.</summary>
    /// <param name="inColumns">The number of clicks in the columns.</param>
    /// <param name="span">The seconds of the days.</param>
    public bool PrefersColumns(ClickView view, List<long> links, long inColumns, (long From, long To) span)
    {
        var (most, cost) = (Column * inColumns, Link * links.Count);
        if (cost >= most)
            return true;

        using var command = view.Connection.Command(
            view.Transaction,
            """
            SELECT CAST(coalesce(sum(count), 0) AS bigint) FROM click_chunks
            WHERE id >= @from AND id < @to AND first_at < @end AND last_at >= @start
            """,
            ("@from", 0L),
            ("@to", 0L),
            ("@start", span.From),
            ("@end", span.To)
        );
        command.Prepare();
        foreach (var link in links)
        {
            command.Parameters[0].Value = ClusterKey.Of(link, 0);
            command.Parameters[1].Value = ClusterKey.Of(link + 1, 0);
            cost += Click * (long)command.ExecuteScalar()!;
            if (cost >= most)
                return true;
        }

        return false;
    }
}
