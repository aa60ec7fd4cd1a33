using System.Net;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Api;

/// <summary>The words of errors and warnings that help a person who writes a client.</summary>
public sealed class MessageTests(SharedServer shared) : ApiTests(shared)
{
    [Theory]
    [InlineData("/api/links", "http_status_code=303&clicks_limit=x&is_enabled=maybe")]
    [InlineData("/api/links", "is_bulk=1&location_urls=javascript:a%0Ajavascript:b%0Afoo")]
    [InlineData("/api/projects", "color=red")]
    [InlineData("/api/pixels", "")]
    [InlineData("/api/users", "")]
    [InlineData("/api/api-keys", "scopes=a&expires=x")]
    public async Task The_message_names_everything_that_is_wrong(string path, string fields)
    {
        var reply = await SendAsync(HttpMethod.Post, path, Bodies.Raw("application/x-www-form-urlencoded", fields));

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        var titles = reply.Json["errors"]!.AsArray().Select(error => error!["title"]!.GetValue<string>()).ToList();
        Assert.True(titles.Count > 1, reply.Body);
        Assert.Equal(string.Join(' ', titles.Distinct()), reply.Json["message"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", 400)]
    [InlineData("text/plain", 415)]
    [InlineData(null, 415)]
    public async Task A_JSON_body_without_its_type_is_recognised_everywhere(string? type, int status)
    {
        var id = await CreateAsync();
        foreach (
            var path in (string[])
                [
                    "/api/links",
                    $"/api/links/{id}",
                    "/api/projects",
                    "/api/pixels",
                    "/api/domains",
                    "/api/users",
                    "/api/user",
                    "/api/api-keys",
                    "/api/visitor",
                    $"/api/links/{id}/explain",
                ]
        )
        foreach (var text in (string[])["{\"name\": \"a&b=c\"}", "\n [1, 2] "])
        {
            var reply = await SendAsync(
                HttpMethod.Post,
                path,
                Bodies.Raw(type, System.Text.Encoding.UTF8.GetBytes(text))
            );

            Assert.Equal(status, (int)reply.Status);
            Assert.Equal(
                "The body looks like JSON; send Content-Type: application/json.",
                reply.Json["message"]!.GetValue<string>()
            );
        }
    }

    [Fact]
    public async Task A_taken_alias_already_exists_and_one_s_own_link_is_named()
    {
        using var stranger = await StrangerAsync();
        var alias = $"taken-{Guid.NewGuid():N}";
        var id = await CreateAsync(("url", alias));
        var other = await CreateAsync();

        var again = await PostAsync(
            "/api/links",
            ("url", alias.ToUpperInvariant()),
            ("location_url", "https://example.org/")
        );
        var moved = await PostAsync($"/api/links/{other}", ("url", alias));
        var foreign = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Form(("url", alias), ("location_url", "https://example.org/")),
            stranger
        );

        foreach (var reply in (Reply[])[again, moved, foreign])
        {
            Assert.Equal(HttpStatusCode.Conflict, reply.Status);
            Assert.Equal("The alias already exists.", reply.Json["message"]!.GetValue<string>());
            Assert.Equal(["url"], reply.WrongFields);
        }

        Assert.Equal(id, again.Json["errors"]![0]!["link_id"]!.GetValue<long>());
        Assert.Equal(id, moved.Json["errors"]![0]!["link_id"]!.GetValue<long>());
        Assert.Null(foreign.Json["errors"]![0]!["link_id"]);
    }

    [Theory]
    [InlineData("/api/domains", "host=already.example")]
    [InlineData("/api/users", "email=already@example.org&password=long enough 7")]
    public async Task Other_things_that_are_taken_already_exist_too(string path, string fields)
    {
        await SendAsync(HttpMethod.Post, path, Bodies.Raw("application/x-www-form-urlencoded", fields));
        var again = await SendAsync(HttpMethod.Post, path, Bodies.Raw("application/x-www-form-urlencoded", fields));

        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Contains("already exists", again.Json["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("country_code", "Frnace", "FR")]
    [InlineData("country_code", "germany", "DE")]
    [InlineData("country_code", "USA", "US")]
    [InlineData("country_code", "ZZ", null)]
    [InlineData("continent_code", "Europe", "EU")]
    [InlineData("device_type", "phone", "mobile")]
    [InlineData("device_type", "dekstop", "desktop")]
    [InlineData("browser_language", "en_GB", "en-GB")]
    [InlineData("browser_language", "German", "de")]
    [InlineData("os_name", "Andriod", "Android")]
    [InlineData("rotation", "half", null)]
    public async Task A_wrong_key_is_quoted_and_a_near_one_suggested(string type, string key, string? meant)
    {
        var reply = await PostAsync(
            "/api/links",
            ("location_url", "https://example.org/"),
            ($"targeting_{type}_key[0]", key),
            ($"targeting_{type}_value[0]", "https://example.org/a")
        );

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.EndsWith(
            meant is null ? $"but it is \"{key}\"." : $"but it is \"{key}\". Did you mean {meant}?",
            reply.Json["message"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("country_code", "uk", "GB")]
    [InlineData("country_code", "XK", "XK")]
    [InlineData("os_name", "Ubuntu,Linux,iOS", "Linux,iOS")]
    [InlineData("os_name", "macOS,OS X", "OS X")]
    [InlineData("country_code", "GB,UK,FR", "GB,FR")]
    [InlineData("browser_name", "Chrome,Google Chrome", "Chrome")]
    [InlineData("city_name", "Paris,paris", "Paris")]
    [InlineData("device_type", "mobile,Mobile", "mobile")]
    [InlineData("browser_language", "en-us,en-US,en", "en-US,en")]
    [InlineData("continent_code", "eu,EU", "EU")]
    [InlineData("rotation", "50,50", "50,50")]
    public async Task Keys_are_understood_and_the_first_of_two_equal_ones_wins(string type, string sent, string kept)
    {
        var keys = sent.Split(',');
        List<(string, string)> fields = [("location_url", "https://example.org/"), ("targeting_type", type)];
        for (var i = 0; i < keys.Length; i++)
            fields.AddRange([
                ($"targeting_{type}_key[{i}]", keys[i]),
                ($"targeting_{type}_value[{i}]", $"https://example.org/{i}"),
            ]);

        var made = await PostAsync("/api/links", [.. fields]);

        Assert.True(made.Status is HttpStatusCode.Created, made.Body);
        var rules = made.Json["data"]!["settings"]![$"targeting_{type}"]!.AsArray();
        Assert.Equal(kept, string.Join(',', rules.Select(rule => rule!["key"]!.GetValue<string>())));
        Assert.Equal("https://example.org/0", rules[0]!["value"]!.GetValue<string>());
        Assert.Equal(keys.Length - rules.Count, made.Json["data"]!["warnings"]?.AsArray().Count ?? 0);
    }

    [Theory]
    [InlineData("a\nb", "a b")]
    [InlineData("a\r\nb\rc\n", "a b c")]
    [InlineData("\n\na\n\nb", "a  b")]
    public async Task Line_ends_of_a_description_become_blanks(string sent, string kept)
    {
        foreach (var type in Bodies.Types)
        {
            var made = await SendAsync(
                HttpMethod.Post,
                "/api/links",
                Bodies.Of(type, ("location_url", "https://example.org/"), ("cloaking_meta_description", sent))
            );

            Assert.Equal(kept, made.Json["data"]!["settings"]!["cloaking_meta_description"]!.GetValue<string>());
        }
    }
}
