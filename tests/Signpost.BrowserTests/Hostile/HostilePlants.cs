using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Signpost.Testing;

namespace Signpost.BrowserTests.Hostile;

/// <summary>
/// Texts of an attacker in every field of the API that takes text, and in every header of a visitor that is kept. A new field is planted
/// by itself, because the fields are read from the OpenAPI document.
/// </summary>
internal sealed class HostilePlants(TestServer server)
{
    /// <summary>Stands in every text. Where it is a part of the name of an element or attribute, a page is broken.</summary>
    public const string Mark = "hostile";

    public static readonly string[] Texts =
    [
        "\"><script>hostile()</script>",
        "'\"><img src=//hostile.example/x onerror=hostile()>",
        "</textarea></title></style></script><x-hostile>",
        "javascript:hostile()",
        "\" onmouseover=hostile() autofocus onfocus='hostile()' hostile=\"",
        "\u202Ehostile\u202C \u2066\u200Fhostile",
        "\U0001D573hostile\U00020BB7\U0001F469\u200D\U0001F469\u200D\U0001F467",
        $"hostile{new string('W', 240)}",
        "{{hostile}} {0} {name} ${hostile} <%= hostile %> @hostile &lt;x-hostile&gt;",
        "hostile\r\nSet-Cookie: hostile=1\r\n\r\n<x-hostile>",
        "--><!--<x-hostile>]]><![CDATA[<x-hostile>",
    ];

    // Words and numbers with a grammar of their own: no text of an attacker fits. "password" would lock every link.
    private static readonly string[] Strict =
    [
        "password",
        "host",
        "shared_with",
        "apple_app_site_association",
        "asset_links",
        "pixel",
        "start_date",
        "end_date",
        "expires",
        "foreground",
        "background",
        "logo",
        "color",
        "timezone",
        "email",
        "location_urls",
        "value",
    ];

    // Each is planted once for each text.
    private static readonly (string Path, (string Name, string Value)[] Fields)[] Things =
    [
        ("/api/projects", [("name", "One")]),
        ("/api/tags", [("name", "One")]),
        ("/api/pixels", [("name", "One"), ("type", "facebook"), ("pixel", "1234567")]),
        ("/api/splash-pages", [("name", "One")]),
        ("/api/domains", []),
        ("/api/views", [("name", "One")]),
        ("/api/utm-templates", [("name", "One")]),
        ("/api/qr-presets", [("name", "One")]),
        ("/api/links", [("location_url", "https://example.org/"), ("statistics_is_public", "1")]),
        ("/api/qr-codes", [("name", "One")]),
    ];

    private static readonly (string Name, string Key)[] Targeting =
    [
        ("country_code", "FR"),
        ("city_name", "hostile"),
        ("device_type", "mobile"),
        ("browser_language", "de"),
        ("rotation", "50"),
        ("os_name", "Linux"),
        ("browser_name", "Firefox"),
    ];

    private readonly Dictionary<string, List<string>> _ids = [];
    private readonly HashSet<string> _refused = [];
    private readonly HashSet<string> _planted = [];
    private JsonNode _document = null!;
    private HttpClient _team = null!;

    /// <summary>The id of the team that owns the things.</summary>
    public string Team { get; private set; } = "";

    /// <summary>The ids of what was planted, by the path of its API, or by the parameter that names it.</summary>
    public IReadOnlyList<string> this[string kind] => _ids[kind];

    /// <summary>The aliases of the links, in the order of their ids.</summary>
    public List<string> Aliases { get; } = [];

    /// <summary>Fields that take text, but took none of <see cref="Texts"/>.</summary>
    public IEnumerable<string> Refused => _refused.Except(_planted).Order(StringComparer.Ordinal);

    public async Task PlantAsync()
    {
        _document = JsonNode.Parse(await server.Anonymous.GetStringAsync("/openapi/v1.json"))!;
        await PlantPeopleAsync();
        foreach (var (path, fields) in Things)
            for (var number = 0; number < Texts.Length; number++)
                await PlantAsync(_team, path, number, [.. fields, .. Special(path, number)]);
        foreach (var id in _ids["/api/links"])
            Aliases.Add($"{(await ReadAsync(_team, $"/api/links/{id}"))["url"]}");
        foreach (var alias in Aliases)
            await VisitAsync(alias);
        foreach (var text in Texts)
            await server.FollowAsync(Uri.EscapeDataString($"unknown-{text}"));
        await ChangeAsync();
        await Patience.UntilAsync(AreStoredAsync, "Storing the clicks");
        var clicks = await ReadAsync(_team, $"/api/statistics/{_ids["/api/links"][0]}/clicks");
        Keep("click", clicks[0]!["id"]!);
    }

    // The admin is the owner of a team with a hostile name, and there is a guest in it. Another one is invited.
    private async Task PlantPeopleAsync()
    {
        await SendAsync(server.Http, "/api/user", [("name", Texts[1])]);
        var team = await PlantAsync(server.Http, "/api/teams", 0, []);
        Team = $"{team["id"]}";
        await PlantAsync(server.Http, "/api/api-keys", 1, [("name", "One")]);
        var key = await PlantAsync(server.Http, "/api/api-keys", 2, [("name", "One"), ("team_id", Team)]);
        _team = server.NewClient($"{key["key"]}");
        foreach (var number in (int[])[0, 1])
        {
            var email = $"hostile'{number}@example.org";
            await PlantAsync(
                server.Http,
                "/api/users",
                number,
                [("email", email), ("password", TestServer.AdminPassword)]
            );
            var invited = await SendAsync(
                _team,
                "/api/team-members",
                [("team_id", Team), ("user_email", email), ("access[]", "editor")]
            );
            Keep("member_id", invited["id"]!);
            Keep("invitation", $"{invited["invitation_url"]}".Split('/')[^1]);
        }

        var reset = await SendAsync(server.Http, $"/api/users/{_ids["/api/users"][0]}/password-reset", []);
        Keep("reset", $"{reset["url"]}".Split('/')[^1]);
    }

    // A job, a second version of each link, and a link in the trash.
    private async Task ChangeAsync()
    {
        var job = await SendAsync(_team, "/api/links/bulk?all=1", [("add_tags[]", "hostile's")]);
        Keep("change_id", job["id"]!);
        await Patience.UntilAsync(
            async () =>
                $"{(await ReadAsync(_team, $"/api/jobs/{job["id"]}"))["status"]}" is not ("waiting" or "running"),
            "The change of all links"
        );
        for (var number = 0; number < Texts.Length; number++)
            await SendAsync(
                _team,
                $"/api/links/{_ids["/api/links"][number]}",
                [("note", Texts[^(number + 1)].ReplaceLineEndings("\n"))]
            );
        var trashed = await PlantAsync(
            _team,
            "/api/links",
            0,
            [("location_url", "https://example.org/"), ("title", Texts[0])]
        );
        _ids["/api/links"].RemoveAt(_ids["/api/links"].Count - 1);
        Keep("trash", trashed["id"]!);
        using var deleted = await _team.DeleteAsync($"/api/links/{trashed["id"]}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    private (string Name, string Value)[] Special(string path, int number)
    {
        var text = Texts[number];
        return path switch
        {
            "/api/domains" => [("host", $"hostile-{number}.example")],
            "/api/views" or "/api/utm-templates" or "/api/qr-presets" =>
            [
                (
                    "value",
                    JsonSerializer.Serialize(
                        new
                        {
                            search = text,
                            tag = text,
                            utm_source = text,
                            frame_text = text,
                        }
                    )
                ),
            ],
            "/api/qr-codes" => number % 2 == 0
                ? [("link_id", _ids["/api/links"][number])]
                : [("url", "https://example.org/")],
            "/api/links" =>
            [
                ("project_id", _ids["/api/projects"][number]),
                ("pixels_ids[]", _ids["/api/pixels"][number]),
                .. TargetingOf(number),
                .. number switch
                {
                    1 => [("password", "secret")],
                    2 => [("sensitive_content", "1")],
                    3 => [("splash_page_id", _ids["/api/splash-pages"][number])],
                    4 => [("is_enabled", "0")],
                    _ => ((string, string)[])[],
                },
            ],
            _ => [],
        };
    }

    private static IEnumerable<(string, string)> TargetingOf(int number)
    {
        var (type, key) = Targeting[number % Targeting.Length];
        yield return ("targeting_type", type);
        yield return ($"targeting_{type}_key[]", key);
        yield return ($"targeting_{type}_value[]", $"https://example.org/{Texts[number].ReplaceLineEndings("")}");
    }

    // Creates a thing with the text in all its fields. What is refused is left as it was given.
    private async Task<JsonNode> PlantAsync(
        HttpClient http,
        string path,
        int number,
        (string Name, string Value)[] given
    )
    {
        var hostile = FieldsOf(path)
            .ToDictionary(
                field => field.Name,
                field =>
                {
                    var text = field.IsAddress ? $"https://example.org/{Texts[number]}" : Texts[number];
                    return text.Length > field.Longest ? text[..field.Longest] : text;
                }
            );
        for (var attempt = 0; ; attempt++)
        {
            (string, string)[] fields =
            [
                .. given.Where(one => !hostile.ContainsKey(one.Name)),
                .. hostile.Select(one => (one.Key, one.Value)),
            ];
            using var response = await http.PostAsync(path, Form(fields));
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            if (response.StatusCode == HttpStatusCode.Created)
            {
                foreach (var name in hostile.Keys)
                    _planted.Add($"{path} {name}");
                Keep(path, answer["data"]!["id"]!);
                return answer["data"]!;
            }

            Assert.True(response.StatusCode == HttpStatusCode.BadRequest && attempt < 4, $"{path}: {answer}");
            foreach (var error in answer["errors"]!.AsArray())
            {
                var name = hostile.Keys.FirstOrDefault(one => $"{error!["field"]}".Split('[')[0] == one.Split('[')[0]);
                Assert.True(name is not null, $"{path}: {answer}");
                hostile.Remove(name);
                _refused.Add($"{path} {name}");
            }
        }
    }

    private IEnumerable<(string Name, bool IsAddress, int Longest)> FieldsOf(string path)
    {
        var schema = _document["paths"]![path]!["post"]!["requestBody"]!["content"]!["multipart/form-data"]!["schema"]!;
        foreach (var (name, described) in schema["properties"]!.AsObject())
        {
            var field = described!["items"] ?? described;
            if (
                $"{field["type"]}" is not "string"
                || field["enum"] is not null
                || $"{field["format"]}" is "binary"
                || Strict.Contains(name.Split('[')[0])
                || name.StartsWith("targeting_", StringComparison.Ordinal)
                || path is "/api/qr-codes" && name is "url"
            )
                continue;
            yield return (name, $"{field["format"]}" is "uri", field["maxLength"]?.GetValue<int>() ?? 256);
        }
    }

    private async Task VisitAsync(string alias)
    {
        foreach (var text in Texts)
        {
            // No header holds the end of a line.
            var line = text.ReplaceLineEndings("");
            using var response = await server.FollowAsync(
                $"{Uri.EscapeDataString(alias)}?utm_source={Uri.EscapeDataString(text)}&utm_campaign={Uri.EscapeDataString(text)}",
                null,
                ("User-Agent", $"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 {line}"),
                ("Referer", $"https://hostile.example/{line}"),
                ("Accept-Language", $"de,{line}"),
                ("CF-IPCountry", "FR"),
                ("CF-IPCity", line)
            );
        }
    }

    private async Task<bool> AreStoredAsync()
    {
        using var answer = await server.Anonymous.GetAsync("/readyz");
        return (await answer.Content.ReadAsStringAsync()).Contains("\"journal_bytes\":0", StringComparison.Ordinal);
    }

    private void Keep(string kind, JsonNode id)
    {
        if (!_ids.TryGetValue(kind, out var ids))
            _ids[kind] = ids = [];
        ids.Add(id.ToString());
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] fields) =>
        new(fields.Select(one => KeyValuePair.Create(one.Name, one.Value)));

    private static async Task<JsonNode> SendAsync(HttpClient http, string path, (string Name, string Value)[] fields)
    {
        using var response = await http.PostAsync(path, Form(fields));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, $"{path}: {answer}");
        return answer["data"]!;
    }

    private static async Task<JsonNode> ReadAsync(HttpClient http, string path) =>
        (await http.GetFromJsonAsync<JsonNode>(path))!["data"]!;
}
