using System.Text.Encodings.Web;
using System.Text.Json;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Shell.DashboardPage;

namespace Signpost.Dashboard.Shell;

/// <summary>Leaves a confirmation for the page after a form. A reload does not show it again.</summary>
internal sealed class Toasts(OneTimeNotice notices)
{
    private const string Kind = "toast";

    // The confirmation travels in a cookie. A browser keeps no cookie of more than 4,096 bytes, and this one is encrypted and written in Base64.
    private const int MostBytes = 2_300;

    // The text is encrypted, so no character has a meaning for HTML. Other rules make it three times as long.
    private static readonly JsonSerializerOptions Short = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether a confirmation has room for these fields of a form that undoes the action.</summary>
    public static bool Holds(ReadOnlySpan<(string Name, string Value)> fields) =>
        JsonSerializer.SerializeToUtf8Bytes(Pairs(fields), Short).Length <= MostBytes;

    /// <param name="text">The key of the text.</param>
    /// <param name="values">The values of its placeholders.</param>
    public void Leave(HttpContext http, string text, params ReadOnlySpan<(string Placeholder, string Value)> values) =>
        Leave(http, text, undo: null, [], values);

    /// <param name="undo">The address of a form that undoes the action.</param>
    /// <param name="fields">The fields of that form (see <see cref="Holds"/>).</param>
    public void Leave(
        HttpContext http,
        string text,
        string? undo,
        ReadOnlySpan<(string Name, string Value)> fields,
        ReadOnlySpan<(string Placeholder, string Value)> values
    )
    {
        Left left = new(text, undo, Pairs(fields), Pairs(values));
        notices.Leave(http, Kind, JsonSerializer.Serialize(left, Short));
    }

    /// <summary>Takes the confirmation; null: there is none.</summary>
    public ToastView? Take(HttpContext http, PageTexts texts)
    {
        if (notices.Take(http, Kind) is not { } text || JsonSerializer.Deserialize<Left>(text) is not { } left)
            return null;
        (string, string)[] values = [.. left.Values.Select(pair => (pair[0], pair[1]))];
        return new(texts.All.Fill(left.Text, values), left.Undo, [.. left.Fields.Select(pair => (pair[0], pair[1]))]);
    }

    private static string[][] Pairs(ReadOnlySpan<(string First, string Second)> pairs)
    {
        var result = new string[pairs.Length][];
        for (var i = 0; i < pairs.Length; i++)
            result[i] = [pairs[i].First, pairs[i].Second];
        return result;
    }

    private sealed record Left(string Text, string? Undo, string[][] Fields, string[][] Values);
}
