using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Clicks;

/// <summary>The number of requests of one kind that a link had in a batch.</summary>
internal readonly record struct ClickTotal(long LinkId, ClickKind Kind, long Count);

/// <summary>The number of requests for an unknown alias in a batch.</summary>
/// <param name="DomainId">0 is the main domain.</param>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
/// <param name="Alias">Its key.</param>
internal readonly record struct OrphanTotal(long DomainId, int Day, string Alias, long Count);

/// <summary>The number of clicks in a batch whose path spelled the alias in another case than its owner did.</summary>
/// <param name="DomainId">0 is the main domain.</param>
/// <param name="Day">Days since 1970-01-01, UTC.</param>
internal readonly record struct CaseTotal(long DomainId, int Day, long Count);

/// <summary>Consecutive clicks of the journal, from one position to another.</summary>
internal sealed class ClickBatch
{
    public ClickBatch(JournalPosition start, JournalPosition end, IReadOnlyList<Click> clicks)
    {
        (Start, End, Clicks) = (start, end, clicks);
        Totals = Count(clicks);
        Persons = Totals.Where(total => total.Kind is ClickKind.Person).ToDictionary(t => t.LinkId, t => t.Count);
    }

    public JournalPosition Start { get; }

    public JournalPosition End { get; }

    /// <summary>All requests of links, in the order of the journal.</summary>
    public IReadOnlyList<Click> Clicks { get; }

    public IReadOnlyList<ClickTotal> Totals { get; }

    /// <summary>The number of clicks of each link.</summary>
    public IReadOnlyDictionary<long, long> Persons { get; }

    /// <summary>The <see cref="Clicks"/> as rows of statistics, one for one; empty in a batch that was only counted.</summary>
    public IReadOnlyList<ClickRow> Rows { get; init; } = [];

    /// <summary>Requests for unknown aliases.</summary>
    public IReadOnlyList<OrphanTotal> Orphans { get; init; } = [];

    /// <summary>Clicks by another case.</summary>
    public IReadOnlyList<CaseTotal> OtherCases { get; init; } = [];

    // Ordered by link, so that the store walks its index in order. Sorting numbers costs a third of a dictionary.
    private static List<ClickTotal> Count(IReadOnlyList<Click> clicks)
    {
        var keys = new long[clicks.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = (clicks[i].LinkId << 8) | (byte)clicks[i].Kind;
        Array.Sort(keys);

        List<ClickTotal> totals = [];
        for (int i = 0, end; i < keys.Length; i = end)
        {
            for (end = i + 1; end < keys.Length && keys[end] == keys[i]; )
                end++;
            totals.Add(new(keys[i] >> 8, (ClickKind)keys[i], end - i));
        }

        return totals;
    }
}
