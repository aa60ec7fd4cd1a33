using System.Buffers;
using System.Text;

namespace Signpost.Web;

/// <summary>
/// Puts the request's base path before our own addresses in a response. So pages and redirects are written as if there were none.
/// </summary>
/// <remarks>
/// Only our own addresses begin with one slash: destinations are absolute. In text and in the values of attributes, quotation marks
/// are encoded, so that nobody else's text looks like an attribute.
/// </remarks>
internal static class BasePath
{
    private static readonly byte[][] Attributes =
    [
        .. new[] { " href", " src", " action", " formaction", " data-preview", " data-live" }.Select(
            Encoding.ASCII.GetBytes
        ),
    ];

    /// <summary>The page with the base path in its attributes.</summary>
    public static ReadOnlyMemory<byte> AddTo(ReadOnlyMemory<byte> page, PathString basePath)
    {
        var result = new ArrayBufferWriter<byte>(page.Length + 1_024);
        var added = Encoding.ASCII.GetBytes(basePath.Value!);
        var rest = page.Span;
        while (rest.IndexOf("=\"/"u8) is >= 0 and var at)
        {
            var before = rest[..at];
            var start = at + "=\"".Length;
            result.Write(rest[..start]);
            rest = rest[start..];
            if (rest is not [_, (byte)'/', ..] && EndsAsAttribute(before))
                result.Write(added);
        }
        result.Write(rest);
        return result.WrittenMemory;
    }

    /// <summary>Changes the header <c>Location</c> of a response that begins.</summary>
    /// <param name="http">The <see cref="HttpContext"/>.</param>
    public static Task AddToLocationAsync(object http)
    {
        var (request, headers) = (((HttpContext)http).Request, ((HttpContext)http).Response.Headers);
        if (headers.Location is [['/', ..] location] && location is not ['/', '/', ..])
            headers.Location = request.PathBase.Value + location;
        return Task.CompletedTask;
    }

    private static bool EndsAsAttribute(ReadOnlySpan<byte> before)
    {
        foreach (var attribute in Attributes)
            if (before.EndsWith(attribute))
                return true;
        return false;
    }
}
