using Signpost.Core.Visitors.Agents;

namespace Signpost.Core.Visitors;

/// <summary>
/// The parts of an agent that the search for robots leaves out, because people's devices and apps have words there that the
/// imported lists take for robots. The model of an Android device is such a part, too.
/// </summary>
internal static class LeftOut
{
    /// <summary>A part begins with the text and ends before the first of these characters or with a closing bracket, else at the end.</summary>
    public static readonly (string Text, string Ends)[] Parts =
    [
        ("Process/", " "), // WeChat: Process/tools
        ("AlipayDefined(", ")"), // Alipay: AlipayDefined(nt:WIFI,ws:360|0|3.0)
        ("TTID/", " "), // Taobao and Lazada: TTID/600000@taobao_android_10.3.0
        ("imoAndroid/", ""), // imo, up to the end: imoAndroid/2023.11.2051; 13; REL; …
        ("OMI/", " "), // televisions: OMI/4.11.0.147.Catcher
        ("CE-HTML/", " "), // televisions: CE-HTML/1.0;
    ];

    /// <summary>
    /// Expressions of isbot that do not count for the browser of a phone or tablet: in the names of apps they are common words.
    /// A robot that passes for a phone also has another sign, such as "bot" or an address.
    /// </summary>
    public static readonly string[] OnPhones =
    [
        "\\(\\)",
        "\\b\\w+/1\\.0;",
        "\\btime/",
        "(?:^|[^g])news(?!sapphire)",
        "(?<! channel/|google/)google(?!(?:wv|app|/google| pixel))",
        "discovery",
        "download",
        "feed",
        "grab",
        "java(?!;)",
        "library",
        "sogou",
        "tools",
    ];

    /// <summary>Copies an agent without these parts.</summary>
    /// <param name="copy">As long as the agent.</param>
    /// <returns>The length of the copy.</returns>
    public static int Copy(ReadOnlySpan<char> agent, Span<char> copy) => Copy(agent, copy, Parts);

    internal static int Copy(ReadOnlySpan<char> agent, Span<char> copy, (string Text, string Ends)[] parts)
    {
        var (start, length) = AndroidModel.Find(agent);
        agent[..start].CopyTo(copy);
        agent[(start + length)..].CopyTo(copy[start..]);

        var count = agent.Length - length;
        foreach (var (text, ends) in parts)
        {
            while (copy[..count].IndexOf(text) is >= 0 and var at)
            {
                var rest = copy[(at + text.Length)..count];
                var taken = rest.IndexOfAny(ends) is >= 0 and var end ? end : rest.Length;
                if (taken < rest.Length && rest[taken] == ')')
                    taken++;
                rest[taken..].CopyTo(copy[at..]);
                count -= text.Length + taken;
            }
        }

        return count;
    }
}
