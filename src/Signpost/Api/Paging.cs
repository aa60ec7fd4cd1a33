using System.Globalization;
using System.Text;
using Signpost.Api.Bodies;

namespace Signpost.Api;

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

    public PageMeta Meta(long total) => new(Page, Size, total, Pages(total));

    /// <param name="address">The list's absolute address.</param>
    /// <param name="query">The request's query. The links repeat it with another page.</param>
    public PageLinks Links(long total, string address, string query)
    {
        var last = Math.Max(1, Pages(total));
        var others = OtherParameters(query);
        string To(long page) => string.Create(CultureInfo.InvariantCulture, $"{address}?{others}&page={page}");
        return new(
            To(1),
            To(last),
            Page < last ? To(Page + 1) : null,
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
            if (name is "page" or "")
                continue;
            if (others.Length > 0)
                others.Append('&');
            others.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return others.ToString();
    }
}
