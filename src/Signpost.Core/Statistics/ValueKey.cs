using System.Text;

namespace Signpost.Core.Statistics;

/// <summary>
/// The value of a row as one text. For a dimension with parents it holds the value and then its parents, so that Paris in France and
/// Paris in Texas are two values. A text that is missing at the end is left out: rollups from before there were parents read as values
/// with unknown parents. Stored texts have no control characters.
/// </summary>
/// <remarks>Rollups store these texts, so their form never changes.</remarks>
public static class ValueKey
{
    private const char Separator = '\u001F';
    private const int LongestOnStack = 512;

    /// <summary>A missing text before one that is there.</summary>
    private const string Missing = "\u001E";

    /// <summary>The key of a value and its parents, in the order of <see cref="Dimensions.ParentsOf"/>; null: all are missing.</summary>
    public static string? Of(string? value, string? parent = null, string? secondParent = null) =>
        secondParent is not null ? $"{value ?? Missing}{Separator}{parent ?? Missing}{Separator}{secondParent}"
        : parent is not null ? $"{value ?? Missing}{Separator}{parent}"
        : value;

    /// <summary>The value of a key, and then so many parents; null: missing.</summary>
    public static string?[] Split(string? key, int parents)
    {
        var texts = new string?[parents + 1];
        if (key is null)
            return texts;

        var parts = key.Split(Separator, parents + 1);
        for (var at = 0; at < parts.Length; at++)
            texts[at] = parts[at] is Missing ? null : parts[at];
        return texts;
    }

    /// <summary>The number that sums give to a code's key. It makes no text of a known key.</summary>
    internal static int CodeOf(ClickColumns columns, DimensionColumn column, int code, ValueSums values) =>
        column.Parents == 0
            ? values.CodeOf(columns.TextOf(column, code))
            : CodeOf((IEntryTexts)columns, column, code, values);

    /// <inheritdoc cref="CodeOf(ClickColumns, DimensionColumn, int, ValueSums)"/>
    internal static int CodeOf(IEntryTexts texts, DimensionColumn column, int code, ValueSums values)
    {
        Span<byte> key = stackalloc byte[LongestOnStack];
        var (length, end, isThere) = (0, 0, false);
        for (var parent = 0; parent <= column.Parents; parent++)
        {
            if (!texts.TryRead(column.Group, code, TextOf(column, parent), out var utf8))
                utf8 = "\u001E"u8;
            if (length + utf8.Length >= key.Length)
                return values.CodeOf(Of(Text(0), Text(1), Text(2)));

            if (parent > 0)
                key[length++] = (byte)Separator;
            utf8.CopyTo(key[length..]);
            length += utf8.Length;
            if (!utf8.SequenceEqual("\u001E"u8))
                (end, isThere) = (length, true);
        }

        return isThere ? values.CodeOf(key[..end]) : values.CodeOf(value: null);

        string? Text(int parent) =>
            parent <= column.Parents && texts.TryRead(column.Group, code, TextOf(column, parent), out var utf8)
                ? Encoding.UTF8.GetString(utf8)
                : null;
    }

    /// <summary>The key of the same value with unknown parents.</summary>
    internal static string? WithoutParents(string? key) => Split(key, 1)[0];

    /// <summary>The key of a column's code.</summary>
    internal static string? Of(ClickColumns columns, DimensionColumn column, int code)
    {
        var value = columns.TextOf(column, code);
        if (column.Parents == 0)
            return value;

        var first = column.Text - column.Parents;
        return Of(
            value,
            columns.TextOf(column.Group, code, first),
            column.Parents > 1 ? columns.TextOf(column.Group, code, first + 1) : null
        );
    }

    // The value is parent 0; its parents stand right before it.
    private static int TextOf(DimensionColumn column, int parent) =>
        parent == 0 ? column.Text : column.Text - column.Parents + parent - 1;
}
