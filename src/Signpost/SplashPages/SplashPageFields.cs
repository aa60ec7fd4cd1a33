using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;

namespace Signpost.SplashPages;

/// <summary>The changes that a request makes to a splash page. Texts are plain texts.</summary>
internal sealed record SplashPageChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<string?> Name { get; init; }
    public Optional<string?> Title { get; init; }
    public Optional<string?> Description { get; init; }
    public Optional<int> UnlockSeconds { get; init; }
    public Optional<string?> UnlockButton { get; init; }
}

/// <summary>Reads the parameters of create and update.</summary>
internal static class SplashPageFields
{
    private const int LongestName = 64;
    private const int LongestTitle = 256;
    private const int LongestDescription = 1024;
    private const int LongestButton = 64;
    private const int LongestWait = 60;

    public static SplashPageChanges Read(FieldReader read, bool isNew) =>
        new()
        {
            Name = read.Name(LongestName, isNew),
            Title = read.Text("title", LongestTitle),
            Description = read.Text("description", LongestDescription, TextRules.Folded),
            UnlockSeconds = Seconds(read),
            UnlockButton = read.Text("link_unlock_button", LongestButton),
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };

    public static IEnumerable<Parameter> Parameters() =>
        [
            new("name", Describe.Limited(LongestName), "Your name for it.") { IsRequired = true, Example = "Spring" },
            new("title", Describe.Limited(LongestTitle), "The heading of the page. Empty: a usual one.")
            {
                Example = "Doors open at eight",
            },
            new("description", Describe.Limited(LongestDescription), "The text of the page. Line ends become blanks."),
            new(
                "link_unlock_seconds",
                Describe.Whole(0, LongestWait),
                "The time that visitors wait on the page, 0 to 60 seconds. Default: 0."
            )
            {
                Example = 5,
            },
            new("link_unlock_button", Describe.Limited(LongestButton), "The text of the button. Empty: a usual one."),
        ];

    private static Optional<int> Seconds(FieldReader read)
    {
        var sent = read.Number(
            "link_unlock_seconds",
            seconds => seconds <= LongestWait ? null : $"must be at most {LongestWait}"
        );
        return new(sent.As, (int)(sent.Value ?? 0));
    }
}
