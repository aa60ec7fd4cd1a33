using System.Net;
using System.Text.RegularExpressions;
using Signpost.Dashboard.BulkCreate;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Dashboard;

/// <summary>The page that creates many links at once.</summary>
public sealed partial class BulkPageTests(SharedServer shared) : ApiTests(shared)
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
        var path = Result().Match(made.Body).Value;
        var result = await ada.GetAsync(path, Cancel);
        var csv = await ada.GetAsync(path.Replace("/result?", "/result.csv?", StringComparison.Ordinal), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        var text = WebUtility.HtmlDecode(check.Body);
        Assert.Contains("Ready: 2, with errors: 4", text, StringComparison.Ordinal);
        Assert.All(
            [
                "This alias exists already.",
                "Enter an address such as https://example.com/page.",
                "clicks_limit: Enter a whole number.",
            ],
            part => Assert.Contains(part, text, StringComparison.Ordinal)
        );
        Assert.DoesNotContain("<b>", check.Body, StringComparison.Ordinal);
        Assert.Equal((before, before + 2), (unchanged, await CountAsync()));
        Assert.Contains("Rows that could not be created: 4", made.Body, StringComparison.Ordinal);
        Assert.Equal(
            "Location_URL;url;title;clicks_limit\nhttps://b.example/;BULK-A;;\nhttps://c.example/;bulk-taken;;\n"
                + "javascript:alert(1);;<b>;\nhttps://d.example/;;;many",
            TextIn(made)
        );
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

        Assert.Matches(@"\?ids=\d+-\d+$", made.Location);
        Assert.Contains("Created links: 40", result.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_beyond_the_quota_stay_in_the_form_with_the_reason()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_LINKS_PER_ACCOUNT", "2"));
        using Person ada = new(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        const string Third = "https://quota.example/3";
        const string Sheet = $"https://quota.example/1\nhttps://quota.example/2\n{Third}";

        var check = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", Sheet), ("do", "check"));
        var made = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", Sheet), ("do", "create"));
        var again = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", Third), ("do", "create"));
        var all = await ada.GetAsync($"{Bulk}/result?ids=x.0-{long.MaxValue}.5-1", Cancel);

        Assert.Contains("Ready: 2, with errors: 1", check.Body, StringComparison.Ordinal);
        Assert.Contains("Created links: 2", made.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (made.Status, again.Status));
        Assert.Equal((Third, Third), (TextIn(made), TextIn(again)));
        Assert.All(
            [made, again],
            page => Assert.Contains("Your account has no room for more links.", page.Body, StringComparison.Ordinal)
        );
        Assert.Contains("Created links: 2", all.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_has_limits_and_quotation_marks_in_a_cell_cost_no_copies()
    {
        using Person ada = new(Server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        const string Head = "location_url,title\n";
        string[] wide =
        [
            $"{Head}https://a.example/{new string(',', 100)}",
            $"{Head}https://a.example/,{new string('x', 64 * 1024 + 1)}",
        ];
        var quoted = $"{Head}https://a.example/,x{new string('"', 20_000)}";
        var many = string.Concat(Enumerable.Repeat("https://a.example/\n", 5_000));

        foreach (var sheet in wide)
        {
            var refused = await ada.SendAsync(Bulk, Bulk, Cancel, ("text", sheet), ("do", "check"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.Contains("A row has more than 100 columns", refused.Body, StringComparison.Ordinal);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = BulkSheet.Read(quoted);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20_001, read.Rows.Single()["title"].Length);
        Assert.InRange(allocated, 1, 4_000_000);
        Assert.Equal(1_001, BulkSheet.Read(many).Rows.Count);
        Assert.Equal(1_001, BulkSheet.Read(Head + many).Rows.Count);
    }

    // A browser skips the first line end of a text area.
    private static string TextIn(Sight page) =>
        WebUtility.HtmlDecode(Area().Match(page.Body).Groups[1].Value).ReplaceLineEndings("\n").Trim('\n');

    [GeneratedRegex("<textarea[^>]*>(.*?)</textarea>", RegexOptions.Singleline)]
    private static partial Regex Area();

    [GeneratedRegex(@"/dashboard/links/bulk/result\?ids=[\d.-]+")]
    private static partial Regex Result();

    private async Task<long> CountAsync() => (long)(await GetAsync("/api/links")).Json["meta"]!["total"]!;
}
