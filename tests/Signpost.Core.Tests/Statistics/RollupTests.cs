using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Testing;

namespace Signpost.Core.Tests.Statistics;

public sealed class RollupTests
{
    private const int FirstDay = 1_000;
    private const long First = FirstDay * MadeClicks.Day;

    private static readonly Dimension[] All = Enum.GetValues<Dimension>();

    [Fact]
    public void A_rollup_answers_as_the_clicks_do_for_days_and_for_quarters()
    {
        var cases =
            from rows in MadeClicks.Rows()
            from start in Gen.Choose(0, 287)
            from length in Gen.Choose(1, 288)
            from piece in Gen.Choose(1, 20)
            from most in Gen.Elements(4, 1_000)
            select (rows, start, Math.Min(start + length, 288), piece, most);

        Prop.ForAll(
                cases.ToArbitrary(),
                made =>
                {
                    var (rows, start, end, piece, most) = made;
                    var stored = RollupBytes.Write(Made(rows, piece, most));
                    var (from, to) = (First + start * 900L, First + end * 900L);
                    foreach (var dimension in All)
                    {
                        ValueSums quarters = new();
                        RollupBytes.AddQuarters(stored.Quarters, dimension, 3, start, end, quarters);
                        Assert.Equal(Naive.ByValue(rows, dimension, from, to, []), quarters.ToList());

                        ValueSums days = new();
                        RollupBytes.AddDays(stored.Totals, dimension, 3, 1, 3, days);
                        Assert.Equal(
                            Naive.ByValue(rows, dimension, First + MadeClicks.Day, First + 3 * MadeClicks.Day, []),
                            days.ToList()
                        );
                    }

                    QuarterSums time = new();
                    RollupBytes.AddByTime(stored.Totals, 3, First, from, to, time);
                    Assert.Equal(Naive.ByTime(rows, from, to, []), time.ToList());
                }
            )
            .Check(Laws.Over(200));
    }

    [Fact]
    public void Words_made_up_without_end_are_told_apart_only_up_to_a_number_and_all_are_counted()
    {
        const int Pieces = 4;
        ClickColumns Piece(int number) =>
            ClickColumns.Of([
                .. Enumerable
                    .Range(number * ClickColumns.MostRows, ClickColumns.MostRows)
                    .Select(row =>
                        PlainClick.On(1, First, (ulong)row + 1) with
                        {
                            Referrer = new("news.example", $"/{row}"),
                        }
                    ),
            ]);

        using RollupTally rollup = new(FirstDay, 1);
        using Tally tally = new(Dimension.ReferrerPath, First, First + MadeClicks.Day, []);
        for (var number = 0; number < Pieces; number++)
        {
            var columns = Piece(number);
            rollup.Add(columns, columns.Runs);
            tally.Add(columns);
        }
        rollup.NextPass();
        while (tally.NextPass())
            for (var number = 0; number < Pieces; number++)
                tally.Add(Piece(number));

        const int All = Pieces * ClickColumns.MostRows;
        var most = MemoryShare.Of(Vocabulary.MostOfQuestion);
        var asked = tally.Values.ToList();
        Assert.Equal(most + 1, asked.Count);
        Assert.Equal(new Count(All - most, All - most), asked.Single(line => line.IsOther).Count);
        var lines = rollup.Rollup.Read(Dimension.ReferrerPath).ToList();
        Assert.Equal(MemoryShare.Of(Vocabulary.MostOfRollup) + 1, lines.Count);
        Assert.Equal(All, lines.Sum(line => line.Cells.Sum(cell => cell.Count.Pageviews)));
    }

    [Theory]
    [InlineData(16L << 30, 200_000)]
    [InlineData(8L << 30, 200_000)]
    [InlineData(4L << 30, 100_000)]
    [InlineData(1L << 20, 6_250)]
    public void A_process_with_less_memory_keeps_fewer_values_apart(long available, int most) =>
        Assert.Equal(most, MemoryShare.Of(200_000, available));

    [Fact]
    public void Values_of_great_length_are_told_apart_only_up_to_a_number_of_characters()
    {
        Vocabulary words = new(1_000);
        var codes = Enumerable.Range(0, 1_000).Select(number => words.CodeOf($"{number}".PadRight(800, 'x'))).ToList();

        Assert.Equal(101, codes.Distinct().Count());
        Assert.Equal(900, codes.Count(words.IsOther));
    }

    [Fact]
    public void A_rollup_comes_back_from_its_bytes()
    {
        Prop.ForAll(
                MadeClicks.Rows().ToArbitrary(),
                rows =>
                {
                    var stored = RollupBytes.Write(Made(rows));
                    AssertSame(stored, RollupBytes.Write(RollupBytes.Read(stored)));
                }
            )
            .Check(Laws.Over(200));
    }

    [Fact]
    public void A_rollup_from_before_clicks_had_hosts_counts_them_without_one()
    {
        var former = FormerBytes.Rollup;
        ValueSums days = new();
        RollupBytes.AddDays(former.Totals, Dimension.Host, 3, 0, 3, days);
        ValueSums quarters = new();
        RollupBytes.AddQuarters(former.Quarters, Dimension.Host, 3, 0, 96, quarters);

        Assert.Equal([new ValueCount(null, false, new(3, 2))], days.ToList());
        Assert.Equal([new ValueCount(null, false, new(2, 1))], quarters.ToList());
        var now = RollupBytes.Write(Made(FormerBytes.Rows));
        Assert.Empty(RollupBytes.Differences(former, now));
        AssertSame(now, RollupBytes.Write(RollupBytes.Read(former)));
    }

    [Fact]
    public void Merging_is_associative_and_commutative()
    {
        var three =
            from a in MadeClicks.Rows()
            from b in MadeClicks.Rows()
            from c in MadeClicks.Rows()
            select (a, b, c);

        Prop.ForAll(
                three.ToArbitrary(),
                made =>
                {
                    var (left, right, turned) = (Made(made.a), Made(made.b), Made(made.c));
                    left.Add(Made(made.b));
                    left.Add(Made(made.c));
                    right.Add(Made(made.c));
                    right.Add(Made(made.a));
                    turned.Add(right);
                    turned.Subtract(Made(made.c));

                    AssertSame(RollupBytes.Write(left), RollupBytes.Write(turned));
                }
            )
            .Check(Laws.Over(100));
    }

    [Fact]
    public void Subtracting_undoes_adding()
    {
        var two = from a in MadeClicks.Rows() from b in MadeClicks.Rows() select (a, b);

        Prop.ForAll(
                two.ToArbitrary(),
                made =>
                {
                    var sum = Made(made.a);
                    sum.Add(Made(made.b));
                    sum.Subtract(Made(made.b));

                    AssertSame(RollupBytes.Write(Made(made.a)), RollupBytes.Write(sum));
                }
            )
            .Check(Laws.Over(200));
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    [InlineData(1_500, true)]
    public void A_thousand_values_of_a_day_are_kept_and_the_rest_is_summed_up(int values, bool hasOther)
    {
        var rows = Paths(values);

        ValueSums sums = new();
        RollupBytes.AddDays(RollupBytes.Write(Made(rows)).Totals, Dimension.ReferrerPath, 3, 0, 3, sums);
        var counts = sums.ToList();

        Assert.Equal(hasOther, counts.Any(count => count.IsOther));
        Assert.Equal(Math.Min(values, Dimensions.MostValues), counts.Count(count => !count.IsOther));
        Assert.Equal(rows.Length, counts.Sum(count => count.Count.Pageviews));
        // The frequent ones stay.
        Assert.Contains(counts, count => count.Value == ValueKey.Of("/0", "h") && count.Count.Pageviews == 2);
    }

    [Fact]
    public void What_was_summed_up_as_other_can_be_taken_away_again()
    {
        var rollup = RollupBytes.Read(RollupBytes.Write(Made(Paths(1_500))));
        rollup.Subtract(Made(Paths(1_500)));

        Assert.True(rollup.IsEmpty);
        Assert.All(All, dimension => Assert.Empty(rollup.Read(dimension)));
    }

    [Fact]
    public void Clicks_can_be_subtracted_from_a_rollup_from_before_values_had_parents()
    {
        Prop.ForAll(
                MadeClicks.Rows().ToArbitrary(),
                rows =>
                {
                    var made = Made(rows);
                    Rollup rollup = new(3);
                    foreach (var dimension in All)
                    foreach (var (key, cells) in made.Read(dimension))
                    foreach (var (slot, count) in cells)
                        rollup.Add(
                            dimension,
                            new(ValueKey.Split(key.Value, Dimensions.ParentsOf(dimension).Count)[0], key.IsOther),
                            slot,
                            count
                        );

                    rollup.Subtract(made);

                    Assert.All(All, dimension => Assert.Empty(rollup.Read(dimension)));
                }
            )
            .Check(Laws.Over(100));
    }

    [Fact]
    public void Every_dimension_sums_up_to_the_same_total()
    {
        Prop.ForAll(
                MadeClicks.Rows().ToArbitrary(),
                rows =>
                {
                    var rollup = Made(rows);
                    var persons = rows.LongCount(row => row.Kind == ClickKind.Person);

                    Assert.Equal(rows.Length, rollup.Requests);
                    foreach (var dimension in All.Where(dimension => dimension != Dimension.Kind))
                        Assert.Equal(
                            persons,
                            rollup.Read(dimension).Sum(line => line.Cells.Sum(cell => cell.Count.Pageviews))
                        );
                }
            )
            .Check(Laws.Over(200));
    }

    [Fact]
    public void Days_apart_are_packed_into_one()
    {
        var rows = RealClicks.Of(1, 200, 3 * MadeClicks.Day, seed: 5, from: First);
        Rollup packed = new(3);
        for (var day = 0; day < 3; day++)
        {
            using RollupTally tally = new(FirstDay + day, 1);
            var columns = ClickColumns.Of(rows);
            tally.Add(columns, columns.Runs);
            tally.NextPass();
            packed.Add(tally.Rollup, day);
        }

        AssertSame(RollupBytes.Write(Made(rows)), RollupBytes.Write(packed));
    }

    [Fact]
    public void Differences_are_told_by_dimension()
    {
        var rows = RealClicks.Of(1, 50, MadeClicks.Day, seed: 6, from: First);
        var other = (ClickRow[])rows.Clone();
        other[7] = other[7] with { Language = "xx", Kind = ClickKind.Person };
        rows[7] = rows[7] with { Kind = ClickKind.Person };

        Assert.Empty(RollupBytes.Differences(RollupBytes.Write(Made(rows)), RollupBytes.Write(Made(rows, piece: 3))));
        Assert.Equal(
            [Dimension.BrowserLanguage],
            RollupBytes.Differences(RollupBytes.Write(Made(rows)), RollupBytes.Write(Made(other)))
        );
    }

    [Fact]
    public void Damage_is_noticed_and_never_another_fault()
    {
        var stored = RollupBytes.Write(Made(RealClicks.Of(1, 300, 3 * MadeClicks.Day, seed: 7, from: First)));
        var changes =
            from at in Gen.Choose(5, stored.Quarters.Length - 1)
            from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 0x7F, 0x80, 0xFF))
            select (at, (byte)value);

        var (read, refused) = (0, 0);
        Prop.ForAll(
                (
                    from some in Gen.NonEmptyListOf(changes)
                    from isSealed in Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
                    select (some, isSealed)
                ).ToArbitrary(),
                damage =>
                {
                    var bytes = (byte[])stored.Quarters.Clone();
                    foreach (var (at, value) in damage.some)
                        bytes[at] = value;
                    if (damage.isSealed)
                        BitConverter.TryWriteBytes(bytes.AsSpan(1), RollupBytes.Checksum(bytes));

                    try
                    {
                        RollupBytes.Read(stored with { Quarters = bytes });
                        Assert.True(damage.isSealed || bytes.AsSpan().SequenceEqual(stored.Quarters));
                        read++;
                    }
                    catch (FormatException)
                    {
                        refused++;
                    }
                }
            )
            .Check(Laws.Over(3_000));

        Assert.InRange(read, 30, 2_970);
        Assert.InRange(refused, 30, 2_970);
    }

    private static ClickRow[] Paths(int values) =>
        [
            .. RealClicks
                .Of(1, values + 1, MadeClicks.Day, seed: 8, from: First)
                .Select(
                    (row, number) =>
                        row with
                        {
                            Kind = ClickKind.Person,
                            Referrer = new("h", $"/{(number == values ? 0 : number)}"),
                        }
                ),
        ];

    [Fact]
    public void Clicks_of_nobodys_visitors_are_not_all_in_memory_at_a_time()
    {
        ClickRow[] rows =
        [
            .. RealClicks.Of(1, 4_000, MadeClicks.Day, seed: 3, from: First).Select(row => row with { Visitor = 0 }),
        ];
        using RollupTally tally = new(FirstDay, 3, 500);
        var most = 0;
        do foreach (var some in rows.Chunk(100))
        {
            var columns = ClickColumns.Of(some);
            tally.Add(columns, columns.Runs);
            most = Math.Max(most, tally.Kept);
        }
        while (tally.NextPass());

        Assert.InRange(most, 1, 1_000);
        AssertSame(RollupBytes.Write(Made(rows)), RollupBytes.Write(tally.Rollup));
    }

    private static Rollup Made(ClickRow[] rows, int piece = 1_000, int most = 1_000_000)
    {
        using RollupTally tally = new(FirstDay, 3, most);
        do foreach (var some in rows.Chunk(piece))
        {
            var columns = ClickColumns.Of(some);
            tally.Add(columns, columns.Runs);
        }
        while (tally.NextPass());
        return tally.Rollup;
    }

    private static void AssertSame(StoredRollup expected, StoredRollup actual)
    {
        Assert.Empty(RollupBytes.Differences(expected, actual));
        Assert.Equal(expected.Quarters, actual.Quarters);
        Assert.Equal(expected.Totals, actual.Totals);
        Assert.Equal(expected.Days, actual.Days);
    }
}
