using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;
using Signpost.Core.Redirecting;
using Signpost.Core.Targeting;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Tests.Clicks;

public sealed class ClickCodecTests
{
    private static readonly Click Some = new(
        0x0102030405060708,
        0x11121314,
        0x2122232425262728,
        ClickKind.Person,
        302,
        new(TargetingKind.Rotation, 99)
    );

    [Fact]
    public void Every_click_comes_back_from_its_bytes()
    {
        var clicks =
            from link in ArbMap.Default.GeneratorFor<long>()
            from version in ArbMap.Default.GeneratorFor<int>()
            from at in ArbMap.Default.GeneratorFor<long>()
            from kind in ArbMap.Default.GeneratorFor<byte>()
            from status in ArbMap.Default.GeneratorFor<short>()
            from targeting in ArbMap.Default.GeneratorFor<byte>()
            from pair in ArbMap.Default.GeneratorFor<byte>()
            select new Click(link, version, at, (ClickKind)kind, status, new((TargetingKind)targeting, pair));

        Prop.ForAll(
                clicks.ToArbitrary(),
                click => TryRead(Write(click, default), out var read) && read.Click == click && read.DomainId == 0
            )
            .Check(Laws.Over(200));
    }

    [Fact]
    public void Whatever_a_visitor_sends_is_kept_as_far_as_it_fits_and_the_rest_is_not_harmed()
    {
        // Up to thrice what fits altogether, of every script, and broken.
        var texts = Gen.Choose(0, 3_000)
            .SelectMany(length => Gen.Elements('a', ' ', 'ä', '漢', '\ud83d', '\ude00', '%', '&').ArrayOf(length))
            .Select(letters => new string(letters))
            .ArrayOf(8);

        Prop.ForAll(
                texts.ToArbitrary(),
                text =>
                {
                    var facts = new ClickFacts
                    {
                        DomainId = 7,
                        HostId = 9,
                        Address = IPAddress.Parse("2001:db8::1"),
                        Query = VisitQuery.Read($"utm_source={text[1]}&utm_campaign={text[2]}", default),
                        Agent = text[3],
                        Brands = text[4],
                        FullVersions = text[5],
                        Languages = text[6],
                        Referrer = text[7],
                    };
                    var bytes = Write(Some, facts);

                    Assert.InRange(JournalFrame.SizeOf(bytes.Length), 1, JournalFrame.MaxSize);
                    Assert.True(TryRead(bytes, out var read));
                    Assert.Equal((Some, 7, 9), (read.Click, read.DomainId, read.HostId));
                    Assert.Equal(16, read[ClickField.Address].Length);
                    foreach (var (field, sent) in new[] { (ClickField.Agent, text[3]), (ClickField.Referrer, text[7]) })
                    {
                        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(sent));
                        Assert.StartsWith(Text(read[field]), whole, StringComparison.Ordinal);
                    }
                }
            )
            .Check(Laws.Over(300));
    }

    [Fact]
    public void All_fields_come_back()
    {
        var facts = new ClickFacts
        {
            DomainId = 5,
            HostId = 6,
            Marks = ClickMarks.Qr,
            Address = IPAddress.Parse("192.0.2.7"),
            Said = new("EU", "FR", "Besançon"),
            Query = VisitQuery.Read("utm_source=a+b%C3%A9&utm_medium=&utm_term=t%2Bu", default),
            Utm = new("link", "mail", null, "own", "banner"),
            Agent = "Agent/1",
            Brands = "\"B\";v=\"1\"",
            Mobile = "?0",
            Platform = "\"P\"",
            FullVersions = "\"B\";v=\"1.2\"",
            Languages = "fr, en;q=0.5",
            Referrer = "https://news.example/é",
            Alias = "straße",
        };

        Assert.True(TryRead(Write(Some, facts), out var read));

        Assert.Equal((5L, 6L, ClickMarks.Qr), (read.DomainId, read.HostId, read.Marks));
        Assert.Equal(("t+u", "banner"), (Text(read[ClickField.UtmTerm]), Text(read[ClickField.UtmContent])));
        Assert.Equal([192, 0, 2, 7], read[ClickField.Address].ToArray());
        Assert.Equal("EUFRBesançon", Text(read[ClickField.Place]));
        Assert.True(read[ClickField.Destination].IsEmpty);
        Assert.Equal("a bé", Text(read[ClickField.UtmSource]));
        Assert.Equal("mail", Text(read[ClickField.UtmMedium]));
        Assert.Equal("", Text(read[ClickField.UtmCampaign]));
        Assert.Equal("Agent/1", Text(read[ClickField.Agent]));
        Assert.Equal("\"B\";v=\"1\"", Text(read[ClickField.Brands]));
        Assert.Equal("?0", Text(read[ClickField.Mobile]));
        Assert.Equal("\"P\"", Text(read[ClickField.Platform]));
        Assert.Equal("\"B\";v=\"1.2\"", Text(read[ClickField.FullVersions]));
        Assert.Equal("fr, en;q=0.5", Text(read[ClickField.Languages]));
        Assert.Equal("https://news.example/é", Text(read[ClickField.Referrer]));
        Assert.Equal("straße", Text(read[ClickField.Alias]));
        Assert.EndsWith(
            "?0" + "\n\u0003\0\"P\"",
            Text(read.Between(ClickField.Brands, ClickField.Platform)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_address_of_a_socket_for_both_versions_is_the_same_as_without()
    {
        var mapped = Write(Some, new ClickFacts { Address = IPAddress.Parse("::ffff:192.0.2.7") });

        Assert.Equal(Write(Some, new ClickFacts { Address = IPAddress.Parse("192.0.2.7") }), mapped);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var address = IPAddress.Parse("192.0.2.7");
        var utm = new LinkUtm("a", "b", null);
        var payload = new byte[JournalFrame.LongestPayload];

        Assert.Equal(
            0,
            Allocations.Of(() =>
                ClickCodec.Write(
                    Some,
                    new ClickFacts
                    {
                        Address = address,
                        Utm = utm,
                        Query = VisitQuery.Read("utm%5Fsource=x%20y&qr=1", "quiet"),
                        Agent = "Agent/1",
                        Referrer = "https://news.example/é",
                    },
                    payload
                )
            )
        );
    }

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        var bytes = Write(
            Some,
            new ClickFacts
            {
                DomainId = 258,
                HostId = 772,
                Marks = ClickMarks.Qr | ClickMarks.Untracked,
                Address = IPAddress.Parse("192.0.2.7"),
                Agent = "A/1",
            }
        );

        Assert.Equal(
            "0807060504030201"
                + "14131211"
                + "2827262524232221"
                + "0D"
                + "2E01"
                + "06"
                + "63"
                + "0201000000000000"
                + "03"
                + "010400C0000207"
                + "070300412F31"
                + "1008000403000000000000",
            Convert.ToHexString(bytes)
        );
    }

    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "0663")]
    public void Clicks_of_former_versions_are_read_as_far_as_they_went(byte version, string pair)
    {
        var payload = Convert.FromHexString(
            "0807060504030201" + "14131211" + "2827262524232221" + "0D" + "2E01" + pair
        );

        Assert.True(ClickCodec.TryRead(version, payload, out var click));
        Assert.Equal(version == 1 ? Some with { Applied = AppliedRule.None } : Some, click.Click);
        Assert.Equal((0L, 0L, ClickMarks.None), (click.DomainId, click.HostId, click.Marks));
        Assert.True(click[ClickField.Address].IsEmpty);
        Assert.True(click.Between(ClickField.Address, ClickField.Alias).IsEmpty);
        Assert.False(ClickCodec.TryRead(ClickCodec.Version, payload, out _));
    }

    [Fact]
    public void A_click_of_version_3_is_read_with_its_destination()
    {
        byte[] bytes =
        [
            .. Write(Some, new ClickFacts { DomainId = 5, Marks = ClickMarks.Qr }),
            .. Convert.FromHexString("030900" + "68747470733A2F2F61"),
            .. Convert.FromHexString("070300412F31"),
        ];

        Assert.True(ClickCodec.TryRead(3, bytes, out var click));
        Assert.Equal((Some, 5L, ClickMarks.Qr), (click.Click, click.DomainId, click.Marks));
        Assert.Equal("https://a", Text(click[ClickField.Destination]));
        Assert.Equal("A/1", Text(click[ClickField.Agent]));
    }

    [Fact]
    public void The_longest_agent_hints_languages_referrer_and_place_fit_together()
    {
        var facts = new ClickFacts
        {
            Address = IPAddress.Parse("2001:db8::1"),
            Said = new("EU", "FR", new string('x', Place.LongestCity)),
            Query = VisitQuery.Read($"utm_source={new string('s', 60)}&utm_medium={new string('m', 60)}", default),
            Agent = new string('a', AgentParser.LongestAgent),
            Brands = new string('b', ClientHints.LongestHint),
            Mobile = "?0",
            Platform = new string('p', ClientHints.LongestHint),
            FullVersions = new string('f', ClientHints.LongestHint),
            Languages = new string('l', ClickCodec.LongestLanguages),
            Referrer = new string('r', ClickCodec.LongestReferrer),
        };

        Assert.True(TryRead(Write(Some, facts), out var read));

        Assert.Equal(
            (1_024, 256, 256, 256, 256, 1_024),
            (
                read[ClickField.Agent].Length,
                read[ClickField.Brands].Length,
                read[ClickField.Platform].Length,
                read[ClickField.FullVersions].Length,
                read[ClickField.Languages].Length,
                read[ClickField.Referrer].Length
            )
        );
    }

    [Fact]
    public void The_host_costs_eleven_bytes_and_only_where_it_is_not_the_domains_own()
    {
        var own = Write(Some, new ClickFacts { DomainId = 5, Agent = "A/1" });
        var other = Write(
            Some,
            new ClickFacts
            {
                DomainId = 5,
                HostId = 6,
                Agent = "A/1",
            }
        );

        Assert.Equal(ClickCodec.ShortestLength + 6, own.Length);
        Assert.Equal(own.Length + 11, other.Length);
        Assert.Equal(own, other[..own.Length]);
    }

    [Fact]
    public void A_field_of_a_later_server_is_stepped_over()
    {
        byte[] bytes = [.. Write(Some, new ClickFacts { Agent = "A/1" }), 200, 2, 0, 1, 2];

        Assert.True(TryRead(bytes, out var read));
        Assert.Equal("A/1", Text(read[ClickField.Agent]));
    }

    [Theory]
    [InlineData(0, ClickCodec.ShortestLength)]
    [InlineData(1, ClickCodec.ShortestLength)]
    [InlineData(2, ClickCodec.ShortestLength)]
    [InlineData(5, ClickCodec.ShortestLength)]
    [InlineData(3, ClickCodec.ShortestLength - 1)]
    [InlineData(JournalFrame.GapVersion, ClickCodec.ShortestLength)]
    [InlineData(ClickCodec.Version, 0)]
    [InlineData(ClickCodec.Version, ClickCodec.ShortestLength - 1)]
    [InlineData(ClickCodec.Version, ClickCodec.ShortestLength + 1)]
    public void Another_version_or_length_is_not_guessed_at(byte version, int length)
    {
        Assert.False(ClickCodec.TryRead(version, new byte[length], out _));
    }

    [Theory]
    [InlineData("0704004142", "longer than the rest")]
    [InlineData("0700", "cut in its head")]
    [InlineData("070000", "empty")]
    [InlineData("07010041" + "07010041", "twice")]
    [InlineData("07010041" + "01010041", "out of order")]
    [InlineData("10010041" + "0F010041", "out of order")]
    public void Fields_that_no_server_writes_are_not_guessed_at(string fields, string why)
    {
        byte[] bytes = [.. Write(Some, default), .. Convert.FromHexString(fields)];

        Assert.False(TryRead(bytes, out _), why);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_outside_themselves()
    {
        var head = Write(Some, default);
        var tails = Gen.Choose(0, 5).Select(i => (byte)i).ArrayOf().ToArbitrary();

        Prop.ForAll(
                tails,
                tail =>
                {
                    if (!TryRead([.. head, .. tail], out var read))
                        return;
                    foreach (var field in Enum.GetValues<ClickField>())
                        Assert.InRange(read[field].Length, 0, tail.Length);
                    Assert.InRange(read.Between(ClickField.Address, ClickField.Alias).Length, 0, tail.Length);
                }
            )
            .Check(Laws.Over(5_000));
    }

    private static byte[] Write(in Click click, in ClickFacts facts)
    {
        var payload = new byte[JournalFrame.LongestPayload];
        return payload[..ClickCodec.Write(click, facts, payload)];
    }

    private static bool TryRead(byte[] payload, out JournaledClick click) =>
        ClickCodec.TryRead(ClickCodec.Version, payload, out click);

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
