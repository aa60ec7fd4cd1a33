namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>The parts of a canonical web address.</summary>
internal readonly ref struct WebAddress
{
    private WebAddress(
        ReadOnlySpan<char> host,
        ReadOnlySpan<char> path,
        ReadOnlySpan<char> query,
        ReadOnlySpan<char> fragment
    )
    {
        Fragment = fragment;
        Host = host;
        Path = path;
        Query = query;
    }

    public ReadOnlySpan<char> Host { get; }

    /// <summary>With its leading slash.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>With its question mark; empty if there is none.</summary>
    public ReadOnlySpan<char> Query { get; }

    /// <summary>With its number sign; empty if there is none.</summary>
    public ReadOnlySpan<char> Fragment { get; }

    /// <param name="url">The text of a <see cref="Links.TargetUrl"/>, or a result of <see cref="DestinationBuilder"/>.</param>
    /// <returns>False for an app's address, and for an address with a port: no app opens those.</returns>
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
        var hash = tail.IndexOf('#') is >= 0 and var sign ? sign : tail.Length;
        var fragment = tail[hash..];
        tail = tail[..hash];
        var mark = tail.IndexOf('?') is >= 0 and var at ? at : tail.Length;
        address = new(rest[..hostEnd], tail[..mark], tail[mark..], fragment);
        return true;
    }

    /// <summary>The first value of this name, as it is written; empty if there is none.</summary>
    public ReadOnlySpan<char> Parameter(ReadOnlySpan<char> name)
    {
        var query = Query.IsEmpty ? Query : Query[1..];
        foreach (var range in query.Split('&'))
            if (query[range] is var piece && piece.StartsWith(name) && piece[name.Length..] is ['=', .. var value])
                return value;

        return [];
    }
}
