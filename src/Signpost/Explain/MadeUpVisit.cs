using System.Buffers;
using System.Net;
using Signpost.Api;
using Signpost.Api.Bodies;

namespace Signpost.Explain;

/// <summary>A visitor that a caller describes.</summary>
/// <param name="Headers">The headers of the request, including User-Agent and Accept-Language.</param>
/// <param name="At">The time of the visit; null: now.</param>
/// <param name="Query">The part after the question mark; null: nothing.</param>
/// <param name="Domain">The host of the request; null: the link's own.</param>
/// <param name="Path">The path of the request, decoded and without its leading slash; null: the link's own.</param>
/// <param name="IsUnlocked">The visitor has given the link's password, if it asks for one.</param>
/// <param name="HasAgreed">The visitor has continued after the link's warning, if there is one.</param>
/// <param name="HasContinued">The visitor has continued after the link's splash page, if there is one.</param>
internal sealed record MadeUpVisit(
    IPAddress? Address,
    IHeaderDictionary Headers,
    long? At = null,
    string? Query = null,
    string? Domain = null,
    string? Path = null,
    bool IsUnlocked = false,
    bool HasAgreed = false,
    bool HasContinued = false
)
{
    /// <summary>Facts of the visitor that the caller chose, in place of those that address and headers tell.</summary>
    public ChosenFacts Facts { get; init; } = new(null, null, null, null, null);

    private const int MostHeaders = 100;
    private const int LongestHeader = 8_192;
    private const int LongestQuery = 4_096;
    private const int LongestHost = 255;
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create("/ ?#@\\");

    /// <summary>Reads the description; problems go to <paramref name="errors"/>.</summary>
    /// <param name="isWhole">Reads also time, query and host, not only the visitor.</param>
    public static MadeUpVisit Read(FieldReader read, bool isWhole, out IReadOnlyList<FieldError> errors)
    {
        IPAddress? address = null;
        read.Read(
            "ip",
            TextRules.Line,
            text => TryAddress(text, out address) ? null : "must be an IPv4 or IPv6 address"
        );
        var headers = ReadHeaders(read);
        if (read.Text("user_agent", LongestHeader).Value is { } agent)
            headers.UserAgent = agent;
        if (read.Text("accept_language", LongestHeader).Value is { } languages)
            headers.AcceptLanguage = languages;

        var visit = new MadeUpVisit(address, headers) { Facts = ChosenFacts.Read(read) };
        if (isWhole)
            visit = visit with
            {
                At = read.Date("at").Value,
                Query = read.Read("query", TextRules.Line, QueryProblem).Value?.TrimStart('?'),
                Domain = read.Read("domain", TextRules.Line, DomainProblem).Value,
                Path = read.Read("path", TextRules.Untrimmed, PathProblem).Value is { } path
                    ? Uri.UnescapeDataString(path.StartsWith('/') ? path[1..] : path)
                    : null,
                IsUnlocked = read.Boolean("is_unlocked").Value,
                HasAgreed = read.Boolean("has_agreed").Value,
                HasContinued = read.Boolean("has_continued").Value,
            };
        errors = read.Errors;
        return visit;
    }

    private static IHeaderDictionary ReadHeaders(FieldReader read)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        var pairs = read.Map("headers").Value ?? [];
        if (pairs.Count > MostHeaders)
        {
            read.Add($"headers may hold at most {MostHeaders} headers.", "headers");
            return headers;
        }

        foreach (var pair in pairs)
        {
            if (!IsToken(pair.Key))
                read.Add($"Header {pair.Place}: the key must be the name of a header.", pair.KeyAs);
            else if (pair.Value.Length > LongestHeader)
                read.Add($"Header {pair.Place}: the value must be at most {LongestHeader} characters.", pair.ValueAs);
            else
                headers.Append(pair.Key, pair.Value);
        }

        return headers;
    }

    // IPAddress.TryParse also accepts 1, 0x7f.1 and 127.1, which are mistakes here.
    private static bool TryAddress(string text, out IPAddress? address) =>
        IPAddress.TryParse(text, out address)
        && (text.Contains(':', StringComparison.Ordinal) ? text is not ['[', ..] : address.ToString() == text);

    private static string? QueryProblem(string query) =>
        query.Length > LongestQuery ? $"must be at most {LongestQuery} characters"
        : query.Contains('#', StringComparison.Ordinal) ? "must not hold a #"
        : null;

    private static string? PathProblem(string path) =>
        path.Length > LongestQuery ? $"must be at most {LongestQuery} characters"
        : path.AsSpan().ContainsAny('?', '#') ? "must not hold a ? or a #"
        : null;

    private static string? DomainProblem(string host) =>
        host.Length <= LongestHost
        && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var url)
        && IsHostOf(url, host)
            ? null
            : "must be a host, as in go.example.org";

    // The text is a host with an optional port: nothing before an @, nothing after a slash or a question mark.
    private static bool IsHostOf(Uri url, string host) =>
        url is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
        && !host.AsSpan().ContainsAny(NotInHosts)
        && Uri.CheckHostName(new HostString(host).Host) is not UriHostNameType.Unknown
        && HasName(url);

    // Some hosts that the check lets through have no name in ASCII, such as a lone zero width joiner.
    private static bool HasName(Uri url)
    {
        try
        {
            return url.IdnHost is not "";
        }
        catch (Exception error) when (error is UriFormatException or ArgumentException)
        {
            return false;
        }
    }

    // RFC 9110, 5.6.2.
    private static bool IsToken(string name) =>
        name.Length is > 0 and <= 256
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter));
}
