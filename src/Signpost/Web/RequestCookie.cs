namespace Signpost.Web;

/// <summary>
/// Reads one cookie without reading the others: the framework makes objects of all of them, and 31 KB of them would cost
/// milliseconds of the socket's thread.
/// </summary>
internal static class RequestCookie
{
    /// <summary>The text of the first cookie of this name, as it was sent; empty: there is none.</summary>
    public static ReadOnlySpan<char> Find(HttpRequest request, ReadOnlySpan<char> name)
    {
        foreach (var line in request.Headers.Cookie)
            if (TryFind(line, name, out var value))
                return value;
        return [];
    }

    private static bool TryFind(ReadOnlySpan<char> line, ReadOnlySpan<char> name, out ReadOnlySpan<char> value)
    {
        var rest = line;
        while (rest.IndexOf(name, StringComparison.Ordinal) is >= 0 and var at)
        {
            var begins = at == 0 || rest[at - 1] is ';' or ' ';
            rest = rest[(at + name.Length)..];
            if (!begins || rest is not ['=', ..])
                continue;

            value = rest[1..];
            if (value.IndexOf(';') is >= 0 and var end)
                value = value[..end];
            value = value.Trim(' ');
            return true;
        }

        value = [];
        return false;
    }
}
