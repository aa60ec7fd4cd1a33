using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

public sealed class TallyTests
{
    private const long First = 1_000 * MadeClicks.Day;

    private static readonly Dimension[] Dimensions = Enum.GetValues<Dimension>();

    private static readonly Gen<ValueFilter[]> Filters = Gen.ArrayOf(
            from dimension in Gen.Elements(Dimensions)
            from values in Gen.Elements<string?>(null, "FR", "DE", "person", "robot", "qr").NonEmptyListOf()
            from isExcluding in ArbMap.Default.GeneratorFor<bool>()
            select new ValueFilter(dimension, [.. values], isExcluding)
        )
        .Resize(2);

    private static readonly Gen<(long From, long To)> Windows =
        from start in Gen.Choose(0, 3 * 96)
        from quarters in Gen.OneOf(Gen.Choose(1, 96), Gen.Constant(96 * 3))
        select (First + start * 900L, First + (start + quarters) * 900L);

    [Fact]
    public void Values_are_counted_as_a_plain_recount_does_however_the_clicks_are_cut()
    {
        var cases =
            from rows in MadeClicks.Rows()
            from filters in Filters
            from window in Windows
            from dimension in Gen.Elements(Dimensions)
            from piece in Gen.Choose(1, 20)
            from most in Gen.Elements(4, 16, 1_000)
            select (rows, filters, window, dimension, piece, most);

        Prop.ForAll(
                cases.ToArbitrary(),
                made =>
                {
                    using Tally tally = new(made.most, made.dimension, made.window.From, made.window.To, made.filters);
                    Offer(tally, made.rows, made.piece);

                    Assert.Equal(
                        Naive.ByValue(made.rows, made.dimension, made.window.From, made.window.To, made.filters),
                        tally.Values.ToList()
                    );
                }
            )
            .Check(Laws.Over(300));
    }

    [Fact]
    public void Quarters_are_counted_as_a_plain_recount_does()
    {
        var cases =
            from rows in MadeClicks.Rows()
            from filters in Filters
            from window in Windows
            from piece in Gen.Choose(1, 20)
            select (rows, filters, window, piece);

        Prop.ForAll(
                cases.ToArbitrary(),
                made =>
                {
                    using Tally tally = new(16, null, made.window.From, made.window.To, made.filters);
                    Offer(tally, made.rows, made.piece);

                    Assert.Equal(
                        Naive.ByTime(made.rows, made.window.From, made.window.To, made.filters),
                        tally.Quarters.ToList()
                    );
                }
            )
            .Check(Laws.Over(200));
    }

    [Fact]
    public void Days_that_are_answered_otherwise_are_skipped()
    {
        var rows = MadeClicks.Rows().Sample(1, 200).First();
        using Tally tally = new(Dimension.CountryCode, First, First + 3 * MadeClicks.Day, [], [1_001]);
        Offer(tally, rows, 10);

        Assert.Equal(
            Naive.ByValue(
                [.. rows.Where(row => row.AtSeconds / MadeClicks.Day != 1_001)],
                Dimension.CountryCode,
                First,
                First + 3 * MadeClicks.Day,
                []
            ),
            tally.Values.ToList()
        );
    }

    [Fact]
    public void More_values_than_fit_beside_a_visitor_are_told_apart()
    {
        var rows = Enumerable
            .Range(0, 70_000)
            .SelectMany(number =>
                RealClicks
                    .Of(1, 1, 1, seed: 1, from: First + number / 2)
                    .Select(row =>
                        row with
                        {
                            Visitor = 5,
                            Kind = Core.Clicks.ClickKind.Person,
                            Referrer = new("h", $"/{number % 66_000}"),
                        }
                    )
            )
            .ToArray();
        using Tally tally = new(Dimension.ReferrerPath, First, First + MadeClicks.Day, []);
        Offer(tally, rows, 50_000);

        var counts = tally.Values.ToList();

        Assert.Equal(66_000, counts.Count);
        Assert.All(counts, count => Assert.Equal(1, count.Count.Visitors));
        Assert.Equal(70_000, counts.Sum(count => count.Count.Pageviews));
    }

    private static void Offer(Tally tally, ClickRow[] rows, int piece)
    {
        do foreach (var some in rows.Chunk(piece))
            tally.Add(ClickColumns.Of(some));
        while (tally.NextPass());
    }
}
