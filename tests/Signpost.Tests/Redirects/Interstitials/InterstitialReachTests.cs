using System.Net;
using Signpost.Testing;

namespace Signpost.Tests.Redirects.Interstitials;

/// <summary>The forms of interstitials reach links only, never other pages of the server.</summary>
public sealed class InterstitialReachTests
{
    [Theory]
    [InlineData("unlock", "login")]
    [InlineData("agree", "docs")]
    [InlineData("unlock", "api/links")]
    public async Task A_form_that_names_a_page_of_the_server_hides_it_from_nobody(string page, string path)
    {
        await using var server = await TestServer.StartAsync();
        using var before = await server.FollowAsync(path);

        using var posted = await server.FollowAsync($"_signpost/{page}/{path}", HttpMethod.Post);
        using var after = await server.FollowAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
        Assert.NotEqual(HttpStatusCode.NotFound, before.StatusCode);
        Assert.Equal(before.StatusCode, after.StatusCode);
    }
}
