using BenchmarkDotNet.Attributes;
using Signpost.Core.Statistics;

namespace Signpost.Benchmarks;

/// <summary>A full chunk of a busy link's clicks, a week of them: to bytes and back, counted, and rolled up.</summary>
public class TallyBenchmarks
{
    private const long From = 1_750_032_000;
    private const long Week = 7 * Days.Seconds;

    private readonly ClickRow[] _rows = Year.Rows(1, ClickColumns.MostRows, From, Week, new Random(1));
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Encode() => _bytes = Of();

    [Benchmark]
    public byte[] Of() => ClickColumns.Of(_rows).Write();

    [Benchmark]
    public int Read() => ClickColumns.Over(_bytes).Count;

    [Benchmark]
    [Arguments(Dimension.CountryCode)]
    [Arguments(Dimension.CityName)]
    [Arguments(Dimension.ReferrerPath)]
    [Arguments(Dimension.UtmCampaign)]
    public int FilteredByValue(Dimension dimension) => Count(dimension).Values.ToList().Count;

    [Benchmark]
    public int FilteredByTime() => Count(null).Quarters.ToList().Count;

    [Benchmark]
    public StoredRollup RollupOfADay()
    {
        using RollupTally tally = new(Days.Of(From), 1);
        var columns = ClickColumns.Over(_bytes);
        do tally.Add(columns, columns.Runs);
        while (tally.NextPass());
        return RollupBytes.Write(tally.Rollup);
    }

    private Tally Count(Dimension? dimension)
    {
        using Tally tally = new(dimension, From, From + Week, [new(Dimension.DeviceType, ["mobile"])]);
        do tally.Add(ClickColumns.Over(_bytes));
        while (tally.NextPass());
        return tally;
    }
}
