using System.Net;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Dashboard;

/// <summary>The page that creates many links at once.</summary>
public sealed class BulkPageTests(SharedServer shared) : ApiTests(shared)
{
    private const string Bulk = "/dashboard/links/bulk";

    [Fact]
    public async Task Rows_get_verdicts_the_good_ones_become_links_and_the_result_is_a_harmless_csv()
    {
        await CreateAsync(("url", "bulk-taken"));
        var before = await CountAsync();
        using Person ada = new(Server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        const string Sheet =
            "Location_URL;url;title;clicks_limit\r\n"
            + "https://a.example/;bulk-a;\"=HYPERLINK(\"\"x\"\");1\";\r\n"
            + "https://b.example/;BULK-A;;\r\n"
            + "https://c.example/;bulk-taken;;\r\n"
            + "javascript:alert(1);;<b>;\r\n"
            + "https://d.example/;;;many\r\n"
            + "\r\n"
            + "https://e.example/;;;7\r\n";

        var empty = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", " "), ("do", "check"));
        var check = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", Sheet), ("do", "check"));
        var unchanged = await CountAsync();
        var made = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", Sheet), ("do", "create"));
        var result = await ada.GetAsync(made.Location!, Cancel);
        var csv = await ada.GetAsync(
            made.Location!.Replace("/result?", "/result.csv?", StringComparison.Ordinal),
            Cancel
        );

        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        var text = WebUtility.HtmlDecode(check.Body);
        Assert.Contains("Ready: 2, with errors: 4", text, StringComparison.Ordinal);
        Assert.All(
            [
                "This alias exists already.",
                "This is not an address such as https://example.com/page.",
                "clicks_limit: This is not a whole number.",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("<b>", check.Body, StringComparison.Ordinal);
        Assert.Equal((before, before + 2), (unchanged, await CountAsync()));
        Assert.Contains("/bulk-a", result.Body, StringComparison.Ordinal);
        Assert.Contains("https://e.example/", result.Body, StringComparison.Ordinal);
        Assert.Contains("\"'=HYPERLINK(\"\"x\"\");1\"", csv.Body, StringComparison.Ordinal);
        Assert.Equal(4, csv.Body.Split("\r\n").Length);
    }

    [Fact]
    public async Task Pasted_lines_become_one_bulk()
    {
        using Person ada = new(Server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var lines = string.Join('\n', Enumerable.Range(1, 40).Select(number => $"https://line.example/{number}"));

        var made = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", lines), ("do", "create"));
        var result = await ada.GetAsync(made.Location!, Cancel);

        Assert.Matches(@"\?ids=\d+-\d+&failed=0$", made.Location);
        Assert.Contains("Created links: 40", result.Body, StringComparison.Ordinal);
    }

    private async Task<long> CountAsync() => (long)(await GetAsync("/api/links")).Json["meta"]!["total"]!;
}
