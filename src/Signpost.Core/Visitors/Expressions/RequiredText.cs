namespace Signpost.Core.Visitors.Expressions;

/// <summary>
/// Finds texts that every match of an expression contains: some choices; a match holds at least one text of
/// each. In lower case, because the search for them ignores case.
/// </summary>
internal static class RequiredText
{
    /// <summary>The beginning of a longer text is enough, and keeps the search table small.</summary>
    private const int LongestText = 10;

    private const int MostCombinations = 64;
    private const int MostOfAClass = 4;

    private static readonly Part Nothing = new(null, []);
    private static readonly Part Empty = new([""], []);

    /// <summary>The choices; none if nothing is certain.</summary>
    public static IReadOnlyList<string[]> Of(Expression expression) => Useful(ChoicesOf(Read(expression)));

    /// <summary>All texts that the expression can match, in lower case; null: there are too many.</summary>
    public static string[]? AllOf(Expression expression) => Read(expression).Exact;

    private static List<string[]> Useful(List<string[]> choices)
    {
        var cut = choices.ConvertAll(choice =>
            choice.Select(text => text.Length > LongestText ? text[..LongestText] : text).Distinct().ToArray()
        );

        // A single character is in nearly every agent.
        var telling = cut.FindAll(choice => choice.Min(text => text.Length) > 1);
        return telling.Count > 0 ? telling : cut;
    }

    private static Part Read(Expression expression) =>
        expression switch
        {
            One one => ReadOne(one.Set),
            Sequence sequence => ReadSequence(sequence),
            Either either => ReadEither(either),
            Repeat repeat => ReadRepeat(repeat),
            Capture capture => Read(capture.Inner),
            _ => Empty,
        };

    private static Part ReadOne(CharacterSet set)
    {
        if (set.Others || set.Count > MostOfAClass * 2)
            return Nothing;
        string[] texts = [.. set.Characters.Select(Lower).Distinct()];
        return texts.Length > MostOfAClass ? Nothing : new(texts, []);
    }

    private static Part ReadEither(Either either)
    {
        List<Part> parts = [.. either.Branches.Select(Read)];
        if (parts.TrueForAll(part => part.Exact is not null))
            return new([.. parts.SelectMany(part => part.Exact!).Distinct()], []);

        HashSet<string> any = [];
        foreach (var part in parts)
        {
            if (ChoicesOf(part) is not { Count: > 0 } choices)
                return Nothing;
            any.UnionWith(choices.MaxBy(choice => choice.Min(text => text.Length))!);
        }

        string[] choice = [.. any];
        return new(null, [choice]);
    }

    private static Part ReadSequence(Sequence sequence)
    {
        List<string[]> choices = [];
        string[] run = [""];
        var isOpen = false;

        foreach (var part in sequence.Parts.Select(Read))
        {
            if (
                part.Exact is { } exact
                && (run.Length * exact.Length <= MostCombinations || run is [_] || exact is [_])
            )
            {
                run = [.. run.SelectMany(start => exact.Select(end => start + end)).Distinct()];
                continue;
            }

            // The next texts do not follow the former ones directly.
            AddChoice(choices, run);
            choices.AddRange(part.Choices);
            run = part.Exact ?? [""];
            isOpen = true;
        }

        if (!isOpen)
            return new(run, []);

        AddChoice(choices, run);
        return new(null, choices);
    }

    private static Part ReadRepeat(Repeat repeat)
    {
        var part = Read(repeat.Inner);
        return (repeat.Least, repeat.Most) switch
        {
            (0, 1) when part.Exact is { Length: <= 8 } exact => new([.. exact.Append("").Distinct()], []),
            (0, _) => Nothing,
            (1, 1) => part,
            _ => new(null, ChoicesOf(part)),
        };
    }

    private static string Lower(char character) =>
        $"{(char.IsAsciiLetterUpper(character) ? (char)(character | 32) : character)}";

    private static List<string[]> ChoicesOf(Part part)
    {
        if (part.Exact is null)
            return part.Choices;

        List<string[]> choices = [];
        AddChoice(choices, part.Exact);
        return choices;
    }

    private static void AddChoice(List<string[]> choices, string[] texts)
    {
        if (!texts.Contains(""))
            choices.Add(texts);
    }

    /// <param name="Exact">All texts that this part can match, or null if there are too many.</param>
    /// <param name="Choices">The texts that a match needs.</param>
    private sealed record Part(string[]? Exact, List<string[]> Choices);
}
