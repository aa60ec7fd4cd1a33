using System.Net;
using System.Text.RegularExpressions;
using Signpost.Testing;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Dashboard;

/// <summary>Sheets of QR codes to print.</summary>
public sealed partial class QrPrintTests(SharedServer shared) : TeamTests(shared)
{
    private const string Print = "/dashboard/links/print";
    private const string Codes = "/dashboard/qr-codes/print";

    [Fact]
    public async Task Codes_of_links_and_kept_codes_are_printed_in_sheets()
    {
        var somebody = await NewPersonAsync();
        using Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        List<long> links = [];
        for (var i = 0; i < 7; i++)
            links.Add(await NewLinkAsync(somebody.Http, ("title", $"<b>Poster</b> {i}")));
        await PostAsAsync(somebody.Http, "/api/qr-codes", ("name", "Door"), ("url", "https://example.org/door"));

        var all = await person.GetAsync($"{Print}?all=1&grid=2x3&paper=letter", Cancel);
        var to = await person.SendAsync(
            "/dashboard/links",
            "/dashboard/links/many",
            Cancel,
            ("action", "print"),
            ("id", $"{links[3]}"),
            ("id", $"{links[1]}")
        );
        Assert.Equal($"{Print}?ids={links[1]}.{links[3]}", to.Location);
        var two = await person.GetAsync(to.Location!, Cancel);
        var none = await person.GetAsync($"{Print}?all=1&flag=password", Cancel);
        var pastEnd = await person.GetAsync($"{Print}?all=1&page=2", Cancel);
        var codes = await person.GetAsync("/dashboard/qr-codes/print?grid=x", Cancel);

        Assert.Equal((7, 2), (Code().Count(WebUtility.HtmlDecode(all.Body)), Sheet().Count(all.Body)));
        Assert.Contains("data-grid=\"2x3\" data-paper=\"letter\"", all.Body, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Poster&lt;/b&gt; 6", all.Body, StringComparison.Ordinal);
        Assert.Equal((2, 1), (Code().Count(WebUtility.HtmlDecode(two.Body)), Sheet().Count(two.Body)));
        Assert.Contains($"name=\"ids\" value=\"{links[1]}.{links[3]}\"", two.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, "/dashboard/links?flag=password"), (none.Status, none.Location));
        Assert.Equal((HttpStatusCode.SeeOther, $"{Print}?all=1"), (pastEnd.Status, pastEnd.Location));
        Assert.Contains("data-grid=\"3x4\" data-paper=\"a4\"", codes.Body, StringComparison.Ordinal);
        Assert.Contains("<strong dir=\"auto\">Door</strong>", codes.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chosen_codes_are_printed_and_no_other_ones()
    {
        var (somebody, other) = (await NewPersonAsync(), await NewPersonAsync());
        using Person person = new(Server);
        await person.SignInAsync(somebody.Email, TestServer.AdminPassword, Cancel);
        List<long> codes = [];
        foreach (var name in (string[])["Door", "Window", "Table"])
            codes.Add(await NewCodeAsync(somebody.Http, name));
        var strange = await NewCodeAsync(other.Http, "Strange");

        var list = await person.GetAsync("/dashboard/qr-codes", Cancel);
        // A browser sends the boxes of the list one by one.
        var two = await person.GetAsync($"{Codes}?id={codes[2]}&id={codes[0]}&id={strange}&id=x", Cancel);
        var again = await person.GetAsync($"{Codes}?ids={codes[0]}.{codes[2]}&grid=2x3", Cancel);
        var none = await person.GetAsync($"{Codes}?id={strange}", Cancel);

        Assert.All(
            codes,
            id => Assert.Contains($"form=\"print\" name=\"id\" value=\"{id}\"", list.Body, StringComparison.Ordinal)
        );
        foreach (var page in (Sight[])[two, again])
            Assert.Equal(["Door", "Table"], Printed().Matches(page.Body).Select(match => match.Groups[1].Value));
        Assert.Contains("data-grid=\"2x3\"", again.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.SeeOther, "/dashboard/qr-codes"), (none.Status, none.Location));
    }

    private async Task<long> NewCodeAsync(HttpClient http, string name) =>
        IdOf(await PostAsAsync(http, "/api/qr-codes", ("name", name), ("url", "https://example.org/door")));

    [GeneratedRegex("<strong dir=\"auto\">([^<]+)</strong>")]
    private static partial Regex Printed();

    [GeneratedRegex("<img src=\"data:image/svg\\+xml;base64,[^\"]{500,}\"")]
    private static partial Regex Code();

    [GeneratedRegex("<ul class=\"sheet\"")]
    private static partial Regex Sheet();
}
