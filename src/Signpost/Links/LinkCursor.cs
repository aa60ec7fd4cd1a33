using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signpost.Links;

/// <summary>Where a page of a list begins: after a link. It holds also when that link is deleted or changes.</summary>
/// <param name="Page">The number of the page.</param>
/// <param name="Id">The last link before it.</param>
/// <param name="Key">The value of that link by which the list is sorted: a number or a text.</param>
internal sealed record LinkCursor(long Page, long Id, object Key)
{
    private const int CheckBytes = 8;
    private static readonly CultureInfo Digits = CultureInfo.InvariantCulture;

    /// <summary>The most characters of a cursor.</summary>
    public const int Longest = 4_096;

    /// <summary>Writes it for requests.</summary>
    /// <param name="list">Names the list: account, filters and order.</param>
    public string Write(string list)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Page} {Id} {(Key is string ? 's' : 'n')}{Key}");
        return Base64Url.EncodeToString([.. Checksum.Of(list, text), .. Encoding.UTF8.GetBytes(text)]);
    }

    /// <summary>Reads one that <see cref="Write"/> made for the same list; false: it did not.</summary>
    public static bool TryRead(string text, string list, [NotNullWhen(true)] out LinkCursor? cursor)
    {
        cursor = null;
        var bytes = new byte[text.Length];
        if (
            !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, bytes, out var length)
            || length <= CheckBytes
        )
            return false;
        var content = Encoding.UTF8.GetString(bytes, CheckBytes, length - CheckBytes);
        if (!Checksum.Fits(bytes.AsSpan(0, CheckBytes), list, content))
            return false;
        if (content.Split(' ', 3) is not [var page, var id, [var kind, .. var key]])
            return false;
        var number = 0L;
        if (!long.TryParse(page, Digits, out var at) || !long.TryParse(id, Digits, out var last))
            return false;
        if (kind is not 's' && !long.TryParse(key, Digits, out number))
            return false;
        cursor = new(at, last, kind is 's' ? key : number);
        return true;
    }

    /// <summary>Whether a link is on an earlier page.</summary>
    public bool IsAtOrBefore((long Id, object Key) link, bool ascending)
    {
        var order = (Key, link.Key) switch
        {
            (string last, string key) => Encoding
                .UTF8.GetBytes(key)
                .AsSpan()
                .SequenceCompareTo(Encoding.UTF8.GetBytes(last)),
            (long last, long key) => key.CompareTo(last),
            _ => 0,
        };
        order = order == 0 ? link.Id.CompareTo(Id) : order;
        return ascending ? order <= 0 : order >= 0;
    }

    // It finds mistakes; it is no signature.
    private static class Checksum
    {
        public static byte[] Of(string list, string text) =>
            SHA256.HashData(Encoding.UTF8.GetBytes($"{list}\n{text}"))[..CheckBytes];

        public static bool Fits(ReadOnlySpan<byte> sent, string list, string text) =>
            CryptographicOperations.FixedTimeEquals(sent, Of(list, text));
    }
}
