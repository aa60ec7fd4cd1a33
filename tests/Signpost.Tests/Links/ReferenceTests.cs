using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;

namespace Signpost.Tests.Links;

/// <summary>The reference's own requests and shapes, to the letter.</summary>
public sealed class ReferenceTests(SharedServer shared) : ApiTests(shared)
{
    [Fact]
    public async Task The_reference_can_be_followed_from_create_to_delete()
    {
        var made = await SendAsync(
            HttpMethod.Post,
            "/api/links",
            Bodies.Multipart(("url", "example"), ("location_url", "https://1in.me/"))
        );
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var id = made.Json["data"]!["id"]!.GetValue<long>();
        Assert.Equal("example", made.Json["data"]!["url"]!.GetValue<string>());
        Assert.Equal($"{Server.Url}/example", made.Json["data"]!["short_url"]!.GetValue<string>());

        var one = await GetAsync($"/api/links/{id}");
        Assert.Equal(HttpStatusCode.OK, one.Status);
        Assert.Equal("application/json; charset=utf-8", await ContentTypeAsync($"/api/links/{id}"));

        var changed = await SendAsync(HttpMethod.Post, $"/api/links/{id}", Bodies.Multipart(("is_enabled", "0")));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(id, changed.Json["data"]!["id"]!.GetValue<long>());
        Assert.False((await ReadAsync(id))["is_enabled"]!.GetValue<bool>());

        var deleted = await SendAsync(HttpMethod.Delete, $"/api/links/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal("", deleted.Body);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/links/{id}")).Status);
    }

    [Fact]
    public async Task A_link_holds_every_field_of_the_reference_and_the_contract()
    {
        var link = await ReadAsync(await CreateAsync(("url", "whole")));

        Assert.Equal(
            "id project_id domain_id type url short_url location_url title note tags settings pixels_ids clicks order start_date end_date "
                + "is_enabled statistics_url last_datetime datetime",
            Names(link)
        );
        Assert.Equal(
            "password sensitive_content splash_page_id schedule clicks_limit expiration_url http_status_code app_linking_is_enabled "
                + "cloaking_is_enabled cloaking_title cloaking_meta_description cloaking_custom_js cloaking_favicon "
                + "cloaking_opengraph forward_query_parameters_is_enabled utm_source utm_medium utm_campaign utm_term utm_content "
                + "statistics_is_public statistics_public_title statistics_public_shows statistics_public_periods "
                + "statistics_public_password statistics_public_logo targeting_type targeting_continent_code targeting_country_code targeting_city_name targeting_device_type "
                + "targeting_browser_language targeting_rotation targeting_os_name targeting_browser_name",
            Names(link["settings"]!)
        );
        Assert.Null(link["project_id"]);
        Assert.Equal(0, link["domain_id"]!.GetValue<int>());
        Assert.Equal("link", link["type"]!.GetValue<string>());
        Assert.Equal(0, link["clicks"]!.GetValue<int>());
        Assert.Equal(0, link["order"]!.GetValue<int>());
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", link["datetime"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_list_has_the_references_shape()
    {
        var http = await StrangerAsync();
        await SendAsync(HttpMethod.Post, "/api/links", Bodies.Form(("location_url", "https://example.org/")), http);

        var list = (await SendAsync(HttpMethod.Get, "/api/links/", http: http)).Json;

        Assert.Single(list["data"]!.AsArray());
        Assert.Equal(
            """{"page":1,"results_per_page":25,"total":1,"total_pages":1,"total_is_exact":true}""",
            list["meta"]!.ToJsonString()
        );
        var page = $"{Server.Url}/api/links?&page=1";
        Assert.Equal(page, list["links"]!["first"]!.GetValue<string>());
        Assert.Equal(page, list["links"]!["last"]!.GetValue<string>());
        Assert.Equal(page, list["links"]!["self"]!.GetValue<string>());
        Assert.Null(list["links"]!["next"]);
        Assert.Null(list["links"]!["prev"]);
    }

    [Theory]
    [InlineData("GET", "/api/links", 200)]
    [InlineData("GET", "/api/links/", 200)]
    [InlineData("POST", "/api/links", 201)]
    [InlineData("POST", "/api/links/", 201)]
    [InlineData("PUT", "/api/links", 405)]
    [InlineData("DELETE", "/api/links/", 405)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("POST", "/api", 404)]
    public async Task Paths_work_with_and_without_a_trailing_slash(string method, string path, int status)
    {
        var body = method == "POST" ? Bodies.Form(("location_url", "https://example.org/")) : null;

        var reply = await SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(status, (int)reply.Status);
        Assert.Equal("nosniff", reply.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-store", reply.Headers["Cache-Control"]);
        if (status >= 400)
            Assert.Equal($"{status}", reply.Json["errors"]![0]!["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task A_link_changes_with_any_of_three_methods_and_keeps_what_is_not_sent(string method)
    {
        var id = await CreateAsync(("utm_source", "mail"), ("cloaking_title", "Title"));

        var reply = await SendAsync(new HttpMethod(method), $"/api/links/{id}/", Bodies.Form(("utm_source", "print")));

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        var settings = (await ReadAsync(id))["settings"]!;
        Assert.Equal("print", settings["utm_source"]!.GetValue<string>());
        Assert.Equal("Title", settings["cloaking_title"]!.GetValue<string>());
    }

    private async Task<string?> ContentTypeAsync(string path)
    {
        using var response = await Server.Http.GetAsync(path, Cancel);
        return response.Content.Headers.ContentType?.ToString();
    }

    private static string Names(JsonNode node) => string.Join(' ', node.AsObject().Select(pair => pair.Key));
}
