using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>Targeting lists: how they are sent, what their keys may be, how long they are kept.</summary>
public sealed class TargetingApiTests(SharedServer shared) : ApiTests(shared)
{
    private const string A = "https://a.example/";
    private const string B = "https://b.example/";

    [Theory]
    [InlineData("continent_code", "eu", "EU")]
    [InlineData("continent_code", "AN", "AN")]
    [InlineData("country_code", "fr", "FR")]
    [InlineData("country_code", "ZW", "ZW")]
    [InlineData("city_name", " San José ", "San José")]
    [InlineData("device_type", "Mobile", "mobile")]
    [InlineData("device_type", "desktop", "desktop")]
    [InlineData("device_type", "tablet", "tablet")]
    [InlineData("browser_language", "EN", "en")]
    [InlineData("browser_language", "en-us", "en-US")]
    [InlineData("browser_language", "es-419", "es-419")]
    [InlineData("rotation", "50", "50")]
    [InlineData("rotation", "007.50", "7.5")]
    [InlineData("os_name", "macOS", "OS X")]
    [InlineData("os_name", "os x", "OS X")]
    [InlineData("os_name", "iPadOS", "iOS")]
    [InlineData("os_name", "ChromeOS", "Chrome OS")]
    [InlineData("os_name", "windows", "Windows")]
    [InlineData("os_name", "ANDROID", "Android")]
    [InlineData("os_name", "Ubuntu", "Linux")]
    [InlineData("browser_name", "Internet Explorer", "IE")]
    [InlineData("browser_name", "yandex", "Yandex Browser")]
    [InlineData("browser_name", "Chrome Mobile iOS", "Chrome")]
    [InlineData("browser_name", "Mobile Safari", "Safari")]
    [InlineData("browser_name", "firefox", "Firefox")]
    [InlineData("browser_name", "Microsoft Edge", "Edge")]
    [InlineData("browser_name", "Samsung Browser", "Samsung Internet")]
    [InlineData("browser_name", "Vivaldi", "Vivaldi")]
    public async Task A_key_has_one_spelling(string type, string sent, string answered)
    {
        var id = await CreateAsync(
            ("targeting_type", type),
            ($"targeting_{type}_key[0]", sent),
            ($"targeting_{type}_value[0]", A)
        );

        var settings = (await ReadAsync(id))["settings"]!;
        Assert.Equal(type, settings["targeting_type"]!.GetValue<string>());
        Assert.Equal(answered, settings[$"targeting_{type}"]![0]!["key"]!.GetValue<string>());
        Assert.Equal(A, settings[$"targeting_{type}"]![0]!["value"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("continent_code", "XX")]
    [InlineData("country_code", "ZZZ")]
    [InlineData("device_type", "tv")]
    [InlineData("browser_language", "english")]
    [InlineData("browser_language", "en_US")]
    [InlineData("browser_language", "e")]
    [InlineData("rotation", "0")]
    [InlineData("rotation", "-1")]
    [InlineData("rotation", "1e3")]
    [InlineData("rotation", "NaN")]
    [InlineData("rotation", "0.0")]
    [InlineData("rotation", ".5")]
    [InlineData("os_name", "BeOS")]
    [InlineData("city_name", "a\u0001")]
    [InlineData("city_name", "")]
    public async Task A_wrong_key_is_named_with_its_pair(string type, string key)
    {
        var reply = await PostAsync(
            "/api/links",
            ("location_url", "https://example.org/"),
            ($"targeting_{type}_key[7]", key),
            ($"targeting_{type}_value[7]", A)
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([$"targeting_{type}_key[7]"], reply.WrongFields);
    }

    [Theory]
    [InlineData("key[0]=FR&value[0]=A&key[1]=DE&value[1]=B", "FR=A DE=B")]
    [InlineData("key[1]=DE&value[1]=B&key[0]=FR&value[0]=A", "FR=A DE=B")]
    [InlineData("key[5]=DE&key[2]=FR&value[5]=B&value[2]=A", "FR=A DE=B")]
    [InlineData("key[]=FR&value[]=A&key[]=DE&value[]=B", "FR=A DE=B")]
    [InlineData("key=FR&key=DE&value=A&value=B", "FR=A DE=B")]
    [InlineData("key[999999999999999999]=DE&value[999999999999999999]=B&key[3]=FR&value[3]=A", "FR=A DE=B")]
    [InlineData("key[2147483648]=FR&value[2147483648]=A", "FR=A")]
    [InlineData("key[00]=FR&value[0]=A", "FR=A")]
    [InlineData("key[9]=FR&value[9]=A&key[]=DE&value[]=B", "FR=A DE=B")]
    [InlineData("key[]=", "")]
    [InlineData("key=&value=", "")]
    public async Task A_form_may_send_pairs_so(string form, string pairs)
    {
        var id = await CreateAsync(Fields(form));

        Assert.Equal(pairs, RulesOf(await ReadAsync(id), "country_code"));
    }

    [Theory]
    [InlineData("key[0]=FR", "key[0]")]
    [InlineData("value[0]=A", "value[0]")]
    [InlineData("key[0]=FR&value[1]=A", "key[0] value[1]")]
    [InlineData("key[0]=FR&key[0]=DE&value[0]=A", "key[0]")]
    [InlineData("key[a]=FR&value[a]=A", "key[a] value[a]")]
    [InlineData("key[ 0 ]=FR&value[ 0 ]=A", "key[ 0 ] value[ 0 ]")]
    [InlineData("key[-1]=FR&value[-1]=A", "key[-1] value[-1]")]
    [InlineData("key[0][1]=FR&value[0]=A", "key[0][1]")]
    [InlineData("key[0=FR&value[0]=A", "key[0")]
    [InlineData("key[٣]=FR&value[٣]=A", "key[٣] value[٣]")]
    [InlineData("key[0]=FR&value[0]=", "value[0]")]
    [InlineData("key[0]=FR&value[0]=nope", "value[0]")]
    [InlineData("key[0]=ZZ&value[0]=nope&key[1]=FR", "key[0] key[1] value[0]")]
    public async Task A_form_may_not_send_pairs_so(string form, string wrong)
    {
        var reply = await PostAsync("/api/links", [("location_url", "https://example.org/"), .. Fields(form)]);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(
            wrong,
            string.Join(
                ' ',
                reply.WrongFields.Select(name => name["targeting_country_code_".Length..]).Order(StringComparer.Ordinal)
            )
        );
    }

    [Theory]
    [InlineData("""{"targeting_country_code_key":["FR","DE"],"targeting_country_code_value":["A","B"]}""", "FR=A DE=B")]
    [InlineData("""{"targeting_country_code":[{"key":"FR","value":"A"},{"value":"B","key":"DE"}]}""", "FR=A DE=B")]
    [InlineData("""{"targeting_country_code":[]}""", "")]
    [InlineData("""{"targeting_country_code":null}""", "")]
    [InlineData("""{"targeting_country_code_key":[],"targeting_country_code_value":[]}""", "")]
    public async Task JSON_may_send_pairs_so(string json, string pairs)
    {
        var id = await CreateAsync(("targeting_country_code_key[0]", "US"), ("targeting_country_code_value[0]", A));

        var reply = await SendAsync(HttpMethod.Post, $"/api/links/{id}", Bodies.Json(Spelled(json)));

        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        Assert.Equal(pairs, RulesOf(await ReadAsync(id), "country_code"));
    }

    [Theory]
    [InlineData("""{"targeting_country_code_key":["FR"]}""", "targeting_country_code_key")]
    [InlineData("""{"targeting_country_code_value":["A"]}""", "targeting_country_code_value")]
    [InlineData("""{"targeting_country_code":[{"key":"FR"}]}""", "targeting_country_code")]
    [InlineData("""{"targeting_country_code":["FR"]}""", "targeting_country_code")]
    [InlineData("""{"targeting_country_code":{"FR":"A"}}""", "targeting_country_code")]
    [InlineData("""{"targeting_country_code":[{"key":"FR","value":["A"]}]}""", "targeting_country_code")]
    [InlineData("""{"targeting_country_code":[{"key":"ZZ","value":"A"}]}""", "targeting_country_code")]
    [InlineData("""{"targeting_country_code":[],"targeting_country_code_key":[]}""", "targeting_country_code")]
    [InlineData(
        """{"targeting_country_code_key":[{"key":"FR"}],"targeting_country_code_value":["A"]}""",
        "targeting_country_code_key"
    )]
    public async Task JSON_may_not_send_pairs_so(string json, string field)
    {
        var id = await CreateAsync();

        var reply = await SendAsync(HttpMethod.Post, $"/api/links/{id}", Bodies.Json(Spelled(json)));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal([field], reply.WrongFields.Distinct());
    }

    [Fact]
    public async Task Weights_may_repeat()
    {
        var id = await CreateAsync(
            ("targeting_rotation_key[0]", "50"),
            ("targeting_rotation_value[0]", A),
            ("targeting_rotation_key[1]", "50"),
            ("targeting_rotation_value[1]", B)
        );

        Assert.Equal("50=A 50=B", RulesOf(await ReadAsync(id), "rotation"));
    }

    [Fact]
    public async Task Lists_are_kept_when_the_type_changes_and_replaced_when_they_are_sent()
    {
        var id = await CreateAsync([("targeting_type", "country_code"), .. Fields("key[0]=FR&value[0]=A")]);

        await PostAsync(
            $"/api/links/{id}",
            ("targeting_type", "device_type"),
            ("targeting_device_type_key[0]", "mobile"),
            ("targeting_device_type_value[0]", B)
        );
        Assert.Equal("FR=A", RulesOf(await ReadAsync(id), "country_code"));
        await PostAsync($"/api/links/{id}", [("targeting_type", ""), .. Fields("key[0]=DE&value[0]=B")]);
        var link = await ReadAsync(id);
        Assert.Equal("DE=B", RulesOf(link, "country_code"));
        Assert.Equal("mobile=B", RulesOf(link, "device_type"));
        Assert.Null(link["settings"]!["targeting_type"]);
    }

    [Fact]
    public async Task A_hundred_pairs_are_enough()
    {
        await CreateAsync(Cities(100));

        var reply = await PostAsync("/api/links", [("location_url", A), .. Cities(101)]);

        Assert.Equal(["targeting_city_name_key[100]"], reply.WrongFields);

        static (string, string)[] Cities(int count) =>
            [
                .. Enumerable
                    .Range(0, count)
                    .SelectMany(n =>
                        ((string, string)[])
                            [($"targeting_city_name_key[{n}]", $"City {n}"), ($"targeting_city_name_value[{n}]", A)]
                    ),
            ];
    }

    [Fact]
    public async Task A_request_holds_at_most_4096_values()
    {
        (string, string)[] many = [.. Enumerable.Range(0, 4096).Select(n => ($"x[{n}]", "1"))];

        Assert.Equal(
            HttpStatusCode.Created,
            (await PostAsync("/api/links", [("location_url", A), .. many.Skip(1)])).Status
        );
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/links", [("location_url", A), .. many])).Status);
    }

    private static (string, string)[] Fields(string form) =>
        [
            .. form.Split('&')
                .Select(pair => pair.Split('=', 2))
                .Select(pair =>
                    (
                        $"targeting_country_code_{pair[0]}",
                        pair[1] is "A" ? A
                        : pair[1] is "B" ? B
                        : pair[1]
                    )
                ),
        ];

    private static string Spelled(string json) =>
        json.Replace("\"A\"", $"\"{A}\"", StringComparison.Ordinal)
            .Replace("\"B\"", $"\"{B}\"", StringComparison.Ordinal);

    private static string RulesOf(JsonNode link, string type) =>
        string.Join(
            ' ',
            link["settings"]![$"targeting_{type}"]!
                .AsArray()
                .Select(pair => $"{pair!["key"]}={(pair["value"]!.GetValue<string>() == A ? "A" : "B")}")
        );
}
