using Signpost.Storage;

namespace Signpost.Api.Bodies;

/// <content>Parameters of lists. A value that no item can have is a warning, not an error.</content>
internal sealed partial class FieldReader
{
    /// <summary>A filter has a value that no item can have, so the list is empty.</summary>
    public bool MatchesNothing { get; private set; }

    /// <summary>A filter with one of a few values; null: no filter.</summary>
    public string? Filter(string name, params string[] words) =>
        FilterBy(name, text => Array.Find(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase)));

    public bool? FilterFlag(string name) => FilterBy(name, FieldText.ToBoolean) is { } flag ? flag : null;

    /// <summary>An id, or 0.</summary>
    public long? FilterNumber(string name) =>
        FilterBy<long>(name, text => FieldText.TryNumber(text, out var number) ? number : null);

    /// <summary>
    /// The filters for tags, by names, without case. The word <c>null</c> stands for no tag. A tag that nobody has is no mistake.
    /// </summary>
    public IReadOnlyList<TagFilter> FilterTags()
    {
        List<TagFilter> filters = [];
        foreach (var name in (string[])[TagFilter.Name, TagFilter.NotName])
        {
            var sent = List(name);
            string?[] keys =
            [
                .. (sent.Value ?? [])
                    .Select(item => item.Text)
                    .Where(text => !string.IsNullOrWhiteSpace(text))
                    .Select(text => text is Cleared ? null : TagRow.KeyOf(text!))
                    .Distinct(StringComparer.Ordinal),
            ];
            if (keys.Length > TagFilter.Most)
                Add($"{name} must be at most {TagFilter.Most} values.", sent.As!);
            else if (keys.Length > 0)
                filters.Add(new(keys, IsExcluding: name is TagFilter.NotName));
        }

        return filters;
    }

    /// <summary>A filter with one or several of a few words, in any case, all of which must hold; empty: no filter.</summary>
    public IReadOnlyList<string> FilterAll(string name, params string[] words)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach (var item in List(name).Value ?? [])
            if (item.Text is null or "" or Cleared)
                continue;
            else if (Array.Find(words, word => word.Equals(item.Text, StringComparison.OrdinalIgnoreCase)) is { } word)
                found.Add(word);
            else
                WarnOfNothing(name);
        return [.. found];
    }

    /// <summary>An instant, in milliseconds since 1970-01-01 UTC. A date alone is its first or its last second.</summary>
    public long? FilterDate(string name, bool isEnd) => FilterBy(name, text => InstantOf(text, isEnd));

    /// <summary>One of a few words, in any case. For any other the first is used, with a warning.</summary>
    public string Choice(string name, params string[] words)
    {
        if (FilterText(name) is not { } text)
            return words[0];
        if (Array.Find(words, word => word.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known;
        Warn($"{name} must be one of {string.Join(", ", words)}. {words[0]} is used.", name);
        return words[0];
    }

    /// <summary>A number from 1 to <paramref name="most"/>. For any other the usual one is used, with a warning.</summary>
    public int Amount(string name, int most, int usual)
    {
        if (Scalar(name, TextRules.Line) is not { } scalar)
            return usual;
        if (FieldText.TryNumber(scalar.Text ?? "", out var number) && number >= 1 && number <= most)
            return (int)number;
        Warn($"{name} must be a whole number from 1 to {most}. {usual} is used.", name);
        return usual;
    }

    private T? FilterBy<T>(string name, Func<string, T?> read)
        where T : struct
    {
        if (FilterText(name) is not { } text)
            return null;
        if (read(text) is { } value)
            return value;
        WarnOfNothing(name);
        return null;
    }

    private string? FilterBy(string name, Func<string, string?> read)
    {
        if (FilterText(name) is not { } text)
            return null;
        if (read(text) is { } value)
            return value;
        WarnOfNothing(name);
        return null;
    }

    private void WarnOfNothing(string name)
    {
        MatchesNothing = true;
        Warn($"Nothing has this {name}, so the list is empty.", name);
    }

    private string? FilterText(string name) =>
        Scalar(name, TextRules.Line) is { Text: not (null or "" or Cleared) and var text } ? text : null;

    private long? InstantOf(string text, bool isEnd)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", null, System.Globalization.DateTimeStyles.None, out var day))
            return !isEnd ? LocalTime.StartOf(day, zone)
                : day == DateOnly.MaxValue ? null
                : LocalTime.StartOf(day.AddDays(1), zone) - 1_000;
        return
            LocalTime.TryParse(text, zone, out var instant)
            || LocalTime.TryParse(text.Replace('T', ' '), zone, out instant)
            ? instant
            : null;
    }
}
