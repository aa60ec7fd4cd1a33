namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>The parts of a canonical web address that say which app it belongs to; the fragment says nothing to an app.</summary>
internal readonly ref struct WebAddress
{
    private WebAddress(ReadOnlySpan<char> host, ReadOnlySpan<char> path, ReadOnlySpan<char> query)
    {
        Host = host;
        Path = path;
        Query = query;
    }

    public ReadOnlySpan<char> Host { get; }

    /// <summary>With its leading slash.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>With its question mark; empty without one.</summary>
    public ReadOnlySpan<char> Query { get; }

    /// <param name="url">The text of a <see cref="Links.TargetUrl"/>, or what <see cref="DestinationBuilder"/> made of one.</param>
    /// <returns>False for an app's address, and for a port of its own: no app answers for that.</returns>
    public static bool TryRead(ReadOnlySpan<char> url, out WebAddress address)
    {
        address = default;
        var rest = url switch
        {
            ['h', 't', 't', 'p', 's', ':', '/', '/', .. var secure] => secure,
            ['h', 't', 't', 'p', ':', '/', '/', .. var plain] => plain,
            _ => [],
        };
        var hostEnd = rest.IndexOf('/');
        if (hostEnd <= 0 || rest[..hostEnd].Contains(':'))
            return false;

        var tail = rest[hostEnd..];
        tail = tail.IndexOf('#') is >= 0 and var hash ? tail[..hash] : tail;
        var mark = tail.IndexOf('?') is >= 0 and var at ? at : tail.Length;
        address = new(rest[..hostEnd], tail[..mark], tail[mark..]);
        return true;
    }

    /// <summary>The first value of this name, as it is written; empty when there is none.</summary>
    public ReadOnlySpan<char> Parameter(ReadOnlySpan<char> name)
    {
        var query = Query.IsEmpty ? Query : Query[1..];
        foreach (var range in query.Split('&'))
            if (query[range] is var piece && piece.StartsWith(name) && piece[name.Length..] is ['=', .. var value])
                return value;

        return [];
    }
}
