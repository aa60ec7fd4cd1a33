using System.Net;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.QrCodes;

/// <summary>Pictures of QR codes of links.</summary>
public sealed class QrPictureTests(SharedServer shared) : ApiTests(shared)
{
    private static readonly string[] Looks =
    [
        "",
        "size=128&margin=2",
        "error_correction=L&size=200",
        "error_correction=H&style=rounded",
        "style=dots",
        "style=dots&error_correction=L&size=300",
        "style=rounded&size=150&margin=16",
        "foreground=%230f766e&background=%23fef3c7",
        "foreground=%23ff0000&background=%23ffffff&style=dots",
        "foreground=%23767676&background=%23dddddd",
    ];

    // Codes of 25 to 161 modules.
    private static readonly int[] Lengths = [1, 40, 100, 180, 256];

    [Fact]
    public async Task Every_look_scans_to_the_short_address_with_the_mark_of_a_scan()
    {
        using var scanner = new Scanner();
        var text = await TextOfAsync(await CreateAsync(), scanner, [.. Looks], ["svg", "png", "pdf"]);

        var read = await scanner.ReadAsync();

        Assert.EndsWith("?qr", text, StringComparison.Ordinal);
        Assert.Equal(Looks.Length * 3, read.Count);
        Assert.All(read.Values, found => Assert.Equal(text, found));
    }

    [Fact]
    public async Task A_code_of_any_length_scans_in_every_style_also_with_a_logo()
    {
        using var scanner = new Scanner();
        var logo = await Logos.AddAsync(this, Logos.Chequered(400, 300));
        List<string> texts = [];

        foreach (var length in Lengths)
            texts.Add(
                await TextOfAsync(
                    await CreateAsync(("url", new string('a', length))),
                    scanner,
                    [
                        "style=square&size=800&margin=2&error_correction=L",
                        $"style=square&size=900&logo={logo}",
                        $"style=rounded&size=900&logo={logo}",
                        $"style=dots&size=900&logo={logo}",
                    ],
                    ["png"]
                )
            );
        texts.Add(await TextOfAsync(await CreateAsync(), scanner, [$"logo={logo}&size=256"], ["svg", "pdf"]));

        var read = await scanner.ReadAsync();

        Assert.Equal(scanner.Count, read.Count);
        Assert.Equal<HashSet<string>>([.. texts], [.. read.Values]);
    }

    [Theory]
    [InlineData("format=gif", "format")]
    [InlineData("size=63", "size")]
    [InlineData("size=2049", "size")]
    [InlineData("size=64&margin=16", "size")]
    [InlineData("margin=1", "margin")]
    [InlineData("margin=17", "margin")]
    [InlineData("error_correction=l", "error_correction")]
    [InlineData("foreground=black", "foreground")]
    [InlineData("background=%23fff", "background")]
    [InlineData("style=hearts", "style")]
    [InlineData("logo=987654321", "logo")]
    [InlineData("logo=https://example.org/a.png", "logo")]
    [InlineData("foreground=%23ffffff&background=%23000000", "foreground")]
    [InlineData("foreground=%23999999", "foreground")]
    [InlineData("background=%23222222", "background")]
    public async Task A_wrong_value_is_a_400_at_its_field(string query, string field)
    {
        var reply = await GetAsync($"/api/links/{await CreateAsync()}/qr?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields);
    }

    [Fact]
    public async Task Colours_that_scanners_do_not_read_are_refused_with_the_reason()
    {
        var path = $"/api/links/{await CreateAsync()}/qr";

        var inverted = await GetAsync($"{path}?foreground=%23ffffff&background=%23000000");
        var weak = await GetAsync($"{path}?foreground=%23aaaaaa");

        Assert.Contains("light code on a dark ground", inverted.Body, StringComparison.Ordinal);
        Assert.Contains("a contrast of 2.3 to 1. Scanners need 3 to 1", weak.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_too_long_for_the_error_correction_is_refused()
    {
        var id = await CreateAsync(("url", new string('中', 250)));
        var logo = await Logos.AddAsync(this, Logos.Chequered(20, 20));

        var fits = await GetAsync($"/api/links/{id}/qr?error_correction=L");
        var strong = await GetAsync($"/api/links/{id}/qr?error_correction=H");
        var withLogo = await GetAsync($"/api/links/{id}/qr?logo={logo}");

        Assert.Equal(HttpStatusCode.OK, fits.Status);
        Assert.Equal(["error_correction"], strong.WrongFields);
        Assert.Equal(["logo"], withLogo.WrongFields);
        Assert.Equal("no-store", strong.Headers["Cache-Control"]);
        Assert.DoesNotContain("ETag", strong.Headers.Keys);
    }

    [Fact]
    public async Task A_client_that_has_the_picture_gets_no_other_until_it_changes()
    {
        var id = await CreateAsync();
        var path = $"/api/links/{id}/qr?style=dots";

        var first = await GetAsync(path);
        var again = await SendAsync(HttpMethod.Get, path, headers: ("If-None-Match", first.Headers["ETag"]));
        var other = await GetAsync($"/api/links/{id}/qr?style=rounded");
        await PostAsync($"/api/links/{id}", ("url", $"moved-{id}"));
        var moved = await SendAsync(HttpMethod.Get, path, headers: ("If-None-Match", first.Headers["ETag"]));

        Assert.Equal((HttpStatusCode.OK, "no-cache, private"), (first.Status, first.Headers["Cache-Control"]));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));
        Assert.Equal(first.Headers["ETag"], again.Headers["ETag"]);
        Assert.NotEqual(first.Headers["ETag"], other.Headers["ETag"]);
        Assert.Equal(HttpStatusCode.OK, moved.Status);
        Assert.NotEqual(first.Body, moved.Body);
    }

    [Fact]
    public async Task The_largest_code_in_the_finest_style_is_bounded()
    {
        var id = await CreateAsync(("url", new string('文', 250)));

        var svg = await GetAsync($"/api/links/{id}/qr?error_correction=L&style=dots");
        var png = await Server.Http.GetByteArrayAsync(
            $"/api/links/{id}/qr?size=2048&error_correction=L&style=dots&format=png",
            Cancel
        );

        Assert.InRange(svg.Body.Length, 100_000, 800_000);
        Assert.InRange(png.Length, 10_000, 2_000_000);
    }

    // Adds a picture of each look in each format, and returns their text.
    private async Task<string> TextOfAsync(long link, Scanner scanner, string[] looks, string[] formats)
    {
        foreach (var format in formats)
        foreach (var look in looks)
        {
            using var response = await Server.Http.GetAsync($"/api/links/{link}/qr?format={format}&{look}", Cancel);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancel));
            await scanner.AddAsync($"{scanner.Count}", format, await response.Content.ReadAsByteArrayAsync(Cancel));
        }

        return (string)(await ReadAsync(link))["short_url"]! + "?qr";
    }
}
