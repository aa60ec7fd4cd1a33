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

    private string ApiAddress(string type, string[] without)
    {
        var words = address
            .Words.Where(word => word.Name is StatisticsWords.Project or StatisticsWords.Domain)
            .Concat(
                address.Words.Where(word => StatisticsWords.Filters.Contains(word.Name) && !without.Contains(word.Name))
            )
            .Prepend((StatisticsWords.End, DateSpan.Write(question.Span.End)))
            .Prepend((StatisticsWords.Start, DateSpan.Write(question.Span.Start)))
            .Prepend(("type", type));
        if (type == StatisticsType.Default.Name && address[StatisticsWords.By] is { Length: > 0 } granularity)
            words = words.Append((StatisticsWords.By, granularity));
        var link = question.Scope.LinkId is { } id ? $"/{id}" : "";
        var query = QueryString.Create(words.Select(word => KeyValuePair.Create(word.Item1, (string?)word.Item2)));
        // A quote would end the argument of the command.
        return $"{publicUrl}/api/statistics{link}{query}".Replace("'", "%27", StringComparison.Ordinal);
    }
}
