using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;

namespace Signpost.Core.Tests.Targeting;

public sealed class TargetingTableTests
{
    private static readonly UserAgent Phone = new("Android", "15", "Samsung Internet", "28.0", DeviceType.Mobile);

    [Theory]
    [InlineData(TargetingKind.ContinentCode, "AF EU", 1)]
    [InlineData(TargetingKind.ContinentCode, "AF AS", -1)]
    [InlineData(TargetingKind.CountryCode, "DE FR", 1)]
    [InlineData(TargetingKind.CityName, "paris saint-étienne", 1)]
    [InlineData(TargetingKind.CityName, "SAINT-E\u0301TIENNE", 0)]
    [InlineData(TargetingKind.CityName, "Saint-Etienne", -1)]
    [InlineData(TargetingKind.DeviceType, "desktop tablet mobile", 2)]
    [InlineData(TargetingKind.OsName, "iOS Android", 1)]
    [InlineData(TargetingKind.BrowserName, "Chrome Safari", -1)]
    public void A_rule_is_found_by_its_fact(TargetingKind kind, string keys, int expected)
    {
        var visit = new Visit(0) { Place = new("EU", "FR", "Saint-Étienne"), Agent = Phone };

        Assert.Equal(expected, Table(kind, keys.Split(' ')).Find(visit));
    }

    [Theory]
    [InlineData("Stuttgart (Zuffenhausen)", 0)]
    [InlineData("Stuttgart", 0)]
    [InlineData("Frankfurt (Oder)", 2)]
    [InlineData("Frankfurt (Innenstadt)", 1)]
    [InlineData("Stuttgartia (Zuffenhausen)", -1)]
    [InlineData(" (Zuffenhausen)", -1)]
    public void A_city_is_found_by_its_whole_name_and_else_without_its_quarter(string city, int expected)
    {
        var table = Table(TargetingKind.CityName, "Stuttgart", "Frankfurt", "Frankfurt (Oder)");

        Assert.Equal(expected, table.Find(new Visit(0) { Place = new(null, null, city) }));
    }

    [Theory]
    [InlineData(TargetingKind.ContinentCode)]
    [InlineData(TargetingKind.CountryCode)]
    [InlineData(TargetingKind.CityName)]
    [InlineData(TargetingKind.DeviceType)]
    [InlineData(TargetingKind.BrowserLanguage)]
    [InlineData(TargetingKind.OsName)]
    [InlineData(TargetingKind.BrowserName)]
    public void Nobody_of_whom_nothing_is_known_matches(TargetingKind kind)
    {
        var table = Table(kind, "en");

        Assert.Equal(-1, table.Find(new Visit(0)));
        Assert.Equal(-1, table.Find(new Visit(0) { Agent = UserAgent.Unknown, AcceptLanguage = "" }));
    }

    [Theory]
    [InlineData("en-US,en;q=0.9", "en en-US", 1)]
    [InlineData("en-US,en;q=0.9", "en", 0)]
    [InlineData("en", "en-US", -1)]
    [InlineData("fr-CH,de;q=0.9", "de fr", 1)]
    [InlineData("fr-CH,de;q=0.9", "de", 0)]
    [InlineData("de;q=0.1,fr;q=0.2", "de fr", 1)]
    [InlineData("pt-BR", "pt-PT pt", 1)]
    [InlineData("PT-br", "pt-BR pt", 0)]
    [InlineData("zh-Hant-TW", "zh-TW zh", 0)]
    [InlineData("zh-TW", "zh-TW zh", 0)]
    [InlineData("zh-Hans-CN", "zh-TW zh", 1)]
    [InlineData("iw", "en he", 1)]
    [InlineData("he", "en iw", 1)]
    [InlineData("in-ID", "id", 0)]
    [InlineData("tl", "fil", 0)]
    [InlineData("nb-NO", "no", 0)]
    [InlineData("no", "nb", 0)]
    [InlineData("de_DE", "de-DE", 0)]
    [InlineData("fr;q=.3,de;q=.8", "fr de", 1)]
    [InlineData("ja;q=0,en", "ja", -1)]
    [InlineData("*", "en", -1)]
    public void Languages_hit_in_the_visitor_s_order_each_as_it_is_and_then_as_its_primary_tag(
        string header,
        string keys,
        int expected
    )
    {
        var table = Table(TargetingKind.BrowserLanguage, keys.Split(' '));

        Assert.Equal(expected, table.Find(new Visit(0) { AcceptLanguage = header }));
    }

    [Theory]
    [InlineData(0ul, 0)]
    [InlineData(ulong.MaxValue / 4, 0)]
    [InlineData((ulong.MaxValue / 4) + 1, 1)]
    [InlineData(ulong.MaxValue, 1)]
    public void A_lot_falls_on_the_rule_whose_share_holds_it(ulong lot, int expected)
    {
        Assert.Equal(expected, Table(TargetingKind.Rotation, "25", "75").Find(new Visit(0) { Lot = lot }));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("50 50")]
    [InlineData("0.000001 999999999.999999")]
    [InlineData("1 2 3 4 5 6 7 8 9 10")]
    [InlineData("33.3 33.3 33.4")]
    [InlineData("90 0.5 9.5")]
    public void Each_rule_s_share_of_all_lots_is_its_weight_s(string weights)
    {
        var keys = weights.Split(' ');
        var table = Table(TargetingKind.Rotation, keys);
        var parts = keys.Select(key => decimal.Parse(key, CultureInfo.InvariantCulture)).ToList();
        var before = 0m;
        for (var rule = 0; rule < keys.Length; rule++)
        {
            var first = decimal.Ceiling(before / parts.Sum() * (1ul << 63) * 2);
            before += parts[rule];
            var last = decimal.Floor(before / parts.Sum() * (1ul << 63) * 2) - 1;

            Assert.Equal(rule, table.Find(new Visit(0) { Lot = (ulong)first + 1 }));
            Assert.Equal(rule, table.Find(new Visit(0) { Lot = (ulong)last - 1 }));
        }
    }

    // Chi-square with 4 degrees of freedom: 18.47 is exceeded once in a thousand. The seed is fixed: this never changes its mind.
    [Fact]
    public void Drawn_lots_are_spread_as_the_weights_say()
    {
        const int Draws = 200_000;
        double[] shares = [0.4, 0.3, 0.2, 0.09, 0.01];
        var table = Table(TargetingKind.Rotation, "40", "30", "20", "9", "1");
        var random = new System.Random(20261122);
        var hits = new int[shares.Length];
        var bytes = new byte[8];
        for (var draw = 0; draw < Draws; draw++)
        {
            random.NextBytes(bytes);
            hits[table.Find(new Visit(0) { Lot = BitConverter.ToUInt64(bytes) })]++;
        }

        var chiSquare = hits.Zip(shares, (hit, share) => Math.Pow(hit - (share * Draws), 2) / (share * Draws)).Sum();
        Assert.True(chiSquare < 18.47, $"{chiSquare}: {string.Join(' ', hits)}");
    }

    [Fact]
    public void Every_lot_falls_on_some_rule()
    {
        var cases =
            from weights in Gen.Choose(1, 999_999_999).Select(weight => $"{weight}").NonEmptyListOf()
            from lot in ArbMap.Default.GeneratorFor<ulong>()
            select (weights: weights.Take(TargetingTable.MostRules).ToArray(), lot);

        Prop.ForAll(
                cases.ToArbitrary(),
                one =>
                {
                    var found = Table(TargetingKind.Rotation, one.weights).Find(new Visit(0) { Lot = one.lot });
                    return found >= 0 && found < one.weights.Length;
                }
            )
            .Check(Laws.Over(2_000));
    }

    [Fact]
    public void A_plan_redirects_by_the_rule_that_matches_and_names_it()
    {
        var plan = Plan(Table(TargetingKind.CountryCode, "DE", "FR"));

        Assert.Equal(Facts.Place, plan.AsksOf(VisitorClass.Robot));
        Assert.Equal(
            new Decision(
                Answer.Redirect,
                ClickKind.Person,
                302,
                "https://example.org/1",
                SendsOn: true,
                Applied: new(TargetingKind.CountryCode, 1)
            ),
            plan.Decide(new Visit(0) { Place = new("EU", "FR", null) })
        );
        Assert.Equal(
            new Decision(Answer.Redirect, ClickKind.Person, 302, "https://example.org/", SendsOn: true),
            plan.Decide(new Visit(0) { Place = new("EU", "ES", null) })
        );
    }

    [Fact]
    public void Deciding_among_a_hundred_rules_allocates_nothing()
    {
        var keys = Enumerable.Range(0, 100).Select(rule => $"City {rule}").ToArray();
        var plans = new[]
        {
            Plan(Table(TargetingKind.CityName, keys)),
            Plan(Table(TargetingKind.BrowserLanguage, "en", "fr")),
            Plan(Table(TargetingKind.Rotation, "1", "2")),
        };
        var visit = new Visit(0)
        {
            Place = new("EU", "FR", "City 99"),
            AcceptLanguage = "de,fr-CH;q=0.9",
            Lot = 7,
        };

        var statuses = 0L;
        var bytes = Allocations.Of(() =>
        {
            for (var i = 0; i < 1_000; i++)
                foreach (var plan in plans)
                    statuses += plan.Decide(visit).Status;
        });

        Assert.Equal(0, bytes);
        Assert.Equal(0, statuses % 302);
    }

    [Fact]
    public void Names_and_numbers_of_the_kinds_are_what_is_stored()
    {
        Assert.Equal(
            "0 none, 1 continent_code, 2 country_code, 3 city_name, 4 device_type, 5 browser_language, 6 rotation, 7 os_name, 8 browser_name",
            string.Join(", ", Enum.GetValues<TargetingKind>().Select(kind => $"{(byte)kind} {kind.Name}"))
        );
        Assert.All(Enum.GetValues<TargetingKind>(), kind => Assert.Equal(kind, TargetingKind.Named(kind.Name)));
        Assert.Equal(TargetingKind.None, TargetingKind.Named("colour"));
        Assert.Equal("targeting_rotation[3]", new AppliedRule(TargetingKind.Rotation, 3).Name);
        Assert.Null(AppliedRule.None.Name);
    }

    private static TargetingTable Table(TargetingKind kind, params string[] keys) =>
        TargetingTable.Compile(
            kind,
            [.. keys.Select((key, rule) => new TargetingRule(key, $"https://example.org/{rule}"))]
        );

    private static LinkPlan Plan(TargetingTable rules) =>
        new()
        {
            LinkId = 1,
            Version = 1,
            Location = "https://example.org/",
            Status = 302,
            Rules = rules,
        };
}
