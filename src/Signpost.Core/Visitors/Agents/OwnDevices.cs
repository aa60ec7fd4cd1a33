namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// Models with Android that are no phones though their browsers say "Mobile" like phones: tablets, boxes for televisions, and
/// laptops. Makers' schemes are used where there is one.
/// </summary>
internal sealed class OwnDevices
{
    /// <summary>Some models.</summary>
    /// <param name="Device">Their kind.</param>
    /// <param name="Pattern">An expression that finds a part of the model; case does not matter.</param>
    public sealed record Row(DeviceType Device, string Pattern);

    public static readonly Row[] Table =
    [
        // Words in names: Tab, Pad and Tablet, also behind another word, as in LeoPad_10. A phone is no iPad mini.
        Tablet("(?:^|[^a-z])(?:[a-z]+)?tab(?:$|let|[^a-z])"),
        Tablet("pads?(?:$|[^a-z])"),
        Tablet("^npad"),
        Tablet("^(?:samsung[ -])?sm-[tpx]\\d"),
        Tablet("^gt-[np](?:5|6|7|8)\\d\\d\\d"),
        Tablet("^(?:lenovo )?(?:tb|yt)-?[\\dajkqx]"),
        Tablet("^(?:nexus (?:7|9|10)|pixel c)$"),
        // Huawei and Honor: a suffix that begins with W has no telephone. Some models that have one:
        Tablet("^(?:huawei |honor )?[a-z]{3,4}\\d?[a-z]?-w\\d\\d"),
        Tablet(
            "^(?:huawei |honor )?(?:ag[rs]\\d?k?|agm3|bah\\d?|btk|btv|bzt\\d?|bzw|cmr|cpn|dby\\d?|got|hey|jdn\\d?|kob\\d?k?|krj\\d?)-(?:al|l)\\d"
        ),
        Tablet("^(?:huawei |honor )?(?:mon|mrr|mrx|scmr?|sht|vrd|wgrr?|hdl|hey\\d|bg2|t1)-(?:al|l|u)\\d"),
        // Xiaomi: the letters RP are behind year and month. Older ones:
        Tablet("^2\\d{3}[\\da-f]rp"),
        Tablet("^(?:21051182|22081281|22081283|m2105k81)"),
        Tablet("^i?pa2\\d\\d\\d$"),
        Tablet("^opd2?\\d\\d\\d"),
        Tablet("^rmp\\d\\d\\d\\d"),
        Tablet("^(?:nokia|hmd) t\\d\\d"),
        Tablet("^ta-(?:1392|1397|1462|1472|1482|1487)$"),
        // TCL and Alcatel.
        Tablet("^(?:tcl )?(?:80[6-9]\\d|8[14]\\d\\d|90[2-9]\\d|9[1-4]\\d\\d)[a-z]\\d?$"),
        // Blackview, Doogee, Oukitel, Teclast, Alldocube, Chuwi.
        Tablet("^(?:active (?:6|7|8|10|12)|mega (?:1|2|3|8))(?:$| )"),
        Tablet("^t(?:10|20|20mini|30|35|36)(?:e|s|pro|plus|ultra|max)?(?:$| |_)"),
        Tablet("^(?:rt[1-9]|ot(?:5|6|8|11))(?:$|[ _-])"),
        Tablet(
            "^(?:p20hd|p20s|p25t|p26t|p30h?d?t?|p40hd|p50|p80[htx]|t40[ _]?plus|t45hd|t50[ _]?(?:hd|pro|plus|max)|t60|t65max)(?:$|_)"
        ),
        Tablet("^(?:alldocube )?iplay[ _]?\\d"),
        Tablet("^(?:hi10|hi9|ubook)"),
        Tablet("^infinix x11\\d\\d"),
        Tablet("^(?:tecno t1\\d01|itel p1\\d00\\d)"),
        Tablet("^(?:asus[ _])?p0(?:0[0-9a-d]|1[a-z\\d]{1,2}|2[0-9])(?:_\\d)?$"),
        Tablet("^lg-?[uv]k?\\d\\d\\d"),
        Tablet("^(?:sgp\\d|so-0[35][a-f]|sot\\d\\d)"),
        Tablet("^htc a10[1-9]"),
        // Walmart's onn., Nook, RCA, Zebra, Fujitsu for NTT Docomo.
        Tablet("^100\\d{6}(?:-[a-z])?$"),
        Tablet("^bn(?:tv|rv)\\d"),
        Tablet("^rct\\d{4}"),
        Tablet("^et[4-8]\\d"),
        Tablet("^(?:d-[0-5][12][a-k]|f-0[2-5][a-k])$"),
        Tablet("^kt\\d\\d\\d(?:\\d|pro)"),
        Tablet("^tmrv5gtb"),
        Tablet("^(?:vankyo|digma (?:plane|optima|citi)|prestigio pmt|pmt\\d|irbis tz|tz\\d\\d)"),
        Tablet("^bq-1\\d\\d\\d"),
        // Boxes and sticks for televisions.
        Other("^(?:mxq|m8s|x88|x9[268]|h96|t95|tx[3569]|a95x|hk1|q ?plus|x3 ?pro)"),
        Other("(?:^|[^a-z])(?:tv[ _-]?box|stb|smart[ _-]?box|android ?box)"),
        Other("^(?:mecool|beelink|tanix|minix|rk3\\d\\d\\d|p2[0-9]{2}$|km[1-9])"),
        // Android apps on a Chromebook.
        new(DeviceType.Desktop, "chromebook"),
    ];

    /// <summary>The table, ready to search.</summary>
    public static readonly OwnDevices All = new(Table);

    private readonly (DeviceType Device, PatternSet Models)[] _kinds;

    public OwnDevices(IEnumerable<Row> rows) =>
        _kinds = [
            .. rows.GroupBy(row => row.Device, row => row.Pattern)
                .Select(group => (group.Key, new PatternSet(group, ignoresCase: true))),
        ];

    /// <summary>The kind of a model's device; null: it is not in the table.</summary>
    public DeviceType? KindOf(ReadOnlySpan<char> model)
    {
        // Others first: a box may be called Tab, but no tablet is called box.
        DeviceType? kind = null;
        foreach (var (device, models) in _kinds)
            if (kind is null or DeviceType.Tablet && models.Matches(model))
                kind = device;

        return kind;
    }

    private static Row Tablet(string pattern) => new(DeviceType.Tablet, pattern);

    private static Row Other(string pattern) => new(DeviceType.Unknown, pattern);
}
