using Microsoft.Extensions.Primitives;
using Signpost.Api.Bodies;
using Signpost.Explain;

namespace Signpost.Dashboard.Explaining;

/// <content>The visitor, and how a page reads it.</content>
public partial class VisitorFields
{
    private static readonly (string Name, string Type)[] Selects =
    [
        ("country_code", "country_code"),
        ("device_type", "device_type"),
        ("accept_language", "browser_language"),
        ("os_name", "os_name"),
        ("browser_name", "browser_name"),
    ];
    private static readonly string[] Flags = ["is_unlocked", "has_agreed", "has_continued"];
    private static readonly string[] More = ["city_name", "ip", "user_agent", "query", .. Flags];
    private static readonly string[] Names = [.. Selects.Select(one => one.Name), "at", .. More];

    /// <summary>The fields of a visitor as they were sent.</summary>
    /// <param name="Errors">Each with the name of its field.</param>
    public sealed record ChosenVisitor(
        IReadOnlyDictionary<string, string> Typed,
        IReadOnlyList<(string Text, string? Field)> Errors
    )
    {
        /// <summary>Nothing is known of this visitor.</summary>
        public static ChosenVisitor Unknown { get; } = new(new Dictionary<string, string>(), []);

        public string? this[string name] => Typed.GetValueOrDefault(name);

        public string? ErrorOf(string name) => Errors.FirstOrDefault(error => error.Field == name).Text;
    }

    /// <summary>Reads the visitor among the fields of a query or a form; other fields do not matter.</summary>
    /// <param name="zone">The time zone of the visit's time.</param>
    internal static (ChosenVisitor Chosen, MadeUpVisit Visit) Read(
        IEnumerable<KeyValuePair<string, StringValues>> sent,
        TimeZoneInfo zone,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var typed = sent.Where(one => Names.Contains(one.Key))
            .ToDictionary(one => one.Key, one => one.Value.LastOrDefault()?.Trim() ?? "", StringComparer.Ordinal);
        Fields fields = new();
        foreach (var (name, value) in typed)
            fields.Add(name, new FieldValue.Text(value));
        var visit = MadeUpVisit.Read(new FieldReader(fields, zone), isWhole: true, out var errors);
        return (new(typed, [.. errors.Select(error => (Problem(error.Field, texts), error.Field))]), visit);
    }

    private static string Problem(string? field, IReadOnlyDictionary<string, string> texts) =>
        texts.GetValueOrDefault($"explain.problem.{field}", texts["explain.problem"]);
}
