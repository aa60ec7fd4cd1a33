using Signpost.Statistics.Questions;
using Signpost.Statistics.Sheets;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>The addresses of tables: as files on the dashboard, and over the API with the same words.</summary>
internal sealed class TableLinks(string publicUrl, StatisticsAddress address, SheetQuestion question)
{
    /// <param name="type">The type of the API.</param>
    /// <param name="without">Filters that this table does not have.</param>
    public TableFiles Of(string type, params string[] without)
    {
        List<(string Name, string? Value)> changes = [("type", type), .. without.Select(name => (name, (string?)null))];
        return new(
            address.Below("/export", [.. changes, ("format", "csv")]),
            address.Below("/export", [.. changes, ("format", "json")]),
            $"""curl -H "Authorization: Bearer $KEY" '{ApiAddress(type, without)}'"""
        );
    }

    /// <summary>The counted clicks themselves, each as a row.</summary>
    public ClickFiles Clicks(long rows)
    {
        var path = question.Scope.LinkId is { } id ? $"/dashboard/links/{id}/clicks/export" : $"{address.Path}/clicks";
        var words = Asked([]);
        // Files hold requests of every kind unless a filter chooses them; the page counts people.
        if (!StatisticsWords.OfKind.Any(name => address[name] is not ""))
            words = words.Append((StatisticsWords.OfKind[0], "person"));
        StatisticsAddress file = new(path, words);
        return new(file.With(("format", "csv")), file.With(("format", "json")), rows);
    }

    private string ApiAddress(string type, string[] without)
    {
        var words = Asked(without).Prepend(("type", type));
        if (type == StatisticsType.Default.Name && address[StatisticsWords.By] is { Length: > 0 } granularity)
            words = words.Append((StatisticsWords.By, granularity));
        var link = question.Scope.LinkId is { } id ? $"/{id}" : "";
        var query = QueryString.Create(words.Select(word => KeyValuePair.Create(word.Item1, (string?)word.Item2)));
        // A quote would end the argument of the command.
        return $"{publicUrl}/api/statistics{link}{query}".Replace("'", "%27", StringComparison.Ordinal);
    }

    // The days, the scope and the filters.
    private IEnumerable<(string Name, string Value)> Asked(string[] without) =>
        address
            .Words.Where(word => word.Name is StatisticsWords.Project or StatisticsWords.Domain)
            .Concat(
                address.Words.Where(word => StatisticsWords.Filters.Contains(word.Name) && !without.Contains(word.Name))
            )
            .Prepend((StatisticsWords.End, DateSpan.Write(question.Span.End)))
            .Prepend((StatisticsWords.Start, DateSpan.Write(question.Span.Start)));
}
