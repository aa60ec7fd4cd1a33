using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>The forms of interstitials reach links only, never other pages of the server.</summary>
public sealed class InterstitialReachTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("unlock", "login", "login")]
    [InlineData("agree", "docs", "docs")]
    [InlineData("unlock", "api/links", "api/links")]
    // This letter folds to s.
    [InlineData("unlock", "doc%C5%BF", "docs")]
    [InlineData("unlock", "_%C5%BFignpost/unlock/promo", "_signpost/unlock/promo")]
    public async Task A_form_that_names_a_page_of_the_server_hides_it_from_nobody(
        string page,
        string path,
        string hidden
    )
    {
        using var before = await shared.Server.FollowAsync(hidden);

        using var posted = await shared.Server.FollowAsync($"_signpost/{page}/{path}", HttpMethod.Post);
        using var after = await shared.Server.FollowAsync(hidden);

        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        Assert.Equal(before.StatusCode, after.StatusCode);
        Assert.NotEqual(HttpStatusCode.NotFound, before.StatusCode);
    }
}
