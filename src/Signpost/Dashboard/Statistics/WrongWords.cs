using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Dashboard.Explaining;
using Signpost.Dashboard.Shell;
using Signpost.Statistics.Questions;
using Signpost.Storage;
using Signpost.Web.Languages;
using static Signpost.Dashboard.Statistics.StatisticsBody;

namespace Signpost.Dashboard.Statistics;

/// <summary>Takes the words away that ask for something that is not possible, and says each with what was typed.</summary>
internal sealed class WrongWords(PageTexts texts)
{
    private readonly ValueNames _names = new(texts);
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The address without the values that no click can have.</summary>
    public StatisticsAddress WithoutValues(StatisticsAddress address)
    {
        List<(string Name, string Value)> right = [];
        foreach (var (name, value) in address.Words)
            if (IsTooMuch(name, right))
                _errors.Add(
                    $"{LabelOf(name)}: {value}. {texts.All.Fill("problem.most", ("value", $"{StatisticsWords.MostCompared}"))}"
                );
            else if (IsPossible(name, value))
                right.Add((name, value));
            else
                _errors.Add($"{LabelOf(name)}: {value}. {texts["problem.other"]}");
        return new(address.Path, right);
    }

    /// <summary>The address without the words that have errors.</summary>
    public StatisticsAddress Without(StatisticsAddress address, IReadOnlyList<FieldError> errors, bool isScopeWrong)
    {
        HashSet<string> wrong = [];
        foreach (var error in errors)
        {
            var name = error.Field?.Split('[')[0] ?? "";
            var text = FieldProblems.Translate(error.Title, texts.All, "stats");
            // The two dates belong together.
            var isDate = name is StatisticsWords.Start or StatisticsWords.End;
            wrong.UnionWith(isDate ? [StatisticsWords.Start, StatisticsWords.End, StatisticsWords.By] : [name]);
            _errors.Add(isDate ? $"{DatesOf(address)}. {text}" : $"{LabelOf(name)}: {text}");
        }

        if (isScopeWrong)
        {
            wrong.UnionWith([StatisticsWords.Project, StatisticsWords.Domain]);
            _errors.Add($"{texts["stats.scope"]}: {texts["problem.other"]}");
        }

        List<(string Name, string Value)> right = [.. address.Words.Where(word => !wrong.Contains(word.Name))];
        return new(address.Path, right.Count < address.Words.Count ? right : []);
    }

    private static bool IsTooMuch(string name, List<(string Name, string Value)> before) =>
        name is StatisticsWords.Compared && before.Count(word => word.Name == name) == StatisticsWords.MostCompared;

    private static bool IsPossible(string name, string value) =>
        string.IsNullOrWhiteSpace(value)
        || (name is StatisticsWords.Compared ? FieldText.TryNumber(value, out _) : IsValue(name, value));

    private static bool IsValue(string name, string value) =>
        DimensionNames
            .All.Where(one => name == one.Name || name == AskedStatistics.NotNameOf(one))
            .All(one => (value is AskedStatistics.Nothing && !one.IsNeverEmpty) || one.Spell(value) is not null);

    private string DatesOf(StatisticsAddress address) =>
        $"{texts["stats.from"]}: {address[StatisticsWords.Start]}, {texts["stats.to"]}: {address[StatisticsWords.End]}";

    private string LabelOf(string name)
    {
        foreach (var one in DimensionNames.All)
            if (name == one.Name || name == AskedStatistics.NotNameOf(one))
                return _names.Of(one);
        if (name is StatisticsWords.Compared)
            return texts["stats.compare"];
        return texts[name is TagFilter.Name or TagFilter.NotName ? "links.tag" : "stats.by"];
    }
}
