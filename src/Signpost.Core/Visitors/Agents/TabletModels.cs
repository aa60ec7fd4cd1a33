using System.Collections.Frozen;

namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Tablets whose browsers say "Mobile" like phones. The maker's model number identifies them: those of Xiaomi by its
/// beginning, those of Huawei and Honor by its scheme.
/// </summary>
internal static class TabletModels
{
    private static readonly FrozenSet<string> Xiaomi = new[]
    {
        "21051182", // Pad 5
        "2107119DC", // Pad 5 Pro
        "22081281AC", // Pad 5 Pro 12.4
        "22081283", // Redmi Pad
        "23043RP34", // Pad 6
        "23046RP50", // Pad 6 Pro
        "2307BRPDC", // Pad 6 Max
        "23073RPBF", // Redmi Pad SE
        "24018RPAC", // Pad 6S Pro
        "2405CRPFD", // Redmi Pad Pro
        "24075RP89", // Redmi Pad SE 8.7
        "2410CRP4C", // Pad 7
        "24091RPAD", // Pad 7 Pro
        "25040RP0A", // Redmi Pad 2
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Huawei = new[]
    {
        "AGR",
        "AGS",
        "AGS2",
        "AGS3",
        "AGS5",
        "AGS6",
        "AGM3",
        "BAH",
        "BAH2",
        "BAH3",
        "BAH4",
        "BTK",
        "BTV",
        "BZT",
        "BZT3",
        "BZW",
        "CMR",
        "CPN",
        "DBR",
        "DBY",
        "DBY2",
        "GOT",
        "HEY",
        "KOB",
        "KOB2",
        "KRJ",
        "KRJ2",
        "MON",
        "MRR",
        "MRX",
        "PCE",
        "SCM",
        "SCMR",
        "SHT",
        "TGR",
        "VRD",
        "WGR",
        "WGRR",
        "XYAO",
    }.ToFrozenSet();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> HuaweiOf = Huawei.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    public static bool IsIn(ReadOnlySpan<char> agent)
    {
        foreach (var piece in agent.SplitAny(' ', ';', ')', '/'))
        {
            var word = agent[piece];
            if (word.Length >= 8 && char.IsAsciiDigit(word[0]) && IsXiaomi(word))
                return true;
            if (word.IndexOf('-') is (3 or 4) and var dash && HuaweiOf.Contains(word[..dash]))
                return true;
        }

        return false;
    }

    private static bool IsXiaomi(ReadOnlySpan<char> word)
    {
        foreach (var model in Xiaomi)
            if (word.StartsWith(model))
                return true;

        return false;
    }
}
