using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Web.Languages;

namespace Signpost.Tests.Web;

/// <summary>The visitors' pages in the languages of their visitors.</summary>
public sealed partial class TextsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly PageLanguages Languages = new();

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Tags => [.. Languages.All.Select(words => words.Language)];

    [Fact]
    public void The_pages_speak_at_least_these()
    {
        string[] promised = ["ar", "de", "en", "es", "fr", "it", "ja", "pt", "tr", "zh", "zh-Hant"];

        Assert.Empty(promised.Except(Languages.All.Select(words => words.Language)));
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_language_says_everything_with_the_same_placeholders(string tag)
    {
        var english = PageLanguages.Read("en");
        var texts = PageLanguages.Read(tag);

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), texts.Keys.Order(StringComparer.Ordinal));
        Assert.Contains(texts["direction"], (string[])["ltr", "rtl"]);
        foreach (var (name, text) in texts)
        {
            Assert.False(string.IsNullOrWhiteSpace(text), name);
            Assert.Equal(text.Trim(), text);
            Assert.Equal(Placeholders(english[name]), Placeholders(text));
        }
    }

    [Theory]
    [InlineData(null, "en", "ltr", "leads nowhere")]
    [InlineData("de", "de", "ltr", "nirgendwohin")]
    [InlineData("de-AT,de;q=0.9,en;q=0.8", "de", "ltr", "nirgendwohin")]
    [InlineData("nl,fr;q=0.5", "fr", "ltr", "nulle part")]
    [InlineData("en;q=0.1,ja;q=0.9", "ja", "ltr", "行き先")]
    [InlineData("AR-eg", "ar", "rtl", "الرابط")]
    [InlineData("zh-Hant-TW", "zh-Hant", "ltr", "連結")]
    [InlineData("zh-TW", "zh-Hant", "ltr", "連結")]
    [InlineData("zh-HK,zh;q=0.9", "zh-Hant", "ltr", "連結")]
    [InlineData("zh-CN,zh;q=0.9", "zh", "ltr", "链接")]
    [InlineData("de_DE", "de", "ltr", "nirgendwohin")]
    [InlineData("tlh", "en", "ltr", "leads nowhere")]
    [InlineData("*", "en", "ltr", "leads nowhere")]
    [InlineData("<script>, ;;q=", "en", "ltr", "leads nowhere")]
    [InlineData("../en, words/de", "en", "ltr", "leads nowhere")]
    public async Task A_page_is_in_the_language_that_its_visitor_likes_best(
        string? accepted,
        string language,
        string direction,
        string part
    )
    {
        foreach (var path in (string[])["no-such-link", ""])
        {
            using var response = await _server.FollowAsync(
                path,
                null,
                accepted is null ? [] : [("Accept-Language", accepted)]
            );
            var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Cancel));

            Assert.Equal([language], response.Content.Headers.ContentLanguage);
            Assert.Equal(["Accept-Language"], response.Headers.Vary);
            Assert.Contains($"<html lang=\"{language}\" dir=\"{direction}\">", page, StringComparison.Ordinal);
            if (path is not "")
                Assert.Contains(part, page, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Placeholders(string text) =>
        Placeholder().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();
}
