using FsCheck;
using FsCheck.Fluent;
using Signpost.Core.Clicks;
using Signpost.Core.Statistics;

namespace Signpost.Core.Tests.Statistics;

/// <summary>Clicks for laws: few words, so that they meet, and rare ones.</summary>
internal static class MadeClicks
{
    public const long Day = 86_400;

    private static readonly string?[] Words = [null, "", "FR", "DE", "Zürich", "example.org", "/a", "日本", "😀"];

    private static Gen<string?> Word =>
        Gen.Frequency(
            (9, Gen.Elements(Words)),
            (1, ArbMap.Default.GeneratorFor<int>().Select(number => (string?)$"w{number}"))
        );

    public static Gen<ClickRow> Row(long first = 1_000 * Day, long end = 1_003 * Day, int links = 3) =>
        from link in Gen.Choose(1, links)
        from at in Gen.Choose(0, (int)(end - first - 1))
        from visitor in Gen.Frequency((5, Gen.Choose(0, 9)), (1, Gen.Choose(0, int.MaxValue)))
        from kind in Gen.Frequency((4, Gen.Constant(ClickKind.Person)), (1, Gen.Elements(Enum.GetValues<ClickKind>())))
        from status in Gen.Elements<short>(302, 301, 404)
        from isQr in ArbMap.Default.GeneratorFor<bool>()
        from words in Gen.ArrayOf(Word, 17)
        select new ClickRow(
            link,
            first + at,
            (ulong)visitor << 16,
            kind,
            status,
            isQr,
            new(words[0], words[1], words[2]),
            new(words[3], words[4], words[5]),
            words[6],
            new(words[7], words[8]),
            new(words[9], words[10], words[11], words[15], words[16]),
            new(words[12], words[13]),
            words[14],
            status == 404 ? 0 : link
        );

    public static Gen<ClickRow[]> Rows(long first = 1_000 * Day, long end = 1_003 * Day, int links = 3) =>
        Gen.ArrayOf(Row(first, end, links));
}
