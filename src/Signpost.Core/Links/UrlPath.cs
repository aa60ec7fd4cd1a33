namespace Signpost.Core.Links;

/// <summary>Paths of web addresses, as browsers read them.</summary>
internal static class UrlPath
{
    /// <summary>Resolves <c>.</c> and <c>..</c>, also if a dot is written %2E. The path starts with a slash or is empty.</summary>
    public static string RemoveDotSegments(string path)
    {
        if (path is "")
            return "/";

        var segments = path[1..].Split('/');
        var kept = new List<string>(segments.Length);
        for (var at = 0; at < segments.Length; at++)
        {
            var dots = CountDots(segments[at]);
            if (dots == 0)
                kept.Add(segments[at]);
            else if (dots == 2 && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);

            if (dots > 0 && at == segments.Length - 1)
                kept.Add("");
        }

        return "/" + string.Join('/', kept);
    }

    // Decodes like the web server, so that both see the same path: an escaped slash stays escaped.
    public static string Decode(ReadOnlySpan<char> path) =>
        Uri.UnescapeDataString(path.ToString().Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));

    private static int CountDots(string segment) =>
        segment.Length > 6
            ? 0
            : segment.Replace("%2E", ".", StringComparison.OrdinalIgnoreCase) switch
            {
                "." => 1,
                ".." => 2,
                _ => 0,
            };
}
