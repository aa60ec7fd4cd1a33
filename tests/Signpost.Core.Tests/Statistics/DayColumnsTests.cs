using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Statistics;
using Signpost.Core.Statistics.ByDay;
using Signpost.Testing;

namespace Signpost.Core.Tests.Statistics;

public sealed class DayColumnsTests
{
    private const int FirstDay = 1_000;
    private const int Span = 3;
    private const long First = FirstDay * MadeClicks.Day;

    private static readonly Dimension[] Dimensions = Enum.GetValues<Dimension>();

    private static readonly Gen<ValueFilter[]> Filters = Gen.ArrayOf(
            from dimension in Gen.Elements(Dimensions)
            from values in Gen.Elements<string?>(null, "", "FR", "DE", "person", "robot", "qr", "日本").NonEmptyListOf()
            from isExcluding in ArbMap.Default.GeneratorFor<bool>()
            select new ValueFilter(dimension, [.. values], isExcluding)
        )
        .Resize(3);

    private static readonly Gen<(long From, long To)> Windows =
        from start in Gen.Choose(-10, Span * 96)
        from quarters in Gen.OneOf(Gen.Choose(1, 96), Gen.Constant(96 * Span))
        select (First + start * 900L, First + (start + quarters) * 900L);

    [Fact]
    public void Columns_are_counted_as_a_plain_recount_does()
    {
        var cases =
            from rows in MadeClicks.Rows(links: 5)
            from filters in Filters
            from window in Windows
            from groups in Gen.Choose(1, 3)
            from links in Gen.Elements<long[]?>(null, [1, 2], [3], [])
            select (rows, filters, window, groups, links);

        Prop.ForAll(
                cases.ToArbitrary(),
                made =>
                {
                    var (rows, filters, (from, to), groups, links) = made;
                    DayTally tally = new(from, to, filters, links is null ? null : links.Contains);
                    List<DayCount> counts =
                    [
                        .. Dimensions.Select(dimension => new DayCount(dimension, new(), new())),
                        new(null, new(), new()),
                    ];
                    for (var day = FirstDay; day < FirstDay + Span; day++)
                        tally.Add(day, [.. ColumnsOf(rows, day, groups)], counts);

                    ClickRow[] counted = [.. rows.Where(row => links?.Contains(row.LinkId) is not false)];
                    foreach (var count in counts)
                        if (count.Dimension is { } dimension)
                            Assert.Equal(Naive.ByValue(counted, dimension, from, to, filters), count.Values.ToList());
                        else
                            Assert.Equal(Naive.ByTime(counted, from, to, filters), count.Quarters.ToList());
                }
            )
            .Check(Laws.Over(300));
    }

    [Fact]
    public void Each_link_has_the_values_that_it_is_given()
    {
        ClickRow[] rows = [Click(1, 5, 0), Click(1, 5, 900), Click(2, 5, 1_000), Click(3, 6, 2_000)];
        ValueSums values = new();
        int[] one = [values.CodeOf("one")];
        int[] two = [.. one, values.CodeOf("two")];
        DayTally tally = new(First, First + MadeClicks.Day, [], null);

        tally.Add(
            FirstDay,
            [.. ColumnsOf(rows, FirstDay, 1)],
            [new DayCount(null, new(), values, links => [.. links.Select(link => link == 2 ? two : one)])]
        );

        Assert.Equal([new("one", false, new(4, 2)), new("two", false, new(1, 1))], values.ToList());
    }

    [Fact]
    public void Values_of_links_are_counted_the_same_with_little_memory()
    {
        Prop.ForAll(
                MadeClicks.Rows(links: 5).ToArbitrary(),
                rows =>
                {
                    foreach (var groups in (int[])[1, 2])
                        Assert.Equal(Count(groups, int.MaxValue), Count(groups, 1));

                    IReadOnlyList<ValueCount> Count(int groups, int most)
                    {
                        ValueSums values = new();
                        int[] codes = [.. Enumerable.Range(0, 4).Select(code => values.CodeOf($"{code}"))];
                        DayTally tally = new(First, First + MadeClicks.Day, [], null) { MostSeen = most };
                        tally.Add(
                            FirstDay,
                            [.. ColumnsOf(rows, FirstDay, groups)],
                            [
                                new DayCount(
                                    null,
                                    new(),
                                    values,
                                    links => [.. links.Select(link => codes[..(int)(1 + Math.Abs(link % 4))])]
                                ),
                            ]
                        );
                        return values.ToList();
                    }
                }
            )
            .Check(Laws.Over(200));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(70_000)]
    public void Many_visitors_and_links_have_wider_numbers(int count)
    {
        var rows = new ClickRow[count];
        for (var row = 0; row < count; row++)
            // Every visitor comes twice.
            rows[row] = Click(row + 1, (ulong)(row / 2) + 1, row % 86_400);
        DayCount quarters = new(null, new(), new());
        DayTally tally = new(First, First + MadeClicks.Day, [], link => link % 2 == 0);

        using RollupTally rollup = new(FirstDay, 1) { MakesColumns = true };
        foreach (var piece in rows.Chunk(ClickColumns.MostRows))
        {
            var columns = ClickColumns.Of(piece);
            rollup.Add(columns, columns.Runs);
        }

        Assert.False(rollup.NextPass());
        tally.Add(FirstDay, [Over(rollup.Columns!)], [quarters]);

        Assert.Equal(
            new Count(count / 2, count / 2),
            quarters.Quarters.ToList().Aggregate(default(Count), (sum, quarter) => sum + quarter.Count)
        );
    }

    [Fact]
    public void Clicks_that_the_memory_does_not_hold_have_no_columns()
    {
        ClickRow[] rows = [.. Enumerable.Range(1, 20).Select(row => Click(1, (ulong)row, row))];
        using RollupTally rollup = new(FirstDay, 1, most: 8) { MakesColumns = true };
        var columns = ClickColumns.Of(rows);
        do rollup.Add(columns, columns.Runs);
        while (rollup.NextPass());

        Assert.Null(rollup.Columns);
        Assert.Equal(20, rollup.Rollup.Requests);
    }

    [Fact]
    public void Damaged_columns_are_refused()
    {
        ClickRow[] rows = [Click(1, 5, 0), Click(2, 6, 900)];
        var bytes = BytesOf(rows, FirstDay)!;
        foreach (var column in bytes)
        {
            column[^1] ^= 1;
            Assert.Throws<FormatException>(ReadAll);
            column[^1] ^= 1;
        }

        ReadAll();

        void ReadAll()
        {
            List<DayCount> counts = [.. Dimensions.Select(dimension => new DayCount(dimension, new(), new()))];
            DayTally tally = new(First, First + MadeClicks.Day, [], link => link > 0);
            tally.Add(FirstDay, [Over(bytes)], counts);
            // Two groups compare the visitors as they are.
            tally.Add(FirstDay, [Over(bytes), Over(bytes)], counts);
        }
    }

    private static ClickRow Click(long link, ulong visitor, long second) =>
        PlainClick.On(link, First + second, visitor);

    /// <summary>The columns of a day, of each group of links that has clicks.</summary>
    private static IEnumerable<DayColumns> ColumnsOf(ClickRow[] rows, int day, int groups)
    {
        for (var group = 0; group < groups; group++)
            if (BytesOf([.. rows.Where(row => row.LinkId % groups == group)], day) is { } bytes)
                yield return Over(bytes);
    }

    private static byte[][]? BytesOf(ClickRow[] rows, int day)
    {
        using RollupTally tally = new(day, 1) { MakesColumns = true };
        foreach (var link in rows.GroupBy(row => row.LinkId).OrderBy(link => link.Key))
        {
            var columns = ClickColumns.Of([.. link]);
            tally.Add(columns, columns.Runs);
        }

        Assert.False(tally.NextPass());
        return tally.Columns is null ? null : [.. tally.Columns];
    }

    private static DayColumns Over(IReadOnlyList<byte[]> bytes) => new(bytes[DayColumns.Head], number => bytes[number]);
}
