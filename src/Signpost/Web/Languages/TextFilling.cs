namespace Signpost.Web.Languages;

/// <summary>Fills the placeholders of texts.</summary>
internal static class TextFilling
{
    /// <summary>The text of this name with each <c>{placeholder}</c> replaced by its value.</summary>
    public static string Fill(
        this IReadOnlyDictionary<string, string> texts,
        string key,
        params ReadOnlySpan<(string Placeholder, string Value)> values
    )
    {
        var text = texts[key];
        foreach (var (placeholder, value) in values)
            text = text.Replace($"{{{placeholder}}}", value, StringComparison.Ordinal);
        return text;
    }
}
