using System.Globalization;
using Signpost.Links.Targeting;
using static Signpost.Dashboard.Links.Form.LinkFormPage;

namespace Signpost.Dashboard.Links.Form;

/// <summary>
/// The buttons of the form that change its list of rules and save nothing, for browsers without script. Each has a value such as
/// <c>up:country_code:2</c>: the step, the type, and the number of the row from 0.
/// </summary>
internal static class RuleSteps
{
    /// <summary>Changes the rows; false: this is no such button.</summary>
    public static bool TryApply(string button, LinkValues values)
    {
        if (button.Split(':') is not [var step, var type, .. var rest] || !TargetingType.Names.Contains(type))
            return false;
        var rules = values.RulesOf(type);
        if (step is "add")
        {
            rules.Add(new("", ""));
            return true;
        }

        if (rest is not [var text] || !int.TryParse(text, CultureInfo.InvariantCulture, out var at))
            return false;
        if (at < 0 || at >= rules.Count)
            return true;
        var rule = rules[at];
        var to = step switch
        {
            "up" => Math.Max(0, at - 1),
            "down" => Math.Min(rules.Count - 1, at + 1),
            _ => -1,
        };
        rules.RemoveAt(at);
        if (to >= 0)
            rules.Insert(to, rule);
        return true;
    }
}
