using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;
using Signpost.Testing;

namespace Signpost.Core.Tests.Statistics;

public sealed class ClickColumnsTests
{
    private static readonly ClickGroup[] Groups = Enum.GetValues<ClickGroup>();

    [Fact]
    public void Every_row_comes_back_from_its_bytes()
    {
        Prop.ForAll(
                MadeClicks.Rows().ToArbitrary(),
                rows => RowsOf(ClickColumns.Read(ClickColumns.Of(rows).Write())).SequenceEqual(rows)
            )
            .Check(Laws.Over(300));
    }

    [Fact]
    public void Clicks_from_before_they_had_hosts_come_back_without_one()
    {
        var columns = ClickColumns.Read(FormerBytes.Block);

        Assert.Equal(FormerBytes.Rows, RowsOf(columns));
        Assert.Equal(FormerBytes.Rows, RowsOf(ClickColumns.Of([.. RowsOf(columns)])));
        Assert.Null(columns.TextOf(DimensionColumn.Of(Dimension.Host), 0));
    }

    [Fact]
    public void Clicks_from_before_they_had_a_term_and_a_content_come_back_without_them()
    {
        var columns = ClickColumns.Read(FormerBytes.BlockOfHosts);

        Assert.Equal(FormerBytes.RowsOfHosts, RowsOf(columns));
        Assert.Equal(FormerBytes.RowsOfHosts, RowsOf(ClickColumns.Of([.. RowsOf(columns)])));
        Assert.Null(columns.TextOf(DimensionColumn.Of(Dimension.UtmContent), 0));
    }

    [Fact]
    public void Any_number_comes_back()
    {
        var rows =
            from link in ArbMap.Default.GeneratorFor<long>()
            from at in ArbMap.Default.GeneratorFor<long>()
            from visitor in ArbMap.Default.GeneratorFor<ulong>()
            from kind in ArbMap.Default.GeneratorFor<byte>()
            from status in ArbMap.Default.GeneratorFor<short>()
            select PlainClick.On(link, at, visitor & 0xFFFF_FFFF_FFFF) with
            {
                Kind = (ClickKind)kind,
                Status = status,
            };

        Prop.ForAll(
                Gen.ArrayOf(rows).ToArbitrary(),
                made => RowsOf(ClickColumns.Read(ClickColumns.Of(made).Write())).SequenceEqual(made)
            )
            .Check(Laws.Over(300));
    }

    [Fact]
    public void Extremes_come_back()
    {
        ClickRow[] rows =
        [
            PlainClick.On(long.MaxValue, long.MinValue, 0xFFFF_FFFF_FFFF),
            PlainClick.On(long.MinValue, long.MaxValue, 0),
            PlainClick.On(1, 0, 1),
        ];

        var columns = ClickColumns.Read(ClickColumns.Of(rows).Write());

        Assert.Equal(rows, RowsOf(columns));
        Assert.Equal((long.MinValue, long.MaxValue), (columns.FirstAt, columns.LastAt));
        Assert.Equal(0, ClickColumns.Of([]).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_536)]
    public void Codes_are_as_wide_as_their_number_needs(int different)
    {
        var rows = Enumerable
            .Range(0, ClickColumns.MostRows)
            .Select(row =>
                PlainClick.On(7, row, 0) with
                {
                    Referrer = new("host", (row % different).ToString(CultureInfo.InvariantCulture)),
                }
            )
            .ToArray();

        var columns = ClickColumns.Of(rows);
        var codes = new ushort[columns.Count];
        columns.CopyCodes(ClickGroup.Referrer, codes);

        Assert.Equal(different, columns.EntriesOf(ClickGroup.Referrer));
        Assert.All(
            Enumerable.Range(0, rows.Length),
            row =>
            {
                Assert.Equal(columns.CodeOf(ClickGroup.Referrer, row), codes[row]);
                Assert.Equal(rows[row].Referrer.Path, columns.TextOf(ClickGroup.Referrer, codes[row], 1));
            }
        );
        Assert.Throws<ArgumentException>(() => ClickColumns.Of([.. rows, rows[0]]));
    }

    [Fact]
    public void Columns_tell_the_same_as_rows()
    {
        Prop.ForAll(
                MadeClicks.Rows().ToArbitrary(),
                rows =>
                {
                    var columns = ClickColumns.Of(rows);
                    var (times, visitors) = (new long[rows.Length], new ulong[rows.Length]);
                    columns.CopyTimes(times);
                    columns.CopyVisitors(visitors);

                    Assert.Equal(rows.Select(row => row.AtSeconds), times);
                    Assert.Equal(rows.Select(row => row.Visitor), visitors);
                    foreach (var dimension in Enum.GetValues<Dimension>())
                    {
                        var column = DimensionColumn.Of(dimension);
                        var codes = new ushort[rows.Length];
                        columns.CopyCodes(column.Group, codes);
                        Assert.Equal(
                            rows.Select(row => Naive.ValueOf(row, dimension)),
                            codes.Select(code => columns.TextOf(column, code))
                        );
                    }
                }
            )
            .Check(Laws.Over(100));
    }

    [Fact]
    public void A_link_of_sorted_rows_is_found_with_all_that_it_has()
    {
        Prop.ForAll(
                MadeClicks.Rows(links: 20).ToArbitrary(),
                rows =>
                {
                    var sorted = rows.OrderBy(row => row.LinkId).ToArray();
                    var columns = ClickColumns.Of(sorted);

                    return Enumerable
                        .Range(0, 22)
                        .All(link =>
                        {
                            var run = columns.RunOf(link);
                            return RowsOf(columns)
                                .Skip(run.Start)
                                .Take(run.Count)
                                .SequenceEqual(sorted.Where(row => row.LinkId == link));
                        });
                }
            )
            .Check(Laws.Over(100));
    }

    [Fact]
    public void A_busy_links_click_takes_about_sixteen_bytes_and_a_sparse_ones_sixty_at_most()
    {
        var busy = ClickColumns.Of(RealClicks.Of(link: 1, ClickColumns.MostRows, seconds: 7 * 86_400, seed: 1));
        var sparse = ClickColumns.Of(RealClicks.Of(link: 2, 70, seconds: 365 * 86_400, seed: 2));

        Assert.InRange((double)busy.Size / busy.Count, 10, 20);
        Assert.InRange((double)sparse.Size / sparse.Count, 10, 60);
    }

    [Fact]
    public void A_host_costs_a_click_nothing_while_a_link_has_one_and_a_byte_when_it_has_several()
    {
        var rows = RealClicks.Of(link: 1, 10_000, seconds: 86_400, seed: 1);
        int SizeWith(Func<int, string?> hostOf) =>
            ClickColumns.Of([.. rows.Select((row, number) => row with { Host = hostOf(number) })]).Size;
        var without = SizeWith(_ => null);

        Assert.InRange(SizeWith(_ => "go.example.org") - without, 0, 20);
        Assert.InRange(SizeWith(number => $"go{number % 3}.example.org") - without, 0, rows.Length + 100);
    }

    [Fact]
    public void Every_changed_bit_is_noticed()
    {
        var bytes = ClickColumns.Of(RealClicks.Of(link: 1, 30, seconds: 86_400, seed: 3)).Write();

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<FormatException>(() => ClickColumns.Read(damaged));
        }
    }

    [Fact]
    public void Damage_that_a_checksum_hides_is_refused_or_read_but_never_another_fault()
    {
        var bytes = ClickColumns.Of(RealClicks.Of(link: 1, 300, seconds: 86_400, seed: 4)).Write();
        var changes =
            from at in Gen.Choose(5, bytes.Length - 1)
            from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 0x7F, 0x80, 0xFF))
            select (at, (byte)value);

        var read = 0;
        Prop.ForAll(
                (
                    from some in Gen.NonEmptyListOf(changes)
                    from cut in Gen.Choose(0, 60)
                    select (some, cut)
                ).ToArbitrary(),
                damage =>
                {
                    var damaged = bytes[..(damage.cut < 5 ? bytes.Length * damage.cut / 5 : bytes.Length)];
                    foreach (var (at, value) in damage.some)
                        if (at < damaged.Length)
                            damaged[at] = value;
                    if (damaged.Length >= 5)
                        ClickColumns.Seal(damaged);

                    read += ReadAll(damaged) ? 1 : 0;
                }
            )
            .Check(Laws.Over(5_000));

        Assert.InRange(read, 50, 4_950);
    }

    // False: it was refused.
    private static bool ReadAll(byte[] bytes)
    {
        try
        {
            var columns = ClickColumns.Read(bytes);
            Assert.Equal(columns.Count, RowsOf(columns).Count());
            var codes = new ushort[columns.Count];
            foreach (var group in Groups)
                columns.CopyCodes(group, codes);
            columns.RunOf(1);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<ClickRow> RowsOf(ClickColumns columns) =>
        Enumerable.Range(0, columns.Count).Select(row => columns[row]);
}
