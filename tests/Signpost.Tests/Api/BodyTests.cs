using System.Net;
using System.Text;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>Bodies that cannot be read get a clear error and never a 500.</summary>
public sealed class BodyTests(SharedServer shared) : ApiTests(shared)
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";

    [Theory]
    [InlineData(Json, "{\"url\":\"a\"", 400)]
    [InlineData(Json, "[]", 400)]
    [InlineData(Json, "\"x\"", 400)]
    [InlineData(Json, "{\"clicks_limit\":NaN}", 400)]
    [InlineData(Json, "{/*x*/\"location_url\":\"https://a.example\"}", 400)]
    [InlineData(Json, "{\"location_url\":\"https://a.example\",}", 400)]
    [InlineData(Json, "{\"location_url\":\"https://a.example\",\"location_url\":\"https://b.example\"}", 400)]
    [InlineData(Json, "{\"location_url\":\"https://a.example\",\"location\\u005furl\":\"https://b.example\"}", 400)]
    [InlineData(Json, "{\"location_url\":\"https://a.example\",\"x\":{\"\\ud800\":1,\"y\":2}}", 400)]
    [InlineData(Json, "{\"location_url\":\"https://a.example\",\"\\udc00\":1}", 400)]
    [InlineData(Json, "url=x&location_url=https://a.example", 400)]
    [InlineData(Json, "{\"x\":[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}", 400)]
    [InlineData(Json + "; charset=utf-16", "{}", 415)]
    [InlineData(Json + "; charset=\"UTF-8\"", "{\"location_url\":\"https://a.example\"}", 201)]
    [InlineData("text/plain", "location_url=https://a.example", 415)]
    [InlineData("application/xml", "<a/>", 415)]
    [InlineData("nonsense", "x", 415)]
    [InlineData(null, "location_url=https://a.example", 415)]
    [InlineData(Form + "; charset=utf-7", "location_url=+ADw-", 415)]
    [InlineData(Form + "; charset=iso-8859-1", "location_url=https://a.example", 415)]
    [InlineData(Form, "location_url=https://a.example&utm_source=%FF%FE", 400)]
    [InlineData(Form, "location_url=https://a.example&utm_source=100%&utm_medium=%zz", 201)]
    [InlineData(Form, "&&location_url=https://a.example&&=x&", 201)]
    [InlineData(Form, "URL=evil&Location_Url=x&location_url=https://a.example", 201)]
    [InlineData("multipart/form-data", "x", 400)]
    [InlineData("multipart/form-data; boundary=B", "junk", 400)]
    [InlineData("multipart/form-data; boundary=\"\"", "junk", 400)]
    [InlineData("multipart/form-data; boundary=B", "--B\r\n\r\nx\r\n--B--\r\n", 400)]
    [InlineData("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--\r\n", 400)]
    [InlineData("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\nx", 400)]
    [InlineData(
        "multipart/form-data; boundary=B",
        "--B\r\nContent-Type: multipart/mixed; boundary=C\r\nContent-Disposition: form-data; name=\"url\"\r\n\r\n--C\r\n\r\nx\r\n--C--\r\n--B--\r\n",
        400
    )]
    [InlineData(
        "multipart/form-data; boundary=B",
        "--B\r\nContent-Disposition: form-data; name=\"location_url\"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\nx\r\n--B--\r\n",
        415
    )]
    [InlineData(
        "multipart/form-data; boundary=B",
        "--B\r\nContent-Disposition: form-data; name=\"location_url\"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--B--\r\n",
        400
    )]
    [InlineData(
        "multipart/form-data; boundary=B",
        "--B\r\nContent-Disposition: form-data; name=location_url\r\n\r\nhttps://a.example\r\n--B--\r\n",
        201
    )]
    public async Task A_body_is_read_or_refused(string? type, string text, int status)
    {
        var reply = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Raw(type, Encoding.UTF8.GetBytes(text)));

        Assert.True((int)reply.Status == status, $"{(int)reply.Status}: {reply.Body}");
        if (status >= 400)
            Assert.Equal($"{status}", reply.Json["errors"]![0]!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("gzip", 415)]
    [InlineData("br, identity", 415)]
    [InlineData("identity", 201)]
    public async Task Only_plain_bodies_are_read(string encoding, int status)
    {
        var body = Bodies.Form(("location_url", "https://example.org/"));
        body.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        Assert.Equal(status, (int)(await SendAsync(HttpMethod.Post, "/api/links", body)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Json)]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=B")]
    public async Task No_body_is_no_fields(string? type)
    {
        var id = await CreateAsync();

        Assert.Equal(
            ["location_url"],
            (await SendAsync(HttpMethod.Post, "/api/links", Bodies.Raw(type, []))).WrongFields
        );
        Assert.Equal(
            HttpStatusCode.OK,
            (await SendAsync(HttpMethod.Post, $"/api/links/{id}", Bodies.Raw(type, []))).Status
        );
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Post, $"/api/links/{id}")).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_has_at_most_16_MiB(bool isChunked)
    {
        // Too large by its other parts only: the client has sent nearly all when the server has read enough to refuse.
        HttpContent body = Bodies
            .Multipart(("location_url", "https://example.org/"))
            .WithFile("cloaking_opengraph", new byte[16 << 20]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/links") { Content = body };
        request.Headers.TransferEncodingChunked = isChunked;
        // Otherwise a server that refuses early resets the connection while the client still sends.
        request.Headers.ExpectContinue = true;

        using var response = await Server.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("\"413\"", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("form")]
    [InlineData("multipart")]
    [InlineData("json")]
    public async Task A_name_has_at_most_2048_characters(string type)
    {
        var reply = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Of(type, ("location_url", "https://example.org/"), (new string('k', 3000), "x"))
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
    }

    [Theory]
    [InlineData(129)]
    [InlineData(200)]
    public async Task A_boundary_has_at_most_128_characters(int length) =>
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (
                await SendAsync(
                    HttpMethod.Post,
                    "/api/links",
                    Bodies.Raw($"multipart/form-data; boundary={new string('B', length)}", "x")
                )
            ).Status
        );
}
