using System.Text.RegularExpressions;
using Signpost.Dashboard.Shell;
using Signpost.Web.Languages;

namespace Signpost.Tests.Dashboard;

/// <summary>
/// Every sentence about a field that the source can say to a page, in eleven languages. A new sentence fails here until pages say it,
/// or the list says why no page needs it.
/// </summary>
public sealed partial class ProblemSentenceTests
{
    /// <summary>The source of the errors that <see cref="FieldProblems"/> says. Those about accounts and teams have texts of their own.</summary>
    private static readonly string[] Folders =
    [
        "src/Signpost.Core/Links",
        "src/Signpost/Api/Bodies",
        "src/Signpost/Domains",
        "src/Signpost/Links",
        "src/Signpost/Pixels",
        "src/Signpost/Presets",
        "src/Signpost/Projects",
        "src/Signpost/QrCodes",
        "src/Signpost/SplashPages",
        "src/Signpost/Statistics/Questions",
        "src/Signpost/Tags",
    ];

    /// <summary>Parts of sentences that no page needs to say, by the reason.</summary>
    private static readonly Dictionary<string, string[]> Unsaid = new()
    {
        ["Forms of pages are sent by browsers, in a shape that is always right."] =
        [
            "Send multipart/form-data",
            "Compressed bodies",
            "The body must",
            "bulk of long addresses",
            "Send either",
            "Entry {place}",
            "a single value",
            "more than once",
            "not a file",
            "must be sent as",
            "holds more than",
        ],
        ["It puts the problem of another sentence behind the name of the field."] =
        [
            "{name} {problem}.",
            "{name} {dimension.Expected}.",
        ],
        ["No page has these fields, or both of them."] =
        [
            "is_bulk",
            "an update.",
            "find_existing",
            "cursor",
            "Send either url or link_id",
            "change its location_url",
            "host cannot be changed",
            "or ?{LinksField}=delete",
            "must be a text",
        ],
        ["It warns of a field or a filter that is not used, and pages send none such."] =
        [
            "words[0]} is used",
            "so the list is empty",
            "fields are unknown",
            "Unknown field",
            "is not used until",
            "is left out: an earlier pair",
            "No click has",
        ],
        ["The page of many links has texts of its own, and sends the right combinations."] =
        [
            "links match. Add a filter",
            "changes of many links run",
            "cannot be combined",
            "or delete=1",
            "The link is gone",
        ],
        ["The page of a link says it with a text of its own."] =
        [
            "Visitors get it when the owner allows it",
            "Only the first {MostAddresses}",
            "in a frame",
            "see no frame",
            "the rule will never match",
            "of that version is gone",
        ],
        ["Nobody types the text that stands for a stored password."] = ["stands for the stored password"],
        ["A part of a sentence that begins in another literal."] =
        [
            ", which are {stored",
            ", parts.All)}.",
            "own. Such addresses",
        ],
    };

    private static readonly IReadOnlyList<PageTexts> Languages = new OwnLanguages().All;

    [Fact]
    public void Pages_say_every_sentence_in_eleven_languages()
    {
        string[] sentences = [.. Sentences().Distinct()];
        string[] reasons = [.. Unsaid.Values.SelectMany(parts => parts)];

        Assert.True(sentences.Length > 150, $"Only {sentences.Length} sentences were found.");
        Assert.Equal(11, Languages.Count);
        Assert.DoesNotContain(
            sentences,
            sentence => !IsSaid(sentence) && !reasons.Any(part => sentence.Contains(part, StringComparison.Ordinal))
        );
        Assert.DoesNotContain(
            reasons,
            part => !sentences.Any(sentence => sentence.Contains(part, StringComparison.Ordinal) && !IsSaid(sentence))
        );
    }

    // English pages say a sentence that they do not know as it is, and others say "problem.other".
    private static bool IsSaid(string sentence) =>
        Languages.All(language =>
            language.Language is "en"
            || FieldProblems.Translate(sentence, language.All) != language.All["problem.other"]
        );

    // The literals of the source that are problems of fields. What stands in braces is filled in later.
    private static IEnumerable<string> Sentences() =>
        from folder in Folders
        from path in Directory.EnumerateFiles(
            Path.Combine(ArchitectureTests.Root, folder),
            "*.cs",
            SearchOption.AllDirectories
        )
        where
            !path.EndsWith("Endpoints.cs", StringComparison.Ordinal)
            && !path.EndsWith("Parameters.cs", StringComparison.Ordinal)
            && !path.EndsWith("Services.cs", StringComparison.Ordinal)
        let source = Comment().Replace(WithoutParameters(File.ReadAllText(path)), "")
        from literal in Literal().Matches(source)
        let text = literal.Groups["text"].Value
        where
            text.Contains(' ', StringComparison.Ordinal)
            && (text.StartsWith("must ", StringComparison.Ordinal) || text.EndsWith('.'))
        select text.StartsWith("must ", StringComparison.Ordinal) ? $"name {text}." : text;

    // The descriptions of the API's parameters end a file or a class.
    private static string WithoutParameters(string source) =>
        source.IndexOf("IEnumerable<Parameter>", StringComparison.Ordinal) is >= 0 and var at ? source[..at] : source;

    [GeneratedRegex(@"^\s*//.*$|throw new \w+\([^;]*;", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"""(?<text>(?:[^""\\\n]|\\.)*)""")]
    private static partial Regex Literal();
}
