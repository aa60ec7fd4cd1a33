using Signpost.Dashboard.Shell;
using Signpost.Web.Languages;

namespace Signpost.Tests.Dashboard;

/// <summary>The sentences of the API's errors in the language of a page.</summary>
public sealed class FieldProblemTests
{
    [Theory]
    [InlineData("host must have at least two parts, as in example.org.", "host", "")]
    [InlineData("size must be at least 232 for this code.", "least", "232")]
    [InlineData("An account has at most 1,000 domains.", "many", "")]
    [InlineData("An account may have at most 1000 tags.", "many", "")]
    [InlineData("A link has at most 100 QR codes.", "most", "100")]
    [InlineData("A link may have at most 20 tags.", "most", "20")]
    [InlineData("tags may hold at most 20 names.", "most", "20")]
    [InlineData("location_urls may hold at most 1,000 addresses.", "most", "1,000")]
    [InlineData("tags must be names of at most 64 characters.", "long", "")]
    [InlineData("pixels_ids must be among your pixels.", "gone", "")]
    [InlineData("project_id must be one of your projects.", "gone", "")]
    [InlineData("is_enabled must be 1 or 0, true or false, on or off, yes or no.", "choice", "")]
    [InlineData("app_links must be some of ios, android.", "choice", "")]
    [InlineData("A sentence that the table does not have.", "other", "")]
    public void A_sentence_is_said_in_German_with_its_value(string sentence, string text, string value)
    {
        var german = PageLanguages.Read("de", OwnLanguages.Prefix);

        var said = FieldProblems.Translate(sentence, new OwnLanguages().All.Single(one => one.Language is "de").All);

        Assert.Equal(german[$"problem.{text}"].Replace("{value}", value, StringComparison.Ordinal), said);
    }

    [Fact]
    public void An_English_page_says_a_rare_sentence_as_it_is()
    {
        const string Rare = "A sentence that the table does not have.";

        var english = new OwnLanguages().All.Single(one => one.Language is "en").All;

        Assert.Equal(Rare, FieldProblems.Translate(Rare, english));
    }
}
