using System.Net;
using System.Text;
using Signpost.Core.Redirecting.AppLinks;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Testing;
using Signpost.Tests.Visitors;
using Signpost.Visitors;

namespace Signpost.Tests.Fuzzing;

/// <summary>The facts that visitors send about themselves, and the files that tell their places.</summary>
internal static class VisitorTargets
{
    private static readonly string[] Agents =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Visitors", "browsers.txt")).Take(200),
        HostileAgents.Worst(1),
        HostileAgents.Known(2),
    ];

    private static readonly string[] AgentPieces =
    [
        .. Agents.SelectMany(agent => agent.Split(' ')).Where(part => part.Length is > 1 and < 40).Distinct(),
        .. "bot|spider|crawl|OBIGO|MozillaxMobilex|1.1.1|(|)|; |/|https://|Android|iPhone|Instagram|FBAN/|Tablet|aaaaaaaa".Split(
            '|'
        ),
    ];

    public static IEnumerable<FuzzTarget> All()
    {
        var robots = new RobotPatterns(AgentReader.Lines("robots.txt"), AgentReader.Lines("previews.txt"));
        var parser = AgentReader.MakeParser();
        return
        [
            FuzzTarget.OfText("agent-class", Agents, AgentPieces, text => ReadClass(robots, text)) with
            {
                Weight = 30,
            },
            FuzzTarget.OfText("agent-family", Agents, AgentPieces, text => ReadFamily(parser, text)) with
            {
                Weight = 3,
                MostAllocated = (1 << 20, 64),
            },
            FuzzTarget.OfText(
                "client-hints",
                [
                    "\"Chromium\";v=\"124\", \"Google Chrome\";v=\"124\", \"Not-A.Brand\";v=\"99\"\n?0\n\"Windows\"\n\"15.0.0\"\n\"Google Chrome\";v=\"124.0.6367.60\"",
                    "\"Brave\";v=\"1\"\n?1\n\"Android\"\n\"14\"\n",
                    "\n?0\n\"macOS\"\n\"14.4\"\n\"Opera\";v=\"109.0\"",
                ],
                [
                    "\"",
                    ";v=",
                    ",",
                    "\"Microsoft Edge\"",
                    "\"Linux\"",
                    "\"iOS\"",
                    "?1",
                    "?0",
                    "\n",
                    "\\\"",
                    "\\",
                    ";",
                    "\"Windows\"",
                    "\"0.3\"",
                ],
                ReadHints
            ) with
            {
                Weight = 60,
            },
            FuzzTarget.OfText(
                "accept-language",
                ["de-DE,de;q=0.9,en;q=0.8", "zh-Hant-TW;q=0.001, *;q=0", "en"],
                ["en", "de-", "-", ",", ";q=", ";q=1.000", ";q=0.5", "*", " ", "\t", "zh-Hans", "x-", "1"],
                ReadLanguages
            ) with
            {
                Weight = 100,
            },
            new FuzzTarget("mmdb", [.. Mmdb.Sound], Mmdb.Read)
            {
                Pieces =
                [
                    [0x20, 0x00],
                    [0xe1],
                    [0x01, 0x04],
                    [0x38, 0xff, 0xff, 0xff, 0xff],
                    [0x5d, 0xff],
                    [0x42],
                    [0xa1, 0x01],
                    [0x02, 0x07],
                    .. FuzzTarget.Bytes(
                        "\u00ab\u00cdMaxMind.com",
                        "node_count",
                        "record_size",
                        "country",
                        "iso_code",
                        "names",
                        "en"
                    ),
                ],
                Grammar = Mmdb.Make,
                Weight = 15,
                MostAllocated = (512 << 10, 256),
            },
        ];
    }

    private static Outcome ReadClass(RobotPatterns robots, string text)
    {
        var found = robots.Judge(text.AsSpan(0, Math.Min(text.Length, AgentParser.LongestAgent)));
        var app = InAppBrowsers.Of(text);
        var shape = $"{found} {app} {text.Length / 64}";
        return found is VisitorClass.Person ? Outcome.Refused(shape) : Outcome.Accepted(shape);
    }

    private static Outcome ReadFamily(AgentParser parser, string text)
    {
        var steps = AgentParser.MostSteps;
        var agent = parser.Read(text, ref steps);
        var shape = $"{agent?.BrowserName} {agent?.SystemName} {(AgentParser.MostSteps - steps) / 5_000}";
        return agent?.BrowserName is null ? Outcome.Refused(shape) : Outcome.Accepted(shape);
    }

    private static Outcome ReadHints(string text)
    {
        string?[] lines = [.. text.Split('\n').Select(line => line is "" ? null : line), null, null, null, null];
        var hints = new ClientHints(lines[0], lines[1], lines[2], lines[3], lines[4]);
        var agent = hints.Refine(new("Windows", "10", "Chrome", "1", DeviceType.Desktop));
        var brands = BrandList.Read(lines[0]).Count;
        return brands == 0
            ? Outcome.Refused($"{agent.BrowserName}")
            : Outcome.Accepted($"{agent.BrowserName} {agent.SystemName} {agent.Device} {brands}");
    }

    private static Outcome ReadLanguages(string text)
    {
        Span<LanguageRange> ranges = stackalloc LanguageRange[AcceptLanguage.MostRanges];
        var count = AcceptLanguage.Read(text, ranges);
        foreach (var range in ranges[..count])
            _ = AcceptLanguage.Primary(range.Of(text)).Length;
        var first = AcceptLanguage.First(text);
        return first is null
            ? Outcome.Refused("")
            : Outcome.Accepted($"{count} {first.Length} {ranges[0].Quality / 100}");
    }

    private static class Mmdb
    {
        public static readonly byte[][] Sound =
        [
            .. from version in (int[])[4, 6]
            from size in (int[])[24, 28, 32]
            select new MmdbWriter(version, size)
                .Add("0.0.0.0/2", GeoRecord.Nested("FR", "EU", "Paris", "BE"))
                .Add("64.0.0.0/2", GeoRecord.Flat("US", "New York"))
                .Add("128.0.0.0/1", GeoRecord.Flat("JP"))
                .Write(),
        ];

        private static readonly IPAddress[] Addresses =
        [
            .. Enumerable.Range(0, 8).Select(i => new IPAddress([(byte)(i * 32), 1, 2, 3])),
            IPAddress.IPv6Any,
            IPAddress.Parse("2001:db8::1"),
            IPAddress.Parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            IPAddress.Parse("::ffff:1.2.3.4"),
        ];

        /// <summary>A sound tree with records of any bytes.</summary>
        public static byte[] Make(Random random)
        {
            var writer = new MmdbWriter(
                random.Next(2) == 0 ? 4 : 6,
                (int[])[24, 28, 32] is var sizes ? sizes[random.Next(3)] : 0
            );
            for (var i = random.Next(1, 5); i > 0; i--)
                writer.Add($"{random.Next(256)}.{random.Next(256)}.0.0/{random.Next(1, 17)}", Record(random));
            if (random.Next(4) == 0)
                writer.Metadata["node_count"] = (uint)random.Next();
            if (random.Next(8) == 0)
                writer.Metadata["record_size"] = (ushort)random.Next(64);
            return writer.Write();
        }

        public static Outcome Read(byte[] input)
        {
            MmdbReader places;
            try
            {
                places = MmdbReader.Open(input);
            }
            catch (MmdbFormatException error)
            {
                return Outcome.Refused(string.Concat(error.Message.Where(letter => !char.IsAsciiDigit(letter))));
            }

            var found = 0;
            foreach (var address in Addresses)
                found += places.Find(address).CountryCode is null ? 0 : 1;
            return Outcome.Accepted($"{found} {input.Length / 64}");
        }

        private static object Record(Random random)
        {
            switch (random.Next(4))
            {
                case 0:
                    var bytes = new byte[random.Next(1, 40)];
                    random.NextBytes(bytes);
                    // Types in the high bits, and sizes that fit now and then.
                    for (var i = 0; i < bytes.Length; i++)
                        bytes[i] = random.Next(2) == 0 ? bytes[i] : (byte)((random.Next(8) << 5) | random.Next(4));
                    return bytes;
                case 1:
                    return GeoRecord.Nested("DE", "EU", Encoding.Latin1.GetString([(byte)random.Next(256), 65]));
                case 2:
                    return new object[] { "country", (uint)random.Next(), true, GeoRecord.Flat("US") };
                default:
                    return new Dictionary<string, object>
                    {
                        ["country"] = GeoRecord.Flat("FR"),
                        ["country_code"] = new object[] { "x" },
                    };
            }
        }
    }
}
