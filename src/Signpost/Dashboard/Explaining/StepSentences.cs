using System.Globalization;
using System.Text.RegularExpressions;
using Signpost.Explain;
using Signpost.Links.Targeting;
using Signpost.Web.Languages;

namespace Signpost.Dashboard.Explaining;

/// <summary>Says the sentences of an explanation in the language of a page. The API says them in English; a sentence that no table has stays so.</summary>
internal sealed partial class StepSentences(OwnLanguages languages)
{
    private const string Prefix = "because.";

    // Each part more may double the work.
    private const int MostParts = 8;

    private readonly (string Key, Regex Sentence)[] _table =
    [
        .. from text in languages.In("en").All
        where text.Key.StartsWith(Prefix, StringComparison.Ordinal)
        // A sentence with fewer blanks says more.
        orderby text.Value.Count(letter => letter is '{'), text.Value.Length descending
        select (text.Key, Pattern(text.Value)),
    ];

    /// <summary>The steps of an explanation, without the one about the host.</summary>
    public IReadOnlyList<ExplainedDecision.StepLine> LinesOf(
        IReadOnlyList<StepResponse> steps,
        IReadOnlyDictionary<string, string> texts
    ) =>
        [
            .. from step in steps
            where step.Step is not "domain"
            let said = Translate(step.Because, texts)
            select new ExplainedDecision.StepLine(step.Step, step.Outcome, said.Text, said.IsTranslated),
        ];

    public (string Text, bool IsTranslated) Translate(string because, IReadOnlyDictionary<string, string> texts)
    {
        var parts = End().Split(because);
        return parts.Length <= MostParts && Translate(parts, texts) is { } text ? (text, true) : (because, false);
    }

    // A value such as "St. Gallen" looks like the end of a sentence: then the next part belongs to the same sentence.
    private string? Translate(ReadOnlySpan<string> parts, IReadOnlyDictionary<string, string> texts)
    {
        for (var count = 1; count <= parts.Length; count++)
        {
            if (Find(string.Join(' ', parts[..count]), texts) is not { } first)
                continue;
            if (count == parts.Length)
                return first;
            if (Translate(parts[count..], texts) is { } rest)
                return $"{first} {rest}";
        }

        return null;
    }

    private string? Find(string sentence, IReadOnlyDictionary<string, string> texts)
    {
        foreach (var (key, pattern) in _table)
            if (pattern.Match(sentence) is { Success: true } match)
                return texts.Fill(
                    key,
                    [
                        .. match
                            .Groups.Values.Skip(1)
                            .Select(value => (value.Name, Shown(value.Name, value.Value, texts))),
                    ]
                );
        return null;
    }

    // The API counts rules from 0, people from 1.
    private static string Shown(string name, string value, IReadOnlyDictionary<string, string> texts) =>
        name switch
        {
            "type" when TargetingType.Names.Contains(value) => FieldNames.OfType(value, texts),
            "number" when int.TryParse(value, CultureInfo.InvariantCulture, out var number) => $"{number + 1}",
            _ => value,
        };

    private static Regex Pattern(string text) =>
        new(
            $@"\A{Blank().Replace(Regex.Escape(text), blank => $"(?<{blank.Groups[1].Value}>.+)")}\z",
            RegexOptions.Singleline,
            TimeSpan.FromSeconds(1)
        );

    // As Regex.Escape writes a placeholder.
    [GeneratedRegex(@"\\\{([a-z]+)\}")]
    private static partial Regex Blank();

    [GeneratedRegex(@"(?<=\.) (?=[A-Z])")]
    private static partial Regex End();
}
