using System.Globalization;
using Signpost.Core.Links;

namespace Signpost.Api.Bodies;

/// <summary>
/// Reads typed values out of <see cref="Fields"/>, and collects two things: all errors, so that one response
/// names all wrong fields, and the <see cref="Meaning"/>, which is the same for all spellings of a request.
/// </summary>
internal sealed partial class FieldReader(Fields fields, TimeZoneInfo zone)
{
    private const string Cleared = "null";

    public List<FieldError> Errors { get; } = [];

    public Meaning Meaning { get; } = new();

    /// <summary>A text; empty, blank and <c>null</c> clear it.</summary>
    public Optional<string?> Text(string name, int longest) =>
        Read(
            name,
            TextRules.Line,
            text => FieldText.Length(text) <= longest ? null : $"must be at most {longest} characters"
        );

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

    /// <summary>A yes or no; it cannot be cleared.</summary>
    public Optional<bool> Boolean(string name)
    {
        if (Scalar(name, TextRules.Line) is not { } scalar)
            return default;

        return FieldText.ToBoolean(scalar.Text) is { } flag
            ? Is(name, scalar.As, flag, flag ? "1" : "0")
            : Wrong<bool>(name, scalar.As, FieldText.ExpectedBoolean);
    }

    /// <summary>A whole number of ASCII digits; empty and <c>null</c> clear it.</summary>
    public Optional<long?> Number(string name, Func<long, string?> problem)
    {
        if (Scalar(name, TextRules.Line) is not { } scalar)
            return default;
        if (scalar.Text is null or "" or Cleared)
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
        if (scalar.Text is null or "" or Cleared)
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
        if (AddressText.Trim(scalar.Text) is "" or Cleared)
            return Is<TargetUrl?>(name, scalar.As, null, null);
        return TargetUrl.TryParse(scalar.Text, out var url, out var problem, schemes)
            ? Is<TargetUrl?>(name, scalar.As, url, url.Text)
            : WrongAs<TargetUrl?>(scalar.As, problem);
    }

    /// <summary>One of a few values, matched exactly; empty and <c>null</c> clear it.</summary>
    public Optional<string?> OneOf(string name, params string[] words) =>
        Read(
            name,
            TextRules.Line,
            text => words.Contains(text, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", words)}"
        );

    /// <summary>Adds an error if a required field is missing, unless it has an error already.</summary>
    public void Require<T>(string name, Optional<T> sent, bool isThere)
    {
        if (!isThere && !Errors.Exists(error => BareName(error.Field) == name))
            Errors.Add(new($"{name} is required.", sent.As ?? name));
    }

    public void Add(string title, string field) => Errors.Add(new(title, field));

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
