using System.Net;
using Signpost.Testing;
using Signpost.Tests.Statistics;

namespace Signpost.Tests.Dashboard;

/// <summary>The edits of a link on its time line, the shares of a rotation, and new clicks on an open page.</summary>
public sealed class StatisticsEditTests(VisitedServer shared) : StatisticsTests(shared)
{
    [Fact]
    public async Task Edits_are_flags_that_lead_to_the_version_and_a_rotation_shows_shares_beside_its_weights()
    {
        var link = await LinkAsync(
            ("targeting_type", "rotation"),
            ("targeting_rotation_key[0]", "75"),
            ("targeting_rotation_value[0]", "https://example.org/a"),
            ("targeting_rotation_key[1]", "25"),
            ("targeting_rotation_value[1]", "https://example.org/b")
        );
        for (var visit = 0; visit < 4; visit++)
            await VisitAsync(link.Alias);
        await CountedAsync(link.Id, 4);
        using var ada = await SignedInAsync();

        await PostAsync($"/api/links/{link.Id}", ("title", "New title"));
        var titled = await ada.GetAsync($"/dashboard/links/{link.Id}/statistics", Cancel);
        await PostAsync(
            $"/api/links/{link.Id}",
            ("targeting_rotation_key[0]", "60"),
            ("targeting_rotation_value[0]", "https://example.org/a"),
            ("targeting_rotation_key[1]", "40"),
            ("targeting_rotation_value[1]", "https://example.org/b")
        );
        var changed = await ada.GetAsync($"/dashboard/links/{link.Id}/statistics", Cancel);

        var rows = RowsOf(titled.Body);
        Assert.Contains($"href=\"/dashboard/links/{link.Id}/versions/2\"", titled.Body, StringComparison.Ordinal);
        Assert.Contains("Version 2: Title", WebUtility.HtmlDecode(titled.Body), StringComparison.Ordinal);
        Assert.Equal(["https://example.org/a 75%", "https://example.org/b 25%"], rows.Select(row => row.Name));
        Assert.Equal(4, rows.Sum(row => row.Clicks));
        // Clicks from before say nothing about the new weights.
        Assert.Equal(0, RowsOf(changed.Body).Sum(row => row.Clicks));
        Assert.Contains("The weights are as they are since", changed.Body, StringComparison.Ordinal);
        Assert.Contains($"href=\"/dashboard/links/{link.Id}/versions/3\"", changed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_open_page_is_told_of_new_clicks_of_its_links_only()
    {
        var (link, other) = (await LinkAsync(), await LinkAsync());
        using var ada = await SignedInAsync();
        using HttpClient browser = new(new SocketsHttpHandler { CookieContainer = ada.Cookies })
        {
            BaseAddress = new(Server.Url),
        };

        using var stream = await browser.GetAsync(
            $"/dashboard/statistics/live/link-{link.Id}",
            HttpCompletionOption.ResponseHeadersRead,
            Cancel
        );
        using StreamReader lines = new(await stream.Content.ReadAsStreamAsync(Cancel));
        await VisitAsync(other.Alias);
        await VisitAsync(link.Alias);
        var line = "";
        while (line?.StartsWith("data: ", StringComparison.Ordinal) is false)
            line = await lines.ReadLineAsync(Cancel).AsTask().OrFail();

        Assert.Contains($"\"link_id\":{link.Id},", line, StringComparison.Ordinal);
        foreach (var scope in (string[])["link-987654321", "project-987654321", "link-", "nothing"])
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await ada.GetAsync($"/dashboard/statistics/live/{scope}", Cancel)).Status
            );
    }

    private static List<(string Name, long Clicks)> RowsOf(string page)
    {
        var table = page.Split("id=\"variants-title\"")[1].Split("</table>")[0];
        return
        [
            .. table
                .Split("<tr>")
                .Skip(2)
                .Select(row => row.Split("<bdi dir=\"ltr\">")[1])
                .Select(row =>
                    (
                        $"{row.Split('<')[0]} {NumberAt(row, 1)}",
                        long.Parse(NumberAt(row, 2), System.Globalization.CultureInfo.InvariantCulture)
                    )
                ),
        ];
    }

    private static string NumberAt(string row, int at) => row.Split("<td class=\"number\">")[at].Split('<')[0];

    private async Task<Person> SignedInAsync()
    {
        Person ada = new(Server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        return ada;
    }
}
