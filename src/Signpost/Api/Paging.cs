using System.Globalization;
using System.Text;
using Signpost.Api.Bodies;

namespace Signpost.Api;

/// <summary>The cursor by which a page was asked for, and that of the next page; null: none.</summary>
internal sealed record PageCursors(string? Own, string? Next);

/// <summary>The page of a list that a request asks for.</summary>
internal readonly record struct Paging(long Page, int Size)
{
    public const int UsualSize = 25;
    public const int LargestSize = 1000;

    public static Paging Read(FieldReader query)
    {
        var page = query.Verbatim("page", TextRules.Line);
        var number = 1L;
        if (page.IsPresent && (page.Value is null || !FieldText.TryNumber(page.Value, out number) || number < 1))
            query.Add("page must be a whole number, 1 or more.", page.As!);
        return new(Math.Max(number, 1), ReadSize(query));
    }

    /// <summary>The most items of a page.</summary>
    public static int ReadSize(FieldReader query) => query.Amount("results_per_page", LargestSize, UsualSize);

    /// <summary>The number of items before this page; null if it is past any possible end.</summary>
    public long? Offset(long total) => Page - 1 > total / Size ? null : (Page - 1) * Size;

    /// <summary>The number of items before this page, at most the largest number.</summary>
    public long Start => Offset(long.MaxValue) ?? long.MaxValue;

    public PageMeta Meta(long total, bool isExact = true) => new(Page, Size, total, Pages(total), isExact);

    /// <param name="address">The list's absolute address.</param>
    /// <param name="query">The request's query. The links repeat it with another page.</param>
    /// <param name="cursors">The cursors of this page and of the next one; null: the list has pages only.</param>
    public PageLinks Links(long total, string address, string query, PageCursors? cursors = null)
    {
        var last = Math.Max(1, Pages(total));
        var others = OtherParameters(query);
        string To(long page) => string.Create(CultureInfo.InvariantCulture, $"{address}?{others}&page={page}");
        string At(string cursor) => $"{address}?{others}&cursor={cursor}";
        if (cursors?.Own is { } own)
            return new(To(1), To(last), cursors.Next is { } next ? At(next) : null, null, At(own));
        return new(
            To(1),
            To(last),
            Page < last || cursors?.Next is not null ? To(Page + 1) : null,
            Page > 1 ? To(Math.Min(Page - 1, last)) : null,
            To(Page)
        );
    }

    private long Pages(long total) => (total + Size - 1) / Size;

    // Encoded again, so that it can contain nothing except a query.
    private static string OtherParameters(string query)
    {
        var others = new StringBuilder();
        foreach (var (name, value) in FormBody.Pairs(query))
        {
            if (name is "page" or "cursor" or "")
                continue;
            if (others.Length > 0)
                others.Append('&');
            others.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return others.ToString();
    }
}
