using Markdig;

namespace Signpost.Api.Documentation;

/// <summary>The text of <c>docs/api.md</c> as HTML. It is a part of the program and holds nothing from requests.</summary>
internal static class GuideText
{
    private static readonly Lazy<string> Made = new(Make);

    public static string Html => Made.Value;

    private static string Make()
    {
        using var stream = typeof(GuideText).Assembly.GetManifestResourceStream("api.md")!;
        using var reader = new StreamReader(stream);
        var pipeline = new MarkdownPipelineBuilder()
            .UsePipeTables()
            .UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub)
            .DisableHtml()
            .Build();
        return Markdown.ToHtml(reader.ReadToEnd(), pipeline);
    }
}
