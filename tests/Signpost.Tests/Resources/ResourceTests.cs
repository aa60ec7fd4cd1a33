using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Resources;

/// <summary>The common behaviour of projects, pixels, splash pages, domains and links in the API.</summary>
public sealed class ResourceTests(SharedServer shared) : ApiTests(shared)
{
    private static int _hosts;

    public static readonly TheoryData<string> Kinds = ["projects", "pixels", "splash-pages", "domains"];

    public static readonly TheoryData<string, string> KindsAndMethods =
    [
        .. Kinds.SelectMany(kind =>
            OwnershipTests.Methods.Select(method => new TheoryDataRow<string, string>(kind, method.Data))
        ),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task One_is_made_read_changed_listed_and_deleted(string kind)
    {
        foreach (var type in Bodies.Types)
        {
            var made = await SendAsync(HttpMethod.Post, $"/api/{kind}/", Bodies.Of(type, Sample(kind)));
            Assert.Equal(HttpStatusCode.Created, made.Status);
            var id = made.Json["data"]!["id"]!.GetValue<long>();
            Assert.Equal((await OneAsync(kind, id)).ToJsonString(), made.Json["data"]!.ToJsonString());

            var before = await OneAsync(kind, id);
            foreach (var method in (string[])["POST", "PUT", "PATCH"])
            {
                var changed = await SendAsync(
                    new HttpMethod(method),
                    $"/api/{kind}/{id}/",
                    Bodies.Of(type, Change(kind))
                );
                Assert.Equal((await OneAsync(kind, id)).ToJsonString(), changed.Json["data"]!.ToJsonString());
            }

            var after = await OneAsync(kind, id);
            var (field, value) = Change(kind);
            Assert.Equal(value, after[field]!.GetValue<string>());
            Assert.Equal(Without(before, field), Without(after, field));
            Assert.Contains((await GetAsync($"/api/{kind}")).Json["data"]!.AsArray(), one => Id(one!) == id);

            Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"/api/{kind}/{id}")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/{kind}/{id}")).Status);
        }
    }

    [Theory]
    [InlineData(
        "projects",
        "id name color statistics_is_public statistics_url statistics_public_title last_datetime datetime"
    )]
    [InlineData("pixels", "id type name pixel last_datetime datetime")]
    [InlineData(
        "splash-pages",
        "id name title description link_unlock_seconds link_unlock_button last_datetime datetime"
    )]
    [InlineData(
        "domains",
        "id scheme host custom_index_url custom_not_found_url is_enabled is_case_sensitive is_changing_case is_verified is_moving last_datetime datetime verification alias_of other_case_clicks apple_app_site_association asset_links shared_with links_count accounts_count"
    )]
    public async Task The_response_has_these_fields_which_are_described(string kind, string fields)
    {
        var one = await OneAsync(kind, await MakeAsync(kind));
        var schemas = (await GetAsync("/openapi/v1.json")).Json["components"]!["schemas"]!;

        Assert.Equal(fields, Names(one));
        var words = kind[..^1].Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
        var schema = $"{string.Concat(words)}Response";
        Assert.Equal($"{fields} warnings", Names(schemas[schema]!["properties"]!));
    }

    [Theory]
    [MemberData(nameof(KindsAndMethods))]
    public async Task One_of_another_account_gets_the_response_of_a_missing_one(string kind, string method)
    {
        var id = await MakeAsync(kind);
        using var stranger = await StrangerAsync();

        // Also with invalid fields.
        foreach (var body in (HttpContent?[])[Bodies.Form(Change(kind)), Bodies.Form(("name", ""))])
        {
            var sent = method is "GET" or "DELETE" ? null : body;
            var foreign = await SendAsync(new HttpMethod(method), $"/api/{kind}/{id}", sent, stranger);
            foreach (var none in (string[])["999999999", "0", "x", "9223372036854775808"])
            {
                var again = sent is null ? null : Bodies.Form(Change(kind));
                var missing = await SendAsync(new HttpMethod(method), $"/api/{kind}/{none}", again, stranger);
                Assert.Equal((HttpStatusCode.NotFound, foreign.Body), (foreign.Status, missing.Body));
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/api/{kind}/{id}")).Status);
        Assert.Equal(
            0,
            (await SendAsync(HttpMethod.Get, $"/api/{kind}", http: stranger)).Json["meta"]!["total"]!.GetValue<int>()
        );
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Without_a_key_the_response_is_401(string kind) =>
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await SendAsync(HttpMethod.Get, $"/api/{kind}", null, Server.Anonymous)).Status
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_list_pages_and_searches_as_that_of_links(string kind)
    {
        using var http = await StrangerAsync();
        var literal = kind == "domains" ? "00--11" : "00%25+11";
        for (var i = 0; i < 12; i++)
            await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(Sample(kind, $"Name 100% {i:D2}")), http);

        var page = await SendAsync(HttpMethod.Get, $"/api/{kind}?results_per_page=10&page=2", http: http);
        Assert.Equal(
            """{"page":2,"results_per_page":10,"total":12,"total_pages":2,"total_is_exact":true}""",
            page.Json["meta"]!.ToJsonString()
        );
        Assert.Equal(2, page.Json["data"]!.AsArray().Count);
        Assert.Equal(
            $"{Server.Url}/api/{kind}?results_per_page=10&page=1",
            page.Json["links"]!["prev"]!.GetValue<string>()
        );

        Assert.Equal(
            1,
            await TotalAsync(http, $"/api/{kind}?search={literal}") + await TotalAsync(http, $"/api/{kind}?search=1_0")
        );
        Assert.Equal(12, await TotalAsync(http, $"/api/{kind}?search=NAME"));
        var wrong = await SendAsync(HttpMethod.Get, $"/api/{kind}?page=0&results_per_page=11&search=%00", http: http);
        Assert.Equal(["page", "search"], wrong.WrongFields.Order());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_idempotency_key_makes_one(string kind)
    {
        var key = ("Idempotency-Key", $"once-{kind}");
        var body = Sample(kind);

        var first = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(body), null, key);
        var again = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Of("json", body), null, key);
        var other = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(Sample(kind, "Other")), null, key);

        Assert.Equal((HttpStatusCode.Created, first.Body), (again.Status, again.Body));
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
    }

    [Theory]
    [InlineData("projects", "name", "")]
    [InlineData("projects", "name", "   ")]
    [InlineData("projects", "name", "null")]
    [InlineData("projects", "name", "a\nb")]
    [InlineData("projects", "name[]", "a")]
    [InlineData("projects", "color", "red")]
    [InlineData("projects", "color", "#12345")]
    [InlineData("projects", "color", "#12345g")]
    [InlineData("projects", "color", "#1234567")]
    [InlineData("projects", "color", "#１２３４５６")]
    [InlineData("pixels", "name", "")]
    [InlineData("pixels", "type", "")]
    [InlineData("pixels", "type", "myspace")]
    [InlineData("pixels", "pixel", "")]
    [InlineData("pixels", "pixel", "12 34")]
    [InlineData("pixels", "pixel", "1234\"><script>")]
    [InlineData("pixels", "pixel", "G-ABC';alert(1)//")]
    [InlineData("splash-pages", "name", "")]
    [InlineData("splash-pages", "title", "a\nb")]
    [InlineData("splash-pages", "link_unlock_seconds", "61")]
    [InlineData("splash-pages", "link_unlock_seconds", "-1")]
    [InlineData("splash-pages", "link_unlock_seconds", "1.5")]
    [InlineData("splash-pages", "link_unlock_button[]", "a")]
    public async Task A_wrong_field_is_named_and_nothing_is_stored(string kind, string field, string value)
    {
        using var http = await StrangerAsync();
        var id = await MakeAsync(kind);
        var before = await OneAsync(kind, id);
        (string, string)[] sample = [.. Sample(kind).Where(one => one.Name != field.Split('[')[0]), (field, value)];

        var made = await SendAsync(HttpMethod.Post, $"/api/{kind}", Bodies.Form(sample), http);
        var changed = await PostAsync($"/api/{kind}/{id}", (field, value));

        Assert.Equal((HttpStatusCode.BadRequest, field), (made.Status, made.WrongFields.Single()));
        Assert.Equal((HttpStatusCode.BadRequest, field), (changed.Status, changed.WrongFields.Single()));
        Assert.Equal(0, await TotalAsync(http, $"/api/{kind}"));
        Assert.Equal(before.ToJsonString(), (await OneAsync(kind, id)).ToJsonString());
    }

    [Theory]
    [InlineData("projects", "name")]
    [InlineData("pixels", "name pixel type")]
    [InlineData("splash-pages", "name")]
    [InlineData("domains", "host")]
    public async Task A_missing_field_is_named(string kind, string fields)
    {
        var reply = await PostAsync($"/api/{kind}");

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(fields, string.Join(' ', reply.WrongFields.Order()));
    }

    [Fact]
    public async Task The_fields_of_a_splash_page_are_cleared_and_have_their_lengths()
    {
        (string, string)[] fields =
        [
            ("title", new string('ß', 256)),
            ("description", "Doors\r\nopen"),
            ("link_unlock_seconds", "60"),
            ("link_unlock_button", new string('ß', 64)),
        ];
        var made = await PostAsync("/api/splash-pages", [("name", "Spring"), .. fields]);
        var id = Id(made.Json["data"]!);
        Assert.Equal("Doors open", made.Json["data"]!["description"]!.GetValue<string>());
        Assert.Equal(60, made.Json["data"]!["link_unlock_seconds"]!.GetValue<int>());

        foreach (
            var (name, longest) in ((string, int)[])[("title", 256), ("description", 1024), ("link_unlock_button", 64)]
        )
        {
            var wrong = await PostAsync($"/api/splash-pages/{id}", (name, new string('ß', longest + 1)));
            Assert.Equal((HttpStatusCode.BadRequest, name), (wrong.Status, wrong.WrongFields.Single()));
        }
        var cleared = await PostAsync($"/api/splash-pages/{id}", [.. fields.Select(field => (field.Item1, ""))]);
        Assert.Equal(
            """{"title":null,"description":null,"link_unlock_seconds":0,"link_unlock_button":null}""",
            new JsonObject(
                fields.Select(field =>
                    KeyValuePair.Create(field.Item1, cleared.Json["data"]![field.Item1]?.DeepClone())
                )
            ).ToJsonString()
        );
    }

    [Fact]
    public async Task A_name_has_64_characters_at_most()
    {
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("/api/projects", ("name", Repeat("ß", 64)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/projects", ("name", Repeat("ß", 65)))).Status);

        static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
    }

    [Fact]
    public async Task A_colour_is_answered_in_lower_case_and_has_a_usual_one()
    {
        var id = await MakeAsync("projects");
        Assert.Equal("#0f766e", (await OneAsync("projects", id))["color"]!.GetValue<string>());

        await PostAsync($"/api/projects/{id}", ("color", "#AbCdEf"));
        Assert.Equal("#abcdef", (await OneAsync("projects", id))["color"]!.GetValue<string>());

        await PostAsync($"/api/projects/{id}", ("color", ""));
        Assert.Equal("#0f766e", (await OneAsync("projects", id))["color"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("facebook", "1234567890123456", "G-ABC1234567")]
    [InlineData("google_analytics", "G-ABC1234567", "GTM-ABC1234")]
    [InlineData("google_analytics", "ua-1234567-1=UA-1234567-1", "UA-1")]
    [InlineData("google_tag_manager", "gtm-abc1234=GTM-ABC1234", "G-ABC1234567")]
    [InlineData("linkedin", "123456", "abcdef")]
    [InlineData("pinterest", "2612345678901", "26-1")]
    [InlineData("twitter", "o1abc", "o1-abc")]
    [InlineData("quora", "0123456789ABCDEF0123456789abcdef=0123456789abcdef0123456789abcdef", "xyz12345")]
    [InlineData("tiktok", "C4ABCDEFGHIJ12345678", "short")]
    [InlineData("snapchat", "01234567-89ab-cdef-0123-456789abcdef", "0123456789abcdef0123456789abcdef")]
    public async Task A_pixel_is_an_id_as_its_company_gives_it_and_another_is_a_warning(
        string type,
        string good,
        string odd
    )
    {
        var (sent, answered) = (good.Split('=')[0], good.Split('=')[^1]);

        var made = await PostAsync("/api/pixels", ("type", type), ("name", "P"), ("pixel", sent));
        var unusual = await PostAsync("/api/pixels", ("type", type), ("name", "P"), ("pixel", odd));

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(answered, (await OneAsync("pixels", Id(made.Json["data"]!)))["pixel"]!.GetValue<string>());
        Assert.Null(made.Json["data"]!["warnings"]);
        Assert.Equal(HttpStatusCode.Created, unusual.Status);
        Assert.Equal(odd, unusual.Json["data"]!["pixel"]!.GetValue<string>());
        Assert.Equal(
            "pixel",
            Assert.Single(unusual.Json["data"]!["warnings"]!.AsArray())!["field"]!.GetValue<string>()
        );
    }

    [Theory]
    [InlineData("PY_TEST_123", true)]
    [InlineData("a.b", true)]
    [InlineData("..", false)]
    [InlineData("a'b", false)]
    [InlineData("a/b", false)]
    [InlineData("ä", false)]
    public async Task Every_type_takes_the_same_letters(string pixel, bool isTaken)
    {
        foreach (var type in Signpost.Pixels.PixelType.Names)
        {
            var made = await PostAsync("/api/pixels", ("type", type), ("name", "P"), ("pixel", pixel));

            Assert.Equal(isTaken ? HttpStatusCode.Created : HttpStatusCode.BadRequest, made.Status);
        }
    }

    [Fact]
    public async Task A_type_that_does_not_fit_the_stored_pixel_is_a_warning()
    {
        var id = await MakeAsync("pixels");

        var alone = await PostAsync($"/api/pixels/{id}", ("type", "facebook"));
        var together = await PostAsync($"/api/pixels/{id}", ("type", "facebook"), ("pixel", "123456789"));

        Assert.Equal("type", alone.Json["data"]!["warnings"]![0]!["field"]!.GetValue<string>());
        Assert.Null(together.Json["data"]!["warnings"]);
        Assert.Equal(HttpStatusCode.OK, together.Status);
    }

    private static (string Name, string Value)[] Sample(string kind, string name = "Spring") =>
        kind switch
        {
            "pixels" => [("name", name), ("type", "google_analytics"), ("pixel", "G-ABC1234567")],
            // A name that is valid for a host.
            "domains" =>
            [
                ("host", $"{name.Replace(' ', '-').Replace('%', '-')}.h{Interlocked.Increment(ref _hosts)}.example"),
            ],
            _ => [("name", name)],
        };

    private static (string Name, string Value) Change(string kind) =>
        kind == "domains" ? ("custom_index_url", "https://example.org/") : ("name", "Été <b>");

    private async Task<long> MakeAsync(string kind)
    {
        var made = await PostAsync($"/api/{kind}", Sample(kind));
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return Id(made.Json["data"]!);
    }

    private async Task<JsonNode> OneAsync(string kind, long id) => (await GetAsync($"/api/{kind}/{id}")).Json["data"]!;

    private async Task<int> TotalAsync(HttpClient http, string path) =>
        (await SendAsync(HttpMethod.Get, path, http: http)).Json["meta"]!["total"]!.GetValue<int>();

    private static long Id(JsonNode one) => one["id"]!.GetValue<long>();

    private static string Names(JsonNode node) => string.Join(' ', node.AsObject().Select(pair => pair.Key));

    private static string Without(JsonNode node, string field)
    {
        var copy = node.DeepClone().AsObject();
        copy.Remove(field);
        copy.Remove("last_datetime");
        return copy.ToJsonString();
    }
}
