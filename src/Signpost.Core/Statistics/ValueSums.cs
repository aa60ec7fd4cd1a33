namespace Signpost.Core.Statistics;

/// <summary>Counts by value, summed up from several sources.</summary>
public sealed class ValueSums
{
    private readonly Vocabulary _values = new(MemoryShare.Of(Vocabulary.MostOfQuestion));
    private long[] _pageviews = new long[64];
    private long[] _visitors = new long[64];
    private Count _other;

    /// <summary>The number of values; their codes are smaller.</summary>
    public int Values => _values.Count;

    /// <summary>A value's code; null: the clicks without a value.</summary>
    public int CodeOf(string? value) => Counted(_values.CodeOf(value));

    /// <summary>Like the code of the text in these bytes.</summary>
    public int CodeOf(ReadOnlySpan<byte> utf8) => Counted(_values.CodeOf(utf8));

    public void AddPageview(int code) => _pageviews[code]++;

    public void AddVisitor(int code) => _visitors[code]++;

    public void Add(int code, Count count)
    {
        _pageviews[code] += count.Pageviews;
        _visitors[code] += count.Visitors;
    }

    public void AddOther(Count count) => _other += count;

    /// <summary>The rows, in their order.</summary>
    public IReadOnlyList<ValueCount> ToList()
    {
        List<ValueCount> list = new(_values.Count + 1);
        var other = _other;
        for (var code = 0; code < _values.Count; code++)
            if (_values.IsOther(code))
                other += new Count(_pageviews[code], _visitors[code]);
            else if (_pageviews[code] != 0)
                list.Add(new ValueCount(_values[code], false, new Count(_pageviews[code], _visitors[code])));
        if (other != default)
            list.Add(new ValueCount(null, true, other));

        list.Sort(ValueCount.Compare);
        return list;
    }

    private int Counted(int code)
    {
        if (code >= _pageviews.Length)
        {
            Array.Resize(ref _pageviews, _pageviews.Length * 2);
            Array.Resize(ref _visitors, _visitors.Length * 2);
        }

        return code;
    }
}
