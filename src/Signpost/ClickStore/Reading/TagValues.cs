using System.Data.Common;
using Signpost.Core.Statistics;
using Signpost.Storage;

namespace Signpost.ClickStore.Reading;

/// <summary>The tags that links have now, as values of a sum.</summary>
internal sealed class TagValues : IDisposable
{
    private const int MostKnown = 1 << 18;

    private readonly ValueSums _sums;
    private readonly DbCommand _tagsOfLink;
    private readonly Dictionary<long, int[]> _known = [];

    public TagValues(ClickView view, ValueSums sums)
    {
        _sums = sums;
        _tagsOfLink = view.Connection.Command(
            view.Transaction,
            "SELECT name FROM link_tags JOIN tags ON tags.id = tag_id WHERE link_id = @link",
            ("@link", 0L)
        );
    }

    /// <summary>The codes of a link's tags, or the code of no value.</summary>
    public int[] Of(long link)
    {
        if (_known.TryGetValue(link, out var codes))
            return codes;
        if (_known.Count == MostKnown)
            _known.Clear();
        return _known[link] = Read(link);
    }

    public void Dispose() => _tagsOfLink.Dispose();

    private int[] Read(long link)
    {
        _tagsOfLink.Parameters[0].Value = link;
        using var rows = _tagsOfLink.ExecuteReader();
        List<int> codes = [];
        while (rows.Read())
            codes.Add(_sums.CodeOf(rows.GetString(0)));
        return codes is [] ? [_sums.CodeOf(value: null)] : [.. codes.Distinct()];
    }
}
