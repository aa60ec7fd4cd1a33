using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;

namespace Signpost.Tests.Dashboard;

/// <summary>A form that is sent twice, by a double click or a reload, creates once.</summary>
public sealed partial class FormKeyTests(SignedInServer shared) : IClassFixture<SignedInServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_that_is_sent_again_creates_nothing_more()
    {
        (string Page, string Action, (string, string)[] Fields, string List)[] forms =
        [
            (
                "/dashboard/links/new",
                "/dashboard/links/new",
                [("location_url", "https://example.com/once-form")],
                "/api/links"
            ),
            (
                "/dashboard/links",
                "/dashboard/links",
                [("location_url", "https://example.com/once-quick")],
                "/api/links"
            ),
            (
                "/dashboard/links/bulk",
                "/dashboard/links/bulk",
                [("text", "https://example.com/once-bulk"), ("do", "create")],
                "/api/links"
            ),
            (
                "/dashboard/projects?edit=new",
                "/dashboard/projects",
                [("name", "once-project"), ("color", "#112233")],
                "/api/projects"
            ),
            (
                "/dashboard/qr-codes/new?url=https://example.com/once-code",
                "/dashboard/qr-codes/new",
                [("name", "once-code"), .. Code],
                "/api/qr-codes"
            ),
        ];

        foreach (var (path, action, fields, list) in forms)
        {
            var page = await shared.Ada.GetAsync(path, Cancel);
            var key = FormKey().Match(page.Body).Groups[1].Value;
            Assert.True(key is not "", path);

            var before = await CountAsync(list);
            var both = await Task.WhenAll(SendAsync(fields), SendAsync(fields));
            var reloaded = await SendAsync(fields);
            var once = await CountAsync(list);
            var other = await SendAsync([(fields[0].Item1, $"{fields[0].Item2}-2"), .. fields[1..]]);

            Assert.All(
                [.. both, reloaded],
                answer => Assert.True(answer.Status is HttpStatusCode.SeeOther, $"{path}: {answer.Status}")
            );
            Assert.Single(both.Append(reloaded).Select(answer => answer.Location).Distinct());
            Assert.True(once == before + 1, $"{path}: {once - before}");
            Assert.Equal(HttpStatusCode.SeeOther, other.Status);
            Assert.Equal(before + 2, await CountAsync(list));

            Task<Sight> SendAsync((string, string)[] sent) =>
                shared.Ada.PostAsync(action, Cancel, [("form_token", page.Token), ("form_key", key), .. sent]);
        }
    }

    [Fact]
    public async Task A_bulk_that_is_sent_again_keeps_the_rows_that_are_no_links()
    {
        var page = await shared.Ada.GetAsync("/dashboard/links/bulk", Cancel);
        (string, string)[] sent =
        [
            ("form_token", page.Token),
            ("form_key", FormKey().Match(page.Body).Groups[1].Value),
            ("text", "location_url,url\nhttps://example.com/kept-bulk,kept-bulk\nno address,\n"),
            ("do", "create"),
        ];

        var before = await CountAsync("/api/links");
        var first = await shared.Ada.PostAsync("/dashboard/links/bulk", Cancel, sent);
        var again = await shared.Ada.PostAsync("/dashboard/links/bulk", Cancel, sent);

        Assert.Equal(before + 1, await CountAsync("/api/links"));
        Assert.All(
            [first, again],
            answer =>
            {
                Assert.Contains("no address", answer.Body, StringComparison.Ordinal);
                Assert.DoesNotContain("kept-bulk", answer.Body, StringComparison.Ordinal);
            }
        );
    }

    private static (string, string)[] Code =>
        [
            ("url", "https://example.com/once-code"),
            ("size", "512"),
            ("margin", "4"),
            ("error_correction", "M"),
            ("foreground", "#000000"),
            ("background", "#ffffff"),
            ("style", "square"),
        ];

    private async Task<int> CountAsync(string list) =>
        int.Parse(Total().Match(await shared.Server.Http.GetStringAsync(list, Cancel)).Groups[1].Value, null);

    [GeneratedRegex("name=\"form_key\" value=\"([^\"]+)\"")]
    private static partial Regex FormKey();

    [GeneratedRegex("\"total\":([0-9]+)")]
    private static partial Regex Total();
}
