using System.Buffers;
using System.Text;

namespace Signpost.Api.Bodies;

/// <summary>
/// Reads <c>application/x-www-form-urlencoded</c>, of a body or of a query. Bytes that are not UTF-8 become U+FFFD, which
/// every field refuses.
/// </summary>
internal static class FormBody
{
    public static Fields Parse(ReadOnlySpan<byte> body)
    {
        var fields = new Fields();
        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(body.Length, 1));
        try
        {
            foreach (var range in body.Split((byte)'&'))
                if (body[range] is { Length: > 0 } pair)
                    Add(fields, pair, scratch);
            return fields;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>Reads a query, with or without its question mark.</summary>
    public static Fields ParseQuery(string query)
    {
        var fields = new Fields();
        foreach (var (name, value) in Pairs(query))
            fields.Add(name, new FieldValue.Text(value));
        return fields;
    }

    /// <summary>The names and values of a query, decoded, in their order.</summary>
    public static IEnumerable<(string Name, string Value)> Pairs(string query)
    {
        foreach (var pair in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var bytes = Encoding.UTF8.GetBytes(pair);
            var equals = Array.IndexOf(bytes, (byte)'=');
            var scratch = new byte[bytes.Length];
            yield return (
                Decode(equals < 0 ? bytes : bytes.AsSpan(0, equals), scratch),
                equals < 0 ? "" : Decode(bytes.AsSpan(equals + 1), scratch)
            );
        }
    }

    private static void Add(Fields fields, ReadOnlySpan<byte> pair, Span<byte> scratch)
    {
        var equals = pair.IndexOf((byte)'=');
        var name = equals < 0 ? pair : pair[..equals];
        var value = equals < 0 ? [] : pair[(equals + 1)..];
        fields.Add(Decode(name, scratch), new FieldValue.Text(Decode(value, scratch)));
    }

    private static string Decode(ReadOnlySpan<byte> text, Span<byte> scratch)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && TryHex(text[i + 1], text[i + 2], out var decoded))
            {
                scratch[length++] = decoded;
                i += 2;
            }
            else
            {
                scratch[length++] = text[i] == '+' ? (byte)' ' : text[i];
            }
        }

        return Encoding.UTF8.GetString(scratch[..length]);
    }

    private static bool TryHex(byte high, byte low, out byte value)
    {
        value = 0;
        if (!char.IsAsciiHexDigit((char)high) || !char.IsAsciiHexDigit((char)low))
            return false;
        value = (byte)((Digit(high) << 4) | Digit(low));
        return true;
    }

    private static int Digit(byte hex) => hex <= '9' ? hex - '0' : (hex | 0x20) - 'a' + 10;
}
