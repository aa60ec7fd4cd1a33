using System.Buffers;
using System.Globalization;
using System.Text;

namespace Signpost.Core.Redirecting.AppLinks;

/// <summary>
/// One line of the table: a shape of web addresses, and the app's address for them. In a shape, <c>{name}</c> stands for one
/// segment, <c>{name:n}</c> for one of digits, <c>*</c> at the end for anything, and names after a <c>?</c> for parameters. The
/// app's address may use these names, and <c>{host} {path} {query} {url}</c>; a part in brackets is left out if its
/// name is empty.
/// </summary>
internal sealed class AppRule
{
    // The characters that are copied from a segment: none of them can end a part of an address. A percent sign begins an escape.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%@"
    );

    private readonly string[] _segments;
    private readonly string[] _parameters;
    private readonly bool _isOpen;
    private readonly string? _app;
    private readonly string[] _ignored;

    /// <param name="app">Null: the app has no address for this shape, even if later rules have one.</param>
    /// <param name="ignored">Parameters that do not matter on this site, beside those that matter nowhere.</param>
    public AppRule(string shape, string? app, params string[] ignored)
    {
        _ignored = ignored;
        var parts = shape.Split('?');
        _parameters = parts.Length > 1 ? parts[1].Split('&') : [];
        _segments = parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        _isOpen = _segments is [.., "*"];
        _segments = _isOpen ? _segments[..^1] : _segments;
        _app = app;
    }

    /// <summary>Whether the app's address takes any path, and so every page of the site and its subdomains.</summary>
    public bool TakesAnyPage => _app is not null && (_app.Contains("{path}") || _app.Contains("{url}"));

    /// <summary>
    /// True if the address has the shape; then also the app's address, if there is one that loses nothing: no parameter and no
    /// fragment that matters.
    /// </summary>
    public bool TryMap(in WebAddress address, string url, out string? app)
    {
        app = null;
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var segments = address.Path.Trim('/').ToString().Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length < _segments.Length || (!_isOpen && segments.Length > _segments.Length))
            return false;
        for (var at = 0; at < _segments.Length; at++)
            if (!TryTake(_segments[at], segments[at], names))
                return false;

        if (_app is null || LosesSomething(address))
            return true;
        foreach (var name in _parameters)
            names[name] = Reescaped(address.Parameter(name));
        names["host"] = address.Host.ToString();
        names["path"] = address.Path.ToString();
        names["query"] = address.Query.ToString();
        names["url"] = Uri.EscapeDataString(url);
        app = Fill(_app, names);
        return true;
    }

    private bool LosesSomething(in WebAddress address)
    {
        if (_app!.Contains("{url}"))
            return false;
        if (address.Fragment.Length > 1)
            return true;
        if (_app.Contains("{query}") || address.Query.Length <= 1)
            return false;

        HashSet<string> carried = [];
        var query = address.Query[1..];
        foreach (var range in query.Split('&'))
        {
            var piece = query[range];
            var equals = piece.IndexOf('=');
            var name = (equals < 0 ? piece : piece[..equals]).ToString();
            if (name is "" || IsIgnored(name))
                continue;
            // A name without a value, and a second value, have no place in the app's address.
            if (equals < 0 || equals == piece.Length - 1 || !_parameters.Contains(name) || !carried.Add(name))
                return true;
        }

        return false;
    }

    // They tell who shared the address, or count campaigns.
    private bool IsIgnored(string name) =>
        name is "si" or "igsh" or "igshid" or "feature" or "fbclid" or "gclid"
        || name.StartsWith("utm_", StringComparison.Ordinal)
        || _ignored.Contains(name);

    private static bool TryTake(string shape, string segment, Dictionary<string, string> names)
    {
        var open = shape.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return shape.Equals(segment, StringComparison.OrdinalIgnoreCase);

        var close = shape.IndexOf('}', StringComparison.Ordinal);
        var name = shape[(open + 1)..close];
        var (before, after) = (shape[..open], shape[(close + 1)..]);
        if (
            segment.Length <= before.Length + after.Length
            || !segment.StartsWith(before, StringComparison.Ordinal)
            || !segment.EndsWith(after, StringComparison.Ordinal)
        )
            return false;

        var value = segment[before.Length..^after.Length];
        var digits = name.EndsWith(":n", StringComparison.Ordinal);
        if (digits ? !value.All(char.IsAsciiDigit) : value.AsSpan().ContainsAnyExcept(Plain))
            return false;

        names[digits ? name[..^2] : name] = value;
        return true;
    }

    // Null if a name cannot be written in the app's way.
    private static string? Fill(string template, Dictionary<string, string> names)
    {
        var result = new StringBuilder();
        for (var at = 0; at < template.Length; )
        {
            var end = template.IndexOfAny(['{', '['], at) is >= 0 and var found ? found : template.Length;
            result.Append(template, at, end - at);
            if (end == template.Length)
                break;

            at = template.IndexOf(template[end] is '{' ? '}' : ']', end) + 1;
            var inner = template[(end + 1)..(at - 1)];
            var value = template[end] is '[' ? Optional(inner, names) : ValueOf(inner, names);
            if (value is null)
                return null;
            result.Append(value);
        }

        return result.ToString();
    }

    private static string? Optional(string inner, Dictionary<string, string> names)
    {
        var name = inner[(inner.IndexOf('{', StringComparison.Ordinal) + 1)..^1];
        return names[name] is "" ? "" : Fill(inner, names);
    }

    private static string? ValueOf(string name, Dictionary<string, string> names) =>
        name == "code:media" ? MediaId(names["code"]) : names[name];

    private static string Reescaped(ReadOnlySpan<char> value) =>
        Uri.EscapeDataString(Uri.UnescapeDataString(value.ToString().Replace('+', ' ')));

    // Instagram's short codes are its numbers in base 64, most significant first; the part after 11 characters is a key to a private
    // post. https://instagram-engineering.com/sharding-ids-at-instagram-1cf5a71e5a5c
    private static string? MediaId(string code)
    {
        const string signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        UInt128 id = 0;
        foreach (var sign in code.AsSpan(0, Math.Min(code.Length, 11)))
        {
            var digit = signs.IndexOf(sign, StringComparison.Ordinal);
            if (digit < 0)
                return null;
            id = (id << 6) | (uint)digit;
        }

        return id <= ulong.MaxValue ? id.ToString(CultureInfo.InvariantCulture) : null;
    }
}
