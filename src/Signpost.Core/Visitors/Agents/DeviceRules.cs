namespace Signpost.Core.Visitors.Agents;

/// <summary>
/// The kind of an agent's device. Makers follow customs only, so the order matters: first the devices that are
/// none of the three, then explicit names, then Android's custom that phones say "Mobile" and tablets do not.
/// </summary>
internal static class DeviceRules
{
    [Flags]
    private enum Signs
    {
        None = 0,
        Other = 1,
        Tablet = 2,
        Phone = 4,
        SmallApple = 8,
        Mobile = 16,
        Touch = 32,
        Arm = 64,
        BigScreen = 128,
        FireTv = 256,
        Laptop = 512,
    }

    // Without case, in the order of the rules below. A text that begins with a letter or digit begins a word, too: there is no
    // Viera in RIVIERA.
    private static readonly (Signs Sign, string[] Texts)[] SignTexts =
    [
        // Televisions, and boxes and sticks for them.
        (
            Signs.Other,
            ["smarttv", "smart-tv", "smarthub", "hbbtv", "googletv", "androidtv", "appletv", "tvos", "netcast", "web0s"]
        ),
        (
            Signs.Other,
            ["webos.tv", "bravia", "vidaa", "viera", "roku/", "roku ", "crkey", "chromecast", "mitv", "mibox"]
        ),
        (
            Signs.Other,
            ["mi box", "nexus player", "large screen", "ce-html", "netrange", "opera tv", "freebox", "; bbox", "_stb_"]
        ),
        (Signs.Other, ["(sky, ", "tvbro/", "aftvsdk"]),
        // Consoles, watches, glasses, cars.
        (
            Signs.Other,
            ["playstation", "xbox", "nintendo", "steam deck", "watch os", "watchos", "apple watch", "; watch"]
        ),
        (Signs.Other, [" sm-r8", " sm-r9", " sm-l", "oculus", "vr safari", "; quest 2", "; quest 3", "; quest pro"]),
        (Signs.Other, ["vision pro", "tesla/", "qtcarbrowser", "automotive"]),
        (Signs.FireTv, ["; aft"]),
        (Signs.Tablet, ["ipad", "tablet;", "tablet)", "tablet/", "opera tablet", "playbook", "touchpad", "kindle"]),
        (Signs.Tablet, ["silk/", "/apad", "; kf"]),
        (
            Signs.Phone,
            ["iphone", "ipod", "windows phone", "iemobile", "blackberry", "bb10", "opera mini", "opera mobi"]
        ),
        (Signs.Phone, ["kaios", "ucweb", "j2me", "midp", "symbian", "series60", "series40", "hpwos", "bada", "phone;"]),
        (Signs.SmallApple, [" crios/", " fxios/", " edgios/", " gsa/", " mobile/"]),
        (Signs.Mobile, ["mobile"]),
        (Signs.Touch, ["touch"]),
        (Signs.Arm, ["; arm;"]),
        (Signs.BigScreen, ["x11;", "openharmony", "; pc;"]),
        // Android inside Chrome OS: its builds are named like Chrome OS's own.
        (Signs.Laptop, ["build/r1", "build/r9", "build/r8", "build/r7"]),
    ];

    private static readonly Signs[] SignOfText = [.. SignTexts.SelectMany(sign => sign.Texts.Select(_ => sign.Sign))];
    private static readonly TextAutomaton Automaton = new(
        [.. SignTexts.SelectMany(sign => sign.Texts)],
        beginsWords: true
    );

    /// <summary>Whether the agent says that it is a Macintosh and has the browser of an iPad.</summary>
    public static bool IsDisguisedTablet(ReadOnlySpan<char> agent, string? system) =>
        system is "OS X" && Has(SignsOf(agent), Signs.SmallApple);

    public static DeviceType Judge(ReadOnlySpan<char> agent, string? system, OwnDevices? devices = null)
    {
        var signs = SignsOf(agent);
        if (Has(signs, Signs.Other) || (system is "Android" && Has(signs, Signs.FireTv)) || HasTv(agent))
            return DeviceType.Unknown;
        if (Has(signs, Signs.Tablet))
            return DeviceType.Tablet;
        if (Has(signs, Signs.Phone))
            return DeviceType.Mobile;

        return system switch
        {
            "Android" => OfAndroid(agent, signs, devices ?? OwnDevices.All),
            "iOS" => DeviceType.Mobile,
            // An iPad that asks for desktop pages says it is a Macintosh. Safari's cannot be recognised, others' can.
            "OS X" when Has(signs, Signs.SmallApple) => DeviceType.Tablet,
            // Windows RT ran on tablets only.
            "Windows" when Has(signs, Signs.Arm) && Has(signs, Signs.Touch) => DeviceType.Tablet,
            "Windows" or "OS X" or "Mac OS" or "Chrome OS" => DeviceType.Desktop,
            _ when Has(signs, Signs.Mobile) => DeviceType.Mobile,
            "Linux" => DeviceType.Desktop,
            _ => Has(signs, Signs.BigScreen) ? DeviceType.Desktop : DeviceType.Unknown,
        };
    }

    private static DeviceType OfAndroid(ReadOnlySpan<char> agent, Signs signs, OwnDevices devices)
    {
        if (Has(signs, Signs.Laptop))
            return DeviceType.Desktop;
        if (AndroidModel.Of(agent) is { IsEmpty: false } model && devices.KindOf(model) is { } kind)
            return kind;

        // Apps that are no browsers do not say "Mobile" on phones either.
        return Has(signs, Signs.Mobile) || !agent.StartsWith("Mozilla/") ? DeviceType.Mobile : DeviceType.Tablet;
    }

    private static Signs SignsOf(ReadOnlySpan<char> agent)
    {
        Span<ulong> found = stackalloc ulong[(SignOfText.Length + 63) / 64];
        found.Clear();
        Automaton.Find(agent, found);

        var signs = Signs.None;
        for (var index = 0; index < SignOfText.Length; index++)
            if ((found[index >> 6] & (1UL << index)) != 0)
                signs |= SignOfText[index];
        return signs;
    }

    private static bool Has(Signs signs, Signs sign) => (signs & sign) != 0;

    /// <summary>True if the word stands alone: not in "TVBox1", "HDTV" or the phone "W-K360-TV".</summary>
    private static bool HasTv(ReadOnlySpan<char> agent)
    {
        const string word = "TV";
        for (var at = 0; agent[at..].IndexOf(word) is >= 0 and var found; at += word.Length)
        {
            at += found;
            var end = at + word.Length;
            var begins = at == 0 || !(char.IsAsciiLetterOrDigit(agent[at - 1]) || agent[at - 1] == '-');
            if (begins && (end == agent.Length || !char.IsAsciiLetterOrDigit(agent[end])))
                return true;
        }

        return false;
    }
}
