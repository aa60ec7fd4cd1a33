using System.Net;
using System.Text;
using Signpost.Api.Bodies;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>No body takes much memory: each kind has its size, values are counted while they are read.</summary>
public sealed class BodySizeTests(SharedServer shared) : ApiTests(shared)
{
    private const int Kilobyte = 1 << 10;

    // About 11 bytes hold what is no filler.
    private const int Rest = 200;

    [Theory]
    [InlineData("/api/links", 2048, "parts")]
    [InlineData("/api/links/1", 2048, "parts")]
    [InlineData("/api/domains", 512, "KiB")]
    [InlineData("/api/projects", 64, "KiB")]
    [InlineData("/api/pixels", 64, "KiB")]
    [InlineData("/api/users", 64, "KiB")]
    [InlineData("/api/api-keys", 64, "KiB")]
    [InlineData("/api/links/1/explain", 64, "KiB")]
    [InlineData("/api/visitor", 64, "KiB")]
    public async Task Texts_have_a_size_that_fits_what_is_sent(string path, int kilobytes, string words)
    {
        foreach (var type in Bodies.Types.Select(type => type.Data))
        foreach (var isChunked in (bool[])[false, true])
        {
            var within = await FillAsync(path, type, kilobytes * Kilobyte - Rest, isChunked);
            var beyond = await FillAsync(path, type, kilobytes * Kilobyte + 1, isChunked);

            Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, within.Status);
            Assert.True(beyond.Status == HttpStatusCode.RequestEntityTooLarge, $"{type} {beyond.Status}");
            Assert.Contains(words, beyond.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Texts_beside_files_count_together()
    {
        var many = Bodies.Multipart([
            .. Enumerable.Range(0, 3).Select(n => ($"x{n}", new string('x', 700 * Kilobyte))),
        ]);

        var reply = await SendAsync(HttpMethod.Post, "/api/links", many);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.Status);
    }

    [Theory]
    [InlineData("{\"a\":[", "[],", "[]]}")]
    [InlineData("{\"a\":[", "{},", "{}]}")]
    [InlineData("{\"a\":[", "[[1]],", "1]}")]
    [InlineData("{\"a\":[", "0,", "0]}")]
    [InlineData("{\"a\":[", "null,", "0]}")]
    [InlineData("{\"a\":{\"key\":[", "{\"key\":[]},", "0]}}")]
    [InlineData("{\"a\":[[[[", "\"\",", "0]]]]}")]
    public void Values_of_JSON_are_counted_before_they_are_kept(string start, string one, string end)
    {
        var body = Encoding.UTF8.GetBytes(
            start + string.Concat(Enumerable.Repeat(one, (BodyLimit.Links.TextBytes - 100) / one.Length)) + end
        );

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<BodyException>(() => JsonBody.Parse(body));

        Assert.Contains("4096 values", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("x", "")]
    [InlineData("x", "; filename=\"\"")]
    [InlineData("x", "; filename=\"a\"")]
    public async Task Parts_are_counted_whatever_they_hold(string name, string more)
    {
        var part = $"--B\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n\r\n";
        var body = string.Concat(Enumerable.Repeat(part, 5000)) + "--B--\r\n";

        var reply = await SendAsync(HttpMethod.Post, "/api/links", Bodies.Raw("multipart/form-data; boundary=B", body));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains("4096 values", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_indices_of_a_list_allocate_little()
    {
        var body = $"x[{new string('9', 2_030)}]=a" + string.Concat(Enumerable.Repeat("&x[]=", Fields.MostValues - 1));
        var reader = new FieldReader(FormBody.Parse(Encoding.ASCII.GetBytes(body)), TimeZoneInfo.Utc);

        var before = GC.GetAllocatedBytesForCurrentThread();
        reader.List("x");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Single(reader.Errors);
    }

    private async Task<Reply> FillAsync(string path, string type, int bytes, bool isChunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = Bodies.Of(type, ("unknown", new string('x', bytes))),
        };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = true;
        using var response = await Server.Http.SendAsync(request, Cancel);
        return new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(Cancel),
            new Dictionary<string, string>()
        );
    }
}
