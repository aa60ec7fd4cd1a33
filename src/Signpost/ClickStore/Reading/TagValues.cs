using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>The tags that links have now, as values of a sum.</summary>
internal sealed class TagValues(ClickView view, ValueSums sums, QuestionBudget budget)
{
    private const int LinksAtOnce = 1_024;

    private readonly int _mostKnown = MemoryShare.Of(1 << 19);
    private readonly Dictionary<long, int[]> _known = [];
    private int[]? _none;

    /// <summary>The number of times that the database was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>The codes of a link's tags, or the code of no value.</summary>
    public int[] Of(long link) => _known.TryGetValue(link, out var codes) ? codes : OfAll([link])[0];

    /// <summary>The same for each of many links. Each is looked up once, as long as the memory for that suffices.</summary>
    public int[][] OfAll(IReadOnlyList<long> links)
    {
        var codes = new int[links.Count][];
        List<int> unknown = [];
        for (var at = 0; at < codes.Length; at++)
            if (_known.TryGetValue(links[at], out var known))
                codes[at] = known;
            else
                unknown.Add(at);

        foreach (var some in unknown.Chunk(LinksAtOnce))
        {
            var read = Read([.. some.Select(at => links[at])]);
            foreach (var at in some)
            {
                codes[at] = read.TryGetValue(links[at], out var tags)
                    ? [.. tags]
                    : _none ??= [sums.CodeOf(value: null)];
                if (_known.Count < _mostKnown)
                    _known[links[at]] = codes[at];
            }
        }

        return codes;
    }

    private Dictionary<long, HashSet<int>> Read(long[] links)
    {
        budget.Read(0);
        Asked++;
        using var command = view.Connection.Command(
            view.Transaction,
            "SELECT link_id, name FROM link_tags JOIN tags ON tags.id = tag_id WHERE link_id IN (@links)",
            ("@links", links)
        );
        using var rows = command.ExecuteReader();
        Dictionary<long, HashSet<int>> codes = [];
        while (rows.Read())
        {
            if (!codes.TryGetValue(rows.GetInt64(0), out var tags))
                codes.Add(rows.GetInt64(0), tags = []);
            tags.Add(sums.CodeOf(rows.GetString(1)));
        }

        return codes;
    }
}
