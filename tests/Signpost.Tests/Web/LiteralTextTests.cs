using System.Text.RegularExpressions;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Signpost.Tests.Web;

/// <summary>Reads the compiled pages: each text stands in the tables of the languages, none in the pages themselves.</summary>
public sealed partial class LiteralTextTests
{
    /// <summary>Names, and examples that are the same in every language.</summary>
    private static readonly string[] Names = ["Signpost", "•••", "–", "·", "…", "/", ",", "."];

    /// <summary>Attributes that browsers and screen readers show to people, and parameters of components that end up there.</summary>
    private static readonly string[] Shown =
    [
        "alt",
        "aria-description",
        "aria-label",
        "Error",
        "Hint",
        "Label",
        "placeholder",
        "Text",
        "title",
        "Title",
    ];

    [Fact]
    public void No_page_has_a_text_of_its_own()
    {
        using var server = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, "Signpost.dll"));
        var pages = server.GetTypes().Where(IsPage).ToList();

        Assert.InRange(pages.Count, 30, 300);
        var texts = pages
            .SelectMany(page => MethodsOf(page).SelectMany(TextsOf).Select(text => $"{page.Name}: {text}"))
            .ToList();
        Assert.True(texts.Count == 0, string.Join('\n', texts));
    }

    [Fact]
    public void No_sentence_stands_in_the_code_of_the_dashboard()
    {
        using var server = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, "Signpost.dll"));
        var english = Signpost.Web.Languages.PageLanguages.Read("en", Signpost.Web.Languages.OwnLanguages.Prefix);
        var literals = (
            from type in server.GetTypes()
            where Outermost(type).Namespace.StartsWith("Signpost.Dashboard", StringComparison.Ordinal)
            from method in type.Methods
            where method.HasBody
            from one in method.Body.Instructions
            where one.OpCode == OpCodes.Ldstr && one.Next?.OpCode != OpCodes.Newobj
            select (Method: method, Text: (string)one.Operand)
        ).ToList();

        Assert.InRange(literals.Count, 100, 30_000);
        Assert.Empty(
            literals
                .Where(one => Sentence().IsMatch(one.Text) && !english.ContainsValue(one.Text))
                .Select(one => $"{one.Method.DeclaringType.Name}.{one.Method.Name}: {one.Text}")
        );
    }

    [Theory]
    [InlineData("<h1>Sign in</h1>", "Sign in")]
    [InlineData("<p class=\"quiet\">Sign\n in</p>", "Sign in")]
    [InlineData("<input type=\"text\" placeholder=\"Your name\">", "Your name")]
    [InlineData("<p class=\"quiet\" id=\"some-id\"><b></b> · Signpost</p>", null)]
    public void The_test_finds_texts_in_markup(string markup, string? text) =>
        Assert.Equal(text is null ? [] : [text], TextsIn(markup));

    private static bool IsPage(TypeDefinition type)
    {
        for (var parent = type.BaseType; parent is not null; parent = (parent as TypeDefinition)?.BaseType)
            if (parent.FullName == "Microsoft.AspNetCore.Components.ComponentBase")
                return true;
        return false;
    }

    // Nested types hold the lambdas: the content of components in components.
    private static IEnumerable<MethodDefinition> MethodsOf(TypeDefinition page) =>
        page.Methods.Concat(page.NestedTypes.SelectMany(MethodsOf)).Where(method => method.HasBody);

    private static IEnumerable<string> TextsOf(MethodDefinition method)
    {
        List<string> loaded = [];
        foreach (var one in method.Body.Instructions)
        {
            if (one.OpCode == OpCodes.Ldstr)
                loaded.Add((string)one.Operand);
            if (one.Operand is not MethodReference called)
                continue;
            foreach (var text in TextsOf(called.Name, loaded))
                yield return text;
            if (called.DeclaringType.Name.StartsWith("RenderTreeBuilder", StringComparison.Ordinal))
                loaded.Clear();
        }
    }

    private static IEnumerable<string> TextsOf(string called, List<string> loaded) =>
        (called, loaded) switch
        {
            ("AddMarkupContent", [.., var markup]) => TextsIn(markup),
            ("AddContent", _) => loaded.Where(IsText),
            ("AddAttribute" or "AddComponentParameter", [var name, .. var values]) when Shown.Contains(name) =>
                values.Where(IsText),
            _ => [],
        };

    private static IEnumerable<string> TextsIn(string markup)
    {
        foreach (Match attribute in Attribute().Matches(markup))
            if (Shown.Contains(attribute.Groups["name"].Value) && IsText(attribute.Groups["value"].Value))
                yield return attribute.Groups["value"].Value;
        foreach (var text in Tag().Split(markup))
            if (IsText(text))
                yield return Space().Replace(text.Trim(), " ");
    }

    // Keys and placeholders of the tables have no spaces and no capitals, names of settings only capitals.
    private static bool IsText(string text)
    {
        foreach (var name in Names)
            text = text.Replace(name, "", StringComparison.Ordinal);
        text = text.Trim();
        return text.Any(char.IsLetter) && !Key().IsMatch(text);
    }

    private static TypeDefinition Outermost(TypeDefinition type)
    {
        for (; type.DeclaringType is { } outer; type = outer) { }
        return type;
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("(?<name>[\\w-]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@"\A(\{?[a-z0-9_:-]+\}?|[A-Z_]+)\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"\A[A-Z][a-z]+( [a-z]+)+|\p{Ll}{2,} \p{Ll}{2,} \p{Ll}{2,}")]
    private static partial Regex Sentence();
}
