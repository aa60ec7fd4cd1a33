using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace Signpost.Benchmarks;

/// <summary>The signed-in owner of the links, as start_owned in benchmarks/load/common.sh makes it, with the pages that they open.</summary>
internal sealed partial class DashboardPerson : IDisposable
{
    public const string Home = "/dashboard/links";
    private const string Busy = $"{Home}/1";

    private readonly HttpClient _http;

    private DashboardPerson(Uri server) =>
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies })
        {
            BaseAddress = server,
        };

    public CookieContainer Cookies { get; } = new();

    /// <summary>All pages of the navigation, those of the busiest link, and some lists and searches.</summary>
    public IReadOnlyList<string> Pages { get; private set; } = [];

    /// <summary>The files that a page needs.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    public static async Task<DashboardPerson> SignInAsync(Uri server)
    {
        DashboardPerson person = new(server);
        var token = Token().Match(await person._http.GetStringAsync("/login")).Groups[1].Value;
        using FormUrlEncodedContent form = new([
            new("form_token", WebUtility.HtmlDecode(token)),
            new("email", "ada@example.org"),
            new("password", "correct horse battery staple"),
        ]);
        using var answer = await person._http.PostAsync("/login", form);
        var home = await person._http.GetStringAsync(Home);
        var link = await person._http.GetStringAsync(Busy);
        person.Files = [.. All(FileAddress(), home)];
        string[] pages =
        [
            .. All(PageAddress(), home),
            $"{Home}?order_by=clicks",
            $"{Home}?search=articles",
            $"{Home}?search=zz",
            $"{Home}?page=40",
            $"{Home}/search?search=title",
            $"{Home}/new",
            Busy,
            .. All(TabAddress(), link).Where(path => path != Busy),
            $"{Busy}/explain?country_code=DE",
        ];
        List<string> shown = [];
        // Some addresses lead to another page.
        foreach (var page in pages)
            if (await person.StatusAsync(page) is HttpStatusCode.OK)
                shown.Add(page);
        person.Pages = shown;
        return person;
    }

    /// <summary>Reads a page or a file.</summary>
    /// <returns>The bytes as they came: pages are not compressed, files are.</returns>
    public async Task<byte[]> ReadAsync(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var response = await _http.SendAsync(request);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"{path}: {(int)response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>The number of bytes that a proxy would send.</summary>
    public static long Compressed(byte[] page)
    {
        using MemoryStream result = new();
        using (GZipStream gzip = new(result, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(page);
        return result.Length;
    }

    public void Dispose() => _http.Dispose();

    private static IEnumerable<string> All(Regex address, string page) =>
        address.Matches(page).Select(one => WebUtility.HtmlDecode(one.Groups[1].Value)).Distinct();

    [GeneratedRegex("name=\"form_token\" value=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("<a href=\"(/dashboard/[^\"?]+)\"[^>]* data-command=\"pages\"")]
    private static partial Regex PageAddress();

    [GeneratedRegex("href=\"(/dashboard/links/1(?:/[a-z]+)?)\"")]
    private static partial Regex TabAddress();

    [GeneratedRegex("(?:href|src)=\"(/assets/[^\"]+)\"")]
    private static partial Regex FileAddress();
}
