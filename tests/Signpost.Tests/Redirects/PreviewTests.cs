using System.Net;
using Signpost.Testing;
using Signpost.Tests.Files;

namespace Signpost.Tests.Redirects;

/// <summary>The responses to robots that draw previews of links.</summary>
public sealed class PreviewTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string WhatsApp = "WhatsApp/2.23.20.0";
    private const string Destination = "https://secret.example/";

    private readonly TestServer _server = shared.Server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_link_with_open_graph_settings_shows_them_and_not_its_destination()
    {
        var link = await _server.CreateLinkAsync(
            ("location_url", Destination),
            ("cloaking_title", "Summer <sale>"),
            ("cloaking_meta_description", "All of \"it\"")
        );
        await UploadAsync(link, "cloaking_opengraph");
        await UploadAsync(link, "cloaking_favicon");
        var settings = (await _server.ReadLinkAsync(link.Id)).GetProperty("settings");
        var picture = settings.GetProperty("cloaking_opengraph").GetString();

        var (status, page) = await PreviewAsync(link);

        Assert.Equal(HttpStatusCode.OK, status);
        foreach (
            var tag in (string[])
                [
                    "<meta property=\"og:title\" content=\"Summer &lt;sale&gt;\" />",
                    "<meta property=\"og:description\" content=\"All of &quot;it&quot;\" />",
                    $"<meta property=\"og:image\" content=\"{picture}\" />",
                    $"<meta property=\"og:url\" content=\"{_server.Url}/{link.Alias}\" />",
                    "<meta name=\"twitter:card\" content=\"summary_large_image\" />",
                    $"<meta name=\"twitter:image\" content=\"{picture}\" />",
                    $"<link rel=\"icon\" href=\"{settings.GetProperty("cloaking_favicon").GetString()}\" />",
                ]
        )
            Assert.Contains(tag, page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.example", page, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh", page, StringComparison.OrdinalIgnoreCase);
        using var fetched = await _server.Anonymous.GetAsync(picture, Cancel);
        Assert.Equal(HttpStatusCode.OK, fetched.StatusCode);
        Assert.Equal(0, await _server.ReadClicksAsync(link.Id));
    }

    [Fact]
    public async Task A_picture_alone_is_reason_enough_and_the_alias_the_title()
    {
        var link = await _server.CreateLinkAsync(("url", "Summer/Sale"), ("location_url", Destination));
        await UploadAsync(link, "cloaking_opengraph");

        var (_, page) = await PreviewAsync(link);

        Assert.Contains("<meta property=\"og:title\" content=\"Summer/Sale\" />", page, StringComparison.Ordinal);
        Assert.Contains("og:image", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_the_robot_is_sent_to_the_destination_s_own()
    {
        var link = await _server.CreateLinkAsync(("location_url", Destination));

        using var response = await _server.FollowAsync(link.Alias, null, ("User-Agent", WhatsApp));

        Assert.Equal(Destination, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task An_icon_alone_is_no_reason_to_keep_it_from_the_destination_s_own()
    {
        var link = await _server.CreateLinkAsync(("location_url", Destination));
        await UploadAsync(link, "cloaking_favicon");

        using var response = await _server.FollowAsync(link.Alias, null, ("User-Agent", WhatsApp));

        Assert.Equal(Destination, response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("password", "sesame")]
    [InlineData("clicks_limit", "5")]
    [InlineData("sensitive_content", "1")]
    public async Task But_not_where_it_must_not_follow(string name, string value)
    {
        var link = await _server.CreateLinkAsync(("location_url", Destination), (name, value));

        var (status, page) = await PreviewAsync(link);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"<meta property=\"og:title\" content=\"{link.Alias}\" />", page, StringComparison.Ordinal);
        Assert.DoesNotContain("secret.example", page, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_limited_link_s_preview_has_its_picture_too()
    {
        var link = await _server.CreateLinkAsync(("clicks_limit", "1"), ("location_url", Destination));
        await UploadAsync(link, "cloaking_opengraph");

        var (_, page) = await PreviewAsync(link);

        Assert.Contains("og:image", page, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Page)> PreviewAsync(MadeLink link)
    {
        using var response = await _server.FollowAsync(link.Alias, null, ("User-Agent", WhatsApp));
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private async Task UploadAsync(MadeLink link, string field)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(Pictures.PngOf(1, 1)), field, "p.png");
        using var response = await _server.Http.PostAsync($"/api/links/{link.Id}", form, Cancel);
        response.EnsureSuccessStatusCode();
    }
}
