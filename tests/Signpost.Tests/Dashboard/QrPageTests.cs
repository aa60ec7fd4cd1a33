using System.Net;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Dashboard;

/// <summary>The designer of QR codes, their list and their pictures.</summary>
public sealed class QrPageTests(SharedServer shared) : TeamTests(shared)
{
    private const string Codes = "/dashboard/qr-codes";
    private const string Hostile = "<script>alert(1)</script>\"'>";

    private static readonly (string, string)[] Look =
    [
        ("size", "300"),
        ("margin", "4"),
        ("error_correction", "Q"),
        ("foreground", "#0f766e"),
        ("background", "#ffffff"),
        ("style", "dots"),
        ("logo", ""),
    ];

    [Fact]
    public async Task A_code_of_a_link_is_designed_kept_changed_downloaded_and_deleted()
    {
        var id = await CreateAsync(("url", "coded"), ("title", Hostile));
        using Person ada = new(Server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        var led = await ada.GetAsync($"/dashboard/links/{id}/qr", Cancel);
        var page = await ada.GetAsync(led.Location!, Cancel);
        var made = await SendAsync(ada, "/new", [("link_id", $"{id}"), ("name", Hostile), .. Look, ("do", "save")]);
        var code = made.Location!;
        var saved = await ada.GetAsync(code, Cancel);
        var kept = (await GetAsync($"/api/qr-codes/{code.Split('/')[^1]}")).Json["data"]!;
        var pale = await SendAsync(
            ada,
            code[Codes.Length..],
            [("name", "Pale"), .. Look[..3], ("foreground", "#eeeeee"), ("background", "#ffffff"), ("do", "save")]
        );
        var picture = await ada.GetAsync(
            $"{Codes}/picture?format=png&link_id={id}&foreground=%230f766e&download=1",
            Cancel
        );
        var wrong = await ada.GetAsync($"{Codes}/picture?link_id={id}&size=64&margin=16", Cancel);
        var list = await ada.GetAsync(Codes, Cancel);
        var asked = await ada.GetAsync($"{code}/delete", Cancel);
        var deleted = await ada.SubmitAsync(Codes, $"{code}/delete", Cancel);

        Assert.Equal($"{Codes}/new?link_id={id}", led.Location);
        Assert.All(
            [page, saved, list, asked, deleted],
            one => Assert.DoesNotContain("<script>alert", one.Body, StringComparison.Ordinal)
        );
        Assert.Equal(HttpStatusCode.SeeOther, made.Status);
        Assert.Equal(
            ($"{id}", "300", "dots", "Q"),
            ($"{kept["link_id"]}", $"{kept["size"]}", $"{kept["style"]}", $"{kept["error_correction"]}")
        );
        Assert.Equal(HttpStatusCode.BadRequest, pale.Status);
        Assert.Contains(
            "The contrast of the colours is 1.1 to 1.",
            WebUtility.HtmlDecode(pale.Body),
            StringComparison.Ordinal
        );
        Assert.Contains("id=\"foreground-wrong\"", pale.Body, StringComparison.Ordinal);
        Assert.Contains("PNG", picture.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("The size must be at least", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("/_signpost/qr/", list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(code, deleted.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_gets_a_link_of_its_own_and_looks_and_logos_are_kept()
    {
        using Person ada = new(Server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);

        var kept = await SendAsync(ada, "/new", [.. Look, ("preset_name", "Our green"), ("do", "keep")]);
        var presets = (await GetAsync("/api/qr-presets")).Json["data"]!.AsArray();
        var preset = presets.Single(one => (string?)one!["name"] == "Our green")!;
        var used = await SendAsync(ada, "/new", [("preset", $"{preset["id"]}"), ("do", "preset")]);
        var nameless = await SendAsync(ada, "/new", [("url", "https://door.example/"), .. Look, ("do", "save")]);
        var made = await SendAsync(
            ada,
            "/new",
            [("name", "Door"), ("url", "https://door.example/"), ("url_dynamic", "1"), .. Look, ("do", "save")]
        );
        var code = (await GetAsync($"/api/qr-codes/{made.Location!.Split('/')[^1]}")).Json["data"]!;

        Assert.Contains("The look is saved.", kept.Body, StringComparison.Ordinal);
        Assert.Equal("dots", (string?)preset["value"]!["style"]);
        Assert.Contains("value=\"#0f766e\"", used.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, nameless.Status);
        Assert.Contains("id=\"name-wrong\"", nameless.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"https://door.example/\"", nameless.Body, StringComparison.Ordinal);
        Assert.NotNull(code["link_id"]);
        Assert.Equal("https://door.example/", (string?)(await ReadAsync((long)code["link_id"]!))["location_url"]);
        await AssertLogoAsync(ada);
    }

    [Fact]
    public async Task A_viewer_gets_no_buttons_that_are_refused()
    {
        var owner = await NewTeamAsync();
        var viewer = await JoinAsync(owner, "viewer");
        await PostAsAsync(owner.Key, "/api/qr-presets", ("name", "Ours"), ("value", "{\"size\": 300}"));
        using Person reader = new(Server);
        await reader.SignInAsync(viewer.Person.Email, TestServer.AdminPassword, Cancel);

        var page = await reader.GetAsync($"{Codes}/new?account={owner.Team}", Cancel);
        var own = await reader.GetAsync($"{Codes}/new?account={viewer.Person.Id}", Cancel);

        Assert.Contains("id=\"foreground\"", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"do\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"keep\"", own.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_and_checks_of_domains_have_the_limit_of_requests()
    {
        await using var server = await TestServer.StartAsync(("SIGNPOST_API_REQUESTS_PER_MINUTE", "3"));
        using Person ada = new(server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var token = (await ada.GetAsync($"{Codes}/new", Cancel)).Token;
        List<HttpStatusCode> statuses = [];

        for (var i = 0; i < 4; i++)
            statuses.Add((await ada.GetAsync($"{Codes}/picture", Cancel)).Status);
        var check = await ada.PostAsync("/dashboard/domains/1/verify", Cancel, ("form_token", token));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], statuses[..3]);
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (statuses[3], check.Status));
    }

    private async Task AssertLogoAsync(Person ada)
    {
        var token = (await ada.GetAsync($"{Codes}/new", Cancel)).Token;
        using MultipartFormDataContent form = new()
        {
            { new StringContent(token), "form_token" },
            { new StringContent("preview"), "do" },
            { new ByteArrayContent([.. Bodies.Png]), "picture", "Our bird.png" },
        };
        foreach (var (name, value) in Look)
            form.Add(new StringContent(value), name);
        var page = await ada.PostAsync($"{Codes}/new", form, Cancel);
        var logo = (await GetAsync("/api/qr-logos")).Json["data"]!.AsArray().Single()!;

        Assert.Equal("Our bird", (string?)logo["name"]);
        Assert.Contains($"<option value=\"{logo["id"]}\" selected", page.Body, StringComparison.Ordinal);
    }

    private static Task<Sight> SendAsync(Person ada, string path, (string, string)[] fields) =>
        ada.SendAsync($"{Codes}/new", $"{Codes}{path}", Cancel, fields);
}
