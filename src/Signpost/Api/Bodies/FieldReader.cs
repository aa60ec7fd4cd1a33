using System.Globalization;
using Signpost.Core.Links;

namespace Signpost.Api.Bodies;

/// <summary>
/// Reads typed values out of <see cref="Fields"/>, and collects three things: all errors, so that one response
/// names all wrong fields; the warnings; and the <see cref="Meaning"/>, which is the same for all spellings of a request.
/// </summary>
internal sealed partial class FieldReader(Fields fields, TimeZoneInfo zone)
{
    private const string Cleared = "null";

    // Clients send it for an optional value that is not set.
    private const string No = "false";

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public List<FieldError> Errors { get; } = [];

    /// <summary>Warnings for the response. They change nothing.</summary>
    public List<Warning> Warnings { get; } = [];

    /// <summary>The warnings as a response holds them: null if there are none.</summary>
    public IReadOnlyList<Warning>? WarningsOrNull => Warnings is [] ? null : Warnings;

    public Meaning Meaning { get; } = new();

    /// <summary>A text; empty, blank and <c>null</c> clear it.</summary>
    public Optional<string?> Text(string name, int longest, TextRules rules = TextRules.Line) =>
        Read(name, rules, text => FieldText.Length(text) <= longest ? null : $"must be at most {longest} characters");

    /// <summary>The name of a thing: required in create, and never cleared.</summary>
    public Optional<string?> Name(int longest, bool isNew)
    {
        var name = Text("name", longest);
        if (isNew || name.IsPresent)
            Require("name", name, name.Value is not null);
        return name;
    }

    /// <summary>A text that <paramref name="problem"/> validates: null if valid, else the error.</summary>
    public Optional<string?> Read(string name, TextRules rules, Func<string, string?> problem)
    {
        if (Scalar(name, rules) is not { } scalar)
            return default;
        if (scalar.Text is null or "" or Cleared || string.IsNullOrWhiteSpace(scalar.Text))
            return Is<string?>(name, scalar.As, null, null);
        return problem(scalar.Text) is { } wrong
            ? Wrong<string?>(name, scalar.As, wrong)
            : Is<string?>(name, scalar.As, scalar.Text, scalar.Text);
    }

    /// <summary>A text where only the empty text has a special meaning; null is a JSON null.</summary>
    public Optional<string?> Verbatim(string name, TextRules rules) =>
        Scalar(name, rules) is { } scalar ? Is(name, scalar.As, scalar.Text, scalar.Text) : default;

    /// <summary>A yes or no. Empty, <c>null</c> and JSON null are no.</summary>
    public Optional<bool> Boolean(string name)
    {
        if (Scalar(name, TextRules.Line, takesFalse: true) is not { } scalar)
            return default;
        if (scalar.Text is null or "" or Cleared)
            return Is(name, scalar.As, false, "0");

        return FieldText.ToBoolean(scalar.Text) is { } flag
            ? Is(name, scalar.As, flag, flag ? "1" : "0")
            : Wrong<bool>(name, scalar.As, FieldText.ExpectedBoolean);
    }

    /// <summary>
    /// A yes or no that must not change by accident: <c>null</c> and JSON null count as not sent, and so does the empty text
    /// in an update.
    /// </summary>
    public Optional<bool> Switch(string name, bool isNew) =>
        Scalar(name, TextRules.Line, takesFalse: true) switch
        {
            null or { Text: null or Cleared } => default,
            { Text: "" } when !isNew => default,
            _ => Boolean(name),
        };

    /// <summary>A whole number of ASCII digits; empty and <c>null</c> clear it.</summary>
    public Optional<long?> Number(string name, Func<long, string?> problem)
    {
        if (Scalar(name, TextRules.Line) is not { } scalar)
            return default;
        if (scalar.Text is null or "" or Cleared or No)
            return Is<long?>(name, scalar.As, null, null);
        if (!FieldText.TryNumber(scalar.Text, out var number))
            return Wrong<long?>(name, scalar.As, "must be a whole number");
        return problem(number) is { } wrong
            ? Wrong<long?>(name, scalar.As, wrong)
            : Is<long?>(name, scalar.As, number, number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>An instant, in milliseconds since 1970-01-01 UTC.</summary>
    public Optional<long?> Date(string name)
    {
        if (Scalar(name, TextRules.Line) is not { } scalar)
            return default;
        if (scalar.Text is null or "" or Cleared or No)
            return Is<long?>(name, scalar.As, null, null);
        return LocalTime.TryParse(scalar.Text, zone, out var instant)
            ? Is<long?>(name, scalar.As, instant, instant.ToString(CultureInfo.InvariantCulture))
            : Wrong<long?>(name, scalar.As, LocalTime.Expected);
    }

    /// <summary>An instant and its text, which may say less: a local time can exist twice.</summary>
    public Optional<SentDate?> SentDate(string name)
    {
        var date = Date(name);
        return date.Value is { } instant
            ? new(date.As, new(instant, Scalar(name, TextRules.Line)!.Value.Text!))
            : new(date.As, null);
    }

    /// <summary>A valid destination of a link.</summary>
    /// <param name="schemes">The allowed schemes of apps; null: the known ones.</param>
    public Optional<TargetUrl?> Target(string name, AppSchemes? schemes = null)
    {
        if (Scalar(name, TextRules.Line) is not { } scalar)
            return default;
        if (scalar.Text is null || AddressText.Trim(scalar.Text) is "" or Cleared or No)
            return Is<TargetUrl?>(name, scalar.As, null, null);
        return TargetUrl.TryParse(scalar.Text, out var url, out var problem, schemes)
            ? Is<TargetUrl?>(name, scalar.As, url, url.Text)
            : WrongAs<TargetUrl?>(scalar.As, problem);
    }

    /// <summary>One of a few values, matched exactly; empty, <c>null</c> and <c>false</c> clear it.</summary>
    public Optional<string?> OneOf(string name, params string[] words)
    {
        if (Scalar(name, TextRules.Line) is not { } scalar)
            return default;
        if (scalar.Text is null or "" or Cleared or No)
            return Is<string?>(name, scalar.As, null, null);
        return words.Contains(scalar.Text, StringComparer.Ordinal)
            ? Is<string?>(name, scalar.As, scalar.Text, scalar.Text)
            : Wrong<string?>(name, scalar.As, $"must be one of {string.Join(", ", words)}");
    }

    /// <summary>Adds an error if a required field is missing, unless it has an error already.</summary>
    public void Require<T>(string name, Optional<T> sent, bool isThere)
    {
        if (!isThere && !Errors.Exists(error => BareName(error.Field) == name))
            Errors.Add(new($"{name} is required.", sent.As ?? name));
    }

    /// <summary>Whether a field was sent, whatever its value.</summary>
    public bool Has(string name) => fields.Names.Contains(name);

    public void Add(string title, string field) => Errors.Add(new(title, field));

    public void Warn(string title, string? field) => Warnings.Add(new(title, field));

    /// <summary>Warns of each sent name that nobody has asked for. Call it after everything was read.</summary>
    /// <param name="response">A type of response: clients may send back all of its names.</param>
    public void WarnOfUnknown(Type? response = null)
    {
        var unknown = fields.Names.Where(name => !_asked.Contains(name));
        if (response is not null)
            unknown = unknown.Where(name => !UnknownFields.NamesIn(response).Contains(name));
        string[] all = [.. unknown];
        foreach (var name in all.Take(UnknownFields.MostNamed))
            Warn(UnknownFields.Describe(name, _asked), null);
        if (all.Length > UnknownFields.MostNamed)
            Warn($"{all.Length - UnknownFields.MostNamed} more fields are unknown.", null);
    }

    /// <summary>Tells whether a value was sent that is not empty.</summary>
    public bool IsFilled(string name) =>
        Sent(name).Any(one => one.Value is not (FieldValue.Nothing or FieldValue.Text { Value: "" or Cleared }));

    // The values of a field. Its name is known from now on.
    private IReadOnlyList<SentValue> Sent(string name)
    {
        _asked.Add(name);
        return fields[name];
    }

    private static string? BareName(string? field) => field?.Split('[')[0];

    private Optional<T> Is<T>(string name, string sentAs, T value, string? canonical)
    {
        Meaning.Add(name, canonical);
        return new(sentAs, value);
    }

    private Optional<T> Wrong<T>(string name, string sentAs, string problem) =>
        WrongAs<T>(sentAs, $"{name} {problem}.");

    private Optional<T> WrongAs<T>(string sentAs, string title)
    {
        Errors.Add(new(title, sentAs));
        return default;
    }
}
