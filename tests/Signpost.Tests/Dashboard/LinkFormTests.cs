using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Signpost.Api.Documentation;
using Signpost.Core.Visitors;
using Signpost.Links;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Dashboard;

/// <summary>The pages to create and to edit a link, without script.</summary>
public sealed partial class LinkFormTests(SignedInServer shared) : IClassFixture<SignedInServer>
{
    private const string New = "/dashboard/links/new";

    /// <summary>Fields of the API that the form does not have: there is one type, and many links at once have a page of their own.</summary>
    private static readonly string[] Elsewhere = ["type", "is_bulk", "location_urls", "find_existing"];

    private readonly TestServer _server = shared.Server;
    private readonly Person _ada = shared.Ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_field_of_the_API_can_be_set_on_the_page()
    {
        await _server.CreatePixelAsync("facebook", "123456789012345");
        var page = await _ada.GetAsync(New, Cancel);

        var onPage = FieldName().Matches(page.Body).Select(match => match.Groups[1].Value.Split('[')[0]).ToHashSet();
        var ofApi = LinkParameters
            .Fields()
            .Where(field => (field.Bodies & BodyTypes.Multipart) != 0)
            .Select(field => field.Name)
            .Except(Elsewhere)
            .Distinct()
            .ToList();

        Assert.InRange(ofApi.Count, 40, 100);
        Assert.Empty(ofApi.Except(onPage));
    }

    [Fact]
    public async Task A_link_is_created_with_rules_and_every_field_is_reset_to_empty()
    {
        var sent = await _ada.SendAsync(
            New,
            New,
            Cancel,
            ("location_url", "https://example.com/form"),
            ("url", "made-by-form"),
            ("utm_source", "letter"),
            ("targeting_type", "country_code"),
            ("targeting_country_code_key[0]", "FR"),
            ("targeting_country_code_value[0]", "https://example.fr/"),
            ("targeting_country_code_key[1]", ""),
            ("targeting_country_code_value[1]", ""),
            ("targeting_country_code_key[7]", "DE"),
            ("targeting_country_code_value[7]", "https://example.de/"),
            ("start_date", "2030-01-31T09:00"),
            ("clicks_limit", "5"),
            ("password", "secret"),
            ("is_enabled", "1"),
            ("http_status_code", "307")
        );
        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
        var made = await FindAsync("made-by-form");
        var id = made.GetProperty("id").GetInt64();
        var rules = made.GetProperty("settings").GetProperty("targeting_country_code");
        Assert.Equal(["FR", "DE"], rules.EnumerateArray().Select(rule => rule.GetProperty("key").GetString()));
        Assert.Equal("2030-01-31 09:00:00", made.GetProperty("start_date").GetString());
        Assert.Equal(307, made.GetProperty("settings").GetProperty("http_status_code").GetInt32());

        var copy = await _ada.GetAsync($"{New}?from={id}", Cancel);
        Assert.Contains("value=\"https://example.fr/\"", copy.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"letter\"", copy.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("made-by-form", copy.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _ada.GetAsync($"{New}?from=999999999", Cancel)).Status);

        var edit = $"/dashboard/links/{id}/edit";
        var shown = await _ada.GetAsync(edit, Cancel);
        Assert.Contains("value=\"https://example.fr/\"", shown.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", shown.Body, StringComparison.Ordinal);
        var reset = await PostAsync(
            edit,
            shown,
            ("location_url", "https://example.com/form"),
            ("url", "made-by-form"),
            ("utm_source", ""),
            ("targeting_type", ""),
            ("clicks_limit", ""),
            ("start_date", ""),
            ("clear", "password")
        );

        Assert.Equal(HttpStatusCode.SeeOther, reset.Status);
        var after = await FindAsync("made-by-form");
        var settings = after.GetProperty("settings");
        Assert.Empty(settings.GetProperty("targeting_country_code").EnumerateArray());
        Assert.All(
            (JsonElement[])
                [
                    settings.GetProperty("targeting_type"),
                    settings.GetProperty("utm_source"),
                    settings.GetProperty("clicks_limit"),
                    settings.GetProperty("password"),
                    after.GetProperty("start_date"),
                ],
            value => Assert.Equal(JsonValueKind.Null, value.ValueKind)
        );
        Assert.False(after.GetProperty("is_enabled").GetBoolean());
    }

    [Fact]
    public async Task An_edit_keeps_what_nobody_touched()
    {
        var link = await _server.CreateLinkAsync(
            ("url", "kept-by-form"),
            ("password", "secret"),
            ("start_date", "2030-01-31 09:00:07"),
            ("targeting_city_name_key[]", "Paris"),
            ("targeting_city_name_value[]", "https://example.fr/"),
            ("statistics_is_public", "1")
        );
        var before = await _server.ReadLinkAsync(link.Id);
        var page = await _ada.GetAsync($"/dashboard/links/{link.Id}/edit", Cancel);

        var sent = await PostAsync($"/dashboard/links/{link.Id}/edit", page, [.. Filled(page.Body)]);

        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
        var after = await _server.ReadLinkAsync(link.Id);
        Assert.Equal(Without(before), Without(after));
    }

    [Fact]
    public async Task A_page_with_a_hundred_rules_is_small()
    {
        var rules = Countries
            .Codes.Order(StringComparer.Ordinal)
            .Take(100)
            .SelectMany(code =>
                new[]
                {
                    ("targeting_country_code_key[]", code),
                    ("targeting_country_code_value[]", $"https://example.com/{code}"),
                }
            );
        var link = await _server.CreateLinkAsync([
            ("url", "hundred-rules"),
            ("targeting_type", "country_code"),
            .. rules,
        ]);

        var page = await _ada.GetAsync($"/dashboard/links/{link.Id}/edit", Cancel);

        Assert.Equal(
            101,
            Filled(page.Body)
                .Count(field => field.Name.StartsWith("targeting_country_code_key[", StringComparison.Ordinal))
        );
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(page.Body), 50_000, 300_000);
    }

    [Fact]
    public async Task A_picture_is_sent_shown_and_removed()
    {
        var page = await _ada.GetAsync(New, Cancel);
        using MultipartFormDataContent body = new()
        {
            { new StringContent(page.Token), "form_token" },
            { new StringContent("https://example.com/"), "location_url" },
            { new StringContent("with-picture"), "url" },
            { new StringContent("1"), "is_enabled" },
            { new ByteArrayContent(Bodies.Png), "cloaking_favicon", "icon.png" },
        };
        var made = await _ada.PostAsync(New, body, Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, made.Status);
        var link = await FindAsync("with-picture");
        var edit = $"/dashboard/links/{link.GetProperty("id").GetInt64()}/edit";
        var shown = await _ada.GetAsync(edit, Cancel);

        var removed = await PostAsync(edit, shown, [.. Filled(shown.Body), ("clear", "cloaking_favicon")]);

        Assert.Matches("<img class=\"thumbnail\" src=\"/files/[^\"]+\"", shown.Body);
        Assert.Equal(HttpStatusCode.SeeOther, removed.Status);
        var settings = (await FindAsync("with-picture")).GetProperty("settings");
        Assert.Equal(JsonValueKind.Null, settings.GetProperty("cloaking_favicon").ValueKind);
    }

    [Fact]
    public async Task An_error_keeps_everything_that_was_typed_except_secrets()
    {
        await _server.CreateLinkAsync(("url", "taken-by-form"));

        var wrong = await _ada.SendAsync(
            New,
            New,
            Cancel,
            ("location_url", "https://example.com/typed"),
            ("url", "taken-by-form"),
            ("password", "not shown again"),
            ("targeting_type", "rotation"),
            ("targeting_rotation_key[0]", "1"),
            ("targeting_rotation_value[0]", "https://example.com/a")
        );
        var both = await _ada.SendAsync(
            New,
            New,
            Cancel,
            ("location_url", ""),
            ("targeting_type", "device_type"),
            ("targeting_device_type_key[3]", "mobile"),
            ("targeting_device_type_value[3]", "")
        );

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        AssertError(wrong.Body, "url");
        Assert.Contains("value=\"https://example.com/typed\"", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"https://example.com/a\"", wrong.Body, StringComparison.Ordinal);
        Assert.Contains("100%", wrong.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("not shown again", wrong.Body, StringComparison.Ordinal);
        AssertError(both.Body, "location_url");
        AssertError(both.Body, "targeting_device_type_value-0");
        Assert.Matches(
            "<details class=\"section\" open[^>]*>(?:(?!</details>).)*name=\"targeting_type\"",
            both.Body.ReplaceLineEndings(" ")
        );
    }

    [Fact]
    public async Task Buttons_move_add_and_remove_rules_and_save_nothing()
    {
        (string, string)[] rules =
        [
            ("location_url", "https://example.com/steps"),
            ("url", "steps-of-form"),
            ("targeting_type", "device_type"),
            ("targeting_device_type_key[0]", "mobile"),
            ("targeting_device_type_value[0]", "https://example.com/phone"),
            ("targeting_device_type_key[1]", "tablet"),
            ("targeting_device_type_value[1]", "https://example.com/tablet"),
        ];
        (string Button, string[] Keys)[] steps =
        [
            ("up:device_type:1", ["tablet", "mobile"]),
            ("down:device_type:0", ["tablet", "mobile"]),
            ("down:device_type:1", ["mobile", "tablet"]),
            ("remove:device_type:0", ["tablet"]),
            ("add:device_type", ["mobile", "tablet"]),
            ("up:device_type:99", ["mobile", "tablet"]),
        ];

        foreach (var (button, keys) in steps)
        {
            var page = await _ada.SendAsync(New, New, Cancel, [.. rules, ("do", button)]);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            var shown = Filled(page.Body)
                .Where(field => field.Name.StartsWith("targeting_device_type_key[", StringComparison.Ordinal))
                .Select(field => field.Value)
                .Where(key => key is not "");
            Assert.Equal(keys, shown);
        }

        using var none = await _server.Http.GetAsync("/api/links?url=steps-of-form", Cancel);
        Assert.Contains("\"total\":0", await none.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_people_who_edit_one_link_the_second_chooses_and_loses_nothing()
    {
        var link = await _server.CreateLinkAsync(("url", "two-people"), ("utm_source", "old"));
        var path = $"/dashboard/links/{link.Id}/edit";
        var page = await _ada.GetAsync(path, Cancel);
        using var other = await _server.Http.PatchAsync(
            $"/api/links/{link.Id}",
            new FormUrlEncodedContent([new("utm_source", "theirs"), new("utm_medium", "mail")]),
            Cancel
        );
        other.EnsureSuccessStatusCode();

        (string Name, string Value)[] typed =
        [
            .. Filled(page.Body).Where(field => field.Name is not ("utm_source" or "location_url")),
            ("utm_source", "mine"),
            ("location_url", "https://example.com/mine"),
        ];
        var conflict = await PostAsync(path, page, typed);
        var merged = await PostAsync(
            path,
            conflict,
            [
                .. Filled(conflict.Body),
                ("choice.utm_medium", "saved"),
                ("choice.utm_source", "typed"),
                ("choice.location_url", "typed"),
                ("do", "merge"),
            ]
        );

        Assert.Equal(HttpStatusCode.Conflict, conflict.Status);
        foreach (var name in (string[])["utm_source", "utm_medium", "location_url"])
            Assert.Contains($"name=\"choice.{name}\"", conflict.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"choice.url\"", conflict.Body, StringComparison.Ordinal);
        Assert.Contains("theirs", conflict.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, merged.Status);
        var after = await _server.ReadLinkAsync(link.Id);
        Assert.Equal("https://example.com/mine", after.GetProperty("location_url").GetString());
        Assert.Equal("mine", after.GetProperty("settings").GetProperty("utm_source").GetString());
        Assert.Equal("mail", after.GetProperty("settings").GetProperty("utm_medium").GetString());
    }

    [Fact]
    public async Task An_old_token_or_an_ended_session_loses_nothing_and_saves_nothing()
    {
        using var bob = new Person(_server);
        (string, string)[] typed =
        [
            ("location_url", "https://example.com/kept"),
            ("url", "after-sign-in"),
            ("password", "pass"),
        ];

        var signedOut = await bob.PostAsync(New, Cancel, [("form_token", "old"), .. typed]);
        await bob.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var again = await bob.PostAsync(New, Cancel, [.. Filled(signedOut.Body), ("do", "show")]);
        var saved = await bob.PostAsync(New, Cancel, [("form_token", again.Token), .. typed]);

        Assert.Equal(HttpStatusCode.Unauthorized, signedOut.Status);
        Assert.Contains("value=\"https://example.com/kept\"", signedOut.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"pass\"", signedOut.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Contains("Nothing is saved yet.", again.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"after-sign-in\"", again.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, saved.Status);

        // An address may send few such forms in a minute. The minute may end meanwhile.
        using var nobody = new Person(_server);
        List<HttpStatusCode> answers = [];
        while (answers.Count < 30 && !answers.Contains(HttpStatusCode.TooManyRequests))
            answers.Add((await nobody.PostAsync(New, Cancel, typed)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
    }

    [Fact]
    public async Task Without_a_session_a_large_form_is_not_read()
    {
        using SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            Expect100ContinueTimeout = Patience.Longest,
        };
        using HttpClient http = new(handler) { BaseAddress = new(_server.Url) };
        using HttpRequestMessage large = new(HttpMethod.Post, New)
        {
            Content = Bodies.Form(("location_url", new string('x', 600 << 10))),
        };
        large.Headers.ExpectContinue = true;

        using var answer = await http.SendAsync(large, Cancel);

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/login", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_template_that_is_no_JSON_changes_nothing()
    {
        foreach (var template in (string[])["", "{", "[]", """{"utm_source": "\ud800"}"""])
        {
            var page = await _ada.SendAsync(New, New, Cancel, ("do", "template"), ("utm_template", template));
            Assert.Equal(HttpStatusCode.OK, page.Status);
        }
    }

    [Fact]
    public async Task The_preview_says_whether_an_alias_is_free()
    {
        var link = await _server.CreateLinkAsync(("url", "seen-in-preview"));
        (string Query, bool IsFree)[] rows =
        [
            ("url=not-used-so-far", true),
            ("url=seen-in-preview", false),
            ($"url=seen-in-preview&link={link.Id}", true),
            ("url=api", false),
            ("url=%3C%3E", false),
            ("url=x&domain_id=999", false),
        ];

        foreach (var (query, isFree) in rows)
        {
            var seen = await _ada.GetAsync($"/dashboard/links/preview?{query}", Cancel);
            Assert.Contains($"\"is_free\":{(isFree ? "true" : "false")}", seen.Body, StringComparison.Ordinal);
        }
    }

    private Task<Sight> PostAsync(string path, Sight page, params (string Name, string Value)[] fields)
    {
        var hidden = Filled(page.Body)
            .Where(field => field.Name is "version" && fields.All(one => one.Name != "version"));
        return _ada.PostAsync(
            path,
            Cancel,
            [
                ("form_token", page.Token),
                .. hidden,
                .. fields.Where(one => one.Name is not ("form_token" or "theme" or "language" or "back")),
            ]
        );
    }

    private async Task<JsonElement> FindAsync(string alias)
    {
        var list = await _server.Http.GetStringAsync($"/api/links?url={alias}", Cancel);
        return Assert.Single(JsonDocument.Parse(list).RootElement.GetProperty("data").EnumerateArray());
    }

    // A link without what each edit changes.
    private static string Without(JsonElement link) => LastEdit().Replace(link.GetRawText(), "");

    private static void AssertError(string body, string field)
    {
        Assert.Contains($"<a href=\"#{field}\">", body, StringComparison.Ordinal);
        Assert.Matches($"id=\"{Regex.Escape(field)}\"[^>]*aria-invalid=\"true\"[^>]*{Regex.Escape(field)}-wrong", body);
        Assert.Contains($"id=\"{field}-wrong\"", body, StringComparison.Ordinal);
    }

    /// <summary>The fields of the page's main form that a browser without script sends.</summary>
    private static IEnumerable<(string Name, string Value)> Filled(string body)
    {
        var html = Template().Replace(body[body.IndexOf("<main", StringComparison.Ordinal)..], "");
        foreach (Match tag in Control().Matches(html))
        {
            var (attributes, inside) = (tag.Groups["attributes"].Value, tag.Groups["inside"].Value);
            var name = Value(attributes, "name");
            if (name is "")
                continue;
            if (tag.Groups["kind"].Value is "select")
            {
                var options = Option().Matches(inside);
                var chosen =
                    options.FirstOrDefault(one => one.Value.Contains(" selected", StringComparison.Ordinal))
                    ?? options.FirstOrDefault();
                yield return (name, chosen is null ? "" : Value(chosen.Value, "value"));
            }
            else if (tag.Groups["kind"].Value is "textarea")
                yield return (name, WebUtility.HtmlDecode(inside));
            else if (
                !attributes.Contains("type=\"radio\"", StringComparison.Ordinal)
                && (
                    !attributes.Contains("type=\"checkbox\"", StringComparison.Ordinal)
                    || attributes.Contains(" checked", StringComparison.Ordinal)
                )
            )
                yield return (name, Value(attributes, "value"));
        }
    }

    private static string Value(string attributes, string name) =>
        WebUtility.HtmlDecode(Regex.Match(attributes, $" {name}=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<(?:input|select|textarea)[^>]* name=\"([^\"]+)\"")]
    private static partial Regex FieldName();

    [GeneratedRegex("\"last_datetime\":\"[^\"]*\"")]
    private static partial Regex LastEdit();

    [GeneratedRegex("<template>.*?</template>", RegexOptions.Singleline)]
    private static partial Regex Template();

    [GeneratedRegex(
        "<(?<kind>input)(?<attributes>[^>]*)>|<(?<kind>select|textarea)(?<attributes>[^>]*)>(?<inside>.*?)</\\k<kind>>",
        RegexOptions.Singleline
    )]
    private static partial Regex Control();

    [GeneratedRegex("<option[^>]*>")]
    private static partial Regex Option();
}

/// <summary>A server on which somebody has signed in once for a whole class, because sign-ins are limited by address.</summary>
public sealed class SignedInServer : SharedServer
{
    internal Person Ada { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Ada = new(Server);
        await Ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, TestContext.Current.CancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        Ada.Dispose();
        return base.DisposeAsync();
    }
}
