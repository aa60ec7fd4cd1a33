using System.Net;
using Signpost.Testing;
using Signpost.Tests.Files;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>Idempotency-Key: one effect, one response.</summary>
public sealed class IdempotencyTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task A_repeated_request_gets_the_first_response_with_any_body_type()
    {
        var first = await WithKeyAsync(
            "k1",
            Bodies.Form(("location_url", "https://example.org/"), ("is_enabled", "yes"))
        );
        var asJson = await WithKeyAsync(
            "k1",
            Bodies.Json("""{"is_enabled":true,"location_url":" https://EXAMPLE.org"}""")
        );
        var asMultipart = await WithKeyAsync(
            "k1",
            Bodies.Multipart(("is_enabled", "1"), ("location_url", "https://example.org/"), ("unknown", "x"))
        );

        Assert.Equal(HttpStatusCode.Created, first.Status);
        Assert.Equal((first.Status, first.Body), (asJson.Status, asJson.Body));
        Assert.Equal((first.Status, first.Body), (asMultipart.Status, asMultipart.Body));
    }

    [Theory]
    [InlineData("location_url", "https://other.example/")]
    [InlineData("is_enabled", "0")]
    [InlineData("password", "secret")]
    [InlineData("url", "another")]
    public async Task Another_meaning_under_the_same_key_is_a_conflict(string name, string value)
    {
        await WithKeyAsync("k2", Bodies.Form(("location_url", "https://example.org/")));
        (string, string)[] fields =
            name == "location_url" ? [(name, value)] : [("location_url", "https://example.org/"), (name, value)];

        var reply = await WithKeyAsync("k2", Bodies.Form(fields));

        Assert.Equal(HttpStatusCode.Conflict, reply.Status);
        Assert.Equal("409", reply.Json["errors"]![0]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Files_count_by_their_content()
    {
        var first = await WithKeyAsync("k3", WithPicture(Bodies.Png, "a.png"));
        var renamed = await WithKeyAsync("k3", WithPicture(Bodies.Png, "b.gif"));
        var other = await WithKeyAsync("k3", WithPicture(Pictures.Gif, "a.png"));

        Assert.Equal(first.Body, renamed.Body);
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
    }

    [Fact]
    public async Task Only_successes_are_kept()
    {
        var wrong = await WithKeyAsync("k4", Bodies.Form(("location_url", "nope")));
        var right = await WithKeyAsync("k4", Bodies.Form(("location_url", "https://example.org/")));

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal(HttpStatusCode.Created, right.Status);
        var wrongAgain = await WithKeyAsync(
            "k4",
            Bodies.Form(("location_url", "https://example.org/"), ("is_enabled", "2"))
        );
        Assert.Equal(HttpStatusCode.BadRequest, wrongAgain.Status);
    }

    [Fact]
    public async Task A_key_is_an_accounts_own_and_a_paths_own()
    {
        using var stranger = await StrangerAsync();
        var body = () => Bodies.Form(("location_url", "https://example.org/"));

        var mine = await WithKeyAsync("k5", body());
        var theirs = await WithKeyAsync("k5", body(), stranger);
        var id = mine.Json["data"]!["id"]!.GetValue<long>();
        var update = await SendAsync(HttpMethod.Post, $"/api/links/{id}", body(), null, ("Idempotency-Key", "k5"));

        Assert.NotEqual(mine.Body, theirs.Body);
        Assert.Equal(HttpStatusCode.OK, update.Status);
    }

    [Fact]
    public async Task An_update_is_done_once()
    {
        var id = await CreateAsync();
        var send = () =>
            SendAsync(HttpMethod.Post, $"/api/links/{id}/", Bodies.Form(("url", "")), null, ("Idempotency-Key", "k6"));

        await send();
        var drawn = (await ReadAsync(id))["url"]!.GetValue<string>();
        var again = await send();

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(drawn, (await ReadAsync(id))["url"]!.GetValue<string>());
    }

    [Fact]
    public async Task Fifty_at_once_have_one_effect()
    {
        var before = await TotalAsync();

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ => WithKeyAsync("k7", Bodies.Form(("location_url", "https://example.org/race"))))
        );

        Assert.Equal(before + 1, await TotalAsync());
        Assert.All(
            replies,
            reply => Assert.Contains(reply.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict])
        );
        Assert.All(
            replies.Where(reply => reply.Status == HttpStatusCode.Conflict),
            reply => Assert.Equal("1", reply.Headers["Retry-After"])
        );
        Assert.Single(
            replies.Where(reply => reply.Status == HttpStatusCode.Created).Select(reply => reply.Body).Distinct()
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("schlüssel")]
    public async Task A_key_is_printable_ASCII(string key)
    {
        using var http = new RawHttp(Server.Url);
        var body = "location_url=https://example.org/";

        var status = await http.StatusAsync(
            $"POST /api/links HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Testing.TestServer.ApiKey}\r\nIdempotency-Key: {key}\r\n"
                + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            Cancel
        );

        Assert.Equal(400, status);
    }

    [Fact]
    public async Task A_key_has_at_most_255_characters()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await WithKeyAsync(new string('k', 256), Body())).Status);
        Assert.Equal(HttpStatusCode.Created, (await WithKeyAsync(new string('k', 255), Body())).Status);

        static HttpContent Body() => Bodies.Form(("location_url", "https://example.org/"));
    }

    private static MultipartFormDataContent WithPicture(byte[] picture, string name) =>
        Bodies.Multipart(("location_url", "https://example.org/")).WithFile("cloaking_favicon", picture, name);

    private Task<Reply> WithKeyAsync(string key, HttpContent body, HttpClient? http = null) =>
        SendAsync(HttpMethod.Post, "/api/links", body, http, ("Idempotency-Key", key));

    private async Task<int> TotalAsync() => (await GetAsync("/api/links")).Json["meta"]!["total"]!.GetValue<int>();
}
