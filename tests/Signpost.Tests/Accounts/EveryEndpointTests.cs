using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Api.Callers;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;

namespace Signpost.Tests.Accounts;

/// <summary>
/// Walks the route table with two accounts, so that each new endpoint is checked, too, or fails here until this
/// class knows how to create its resource.
/// </summary>
public sealed partial class EveryEndpointTests(SharedServer shared) : PeopleTests(shared)
{
    private const string Marker = "somebody-elses-thing";

    /// <summary>The POST that creates a resource, by the parameter that names the resource.</summary>
    private static readonly Dictionary<string, (string Path, (string, string)[] Fields)> Making = new()
    {
        ["link_id"] = ("/api/links", [("location_url", $"https://example.org/{Marker}"), ("cloaking_title", Marker)]),
        ["key_id"] = ("/api/api-keys", [("name", Marker)]),
        ["/api/projects"] = ("/api/projects", [("name", Marker)]),
        ["/api/tags"] = ("/api/tags", [("name", Marker)]),
        ["/api/pixels"] = ("/api/pixels", [("name", Marker), ("type", "facebook"), ("pixel", "1234567")]),
        ["/api/qr-codes"] = ("/api/qr-codes", [("name", Marker), ("url", $"https://example.org/{Marker}")]),
        ["/api/qr-logos"] = ("/api/qr-logos", [("name", Marker)]),
        ["/api/splash-pages"] = ("/api/splash-pages", [("name", Marker)]),
        [Jobs] = ("/api/links/bulk?url=none", [("is_enabled", "1")]),
        ["/api/views"] = ("/api/views", [("name", Marker), ("value", "{}")]),
        ["/api/utm-templates"] = ("/api/utm-templates", [("name", Marker), ("value", "{}")]),
        ["/api/qr-presets"] = ("/api/qr-presets", [("name", Marker), ("value", "{}")]),
        ["/api/teams"] = ("/api/teams", [("name", Marker)]),
        ["/api/domains"] = ("/api/domains", [("custom_index_url", $"https://example.org/{Marker}")]),
    };

    private static int _made;

    /// <summary>A response about a job holds nothing of the account but numbers.</summary>
    private const string Jobs = "/api/jobs";

    /// <summary>Ids of accounts: only admins may name any, and all others get the same 403 for each.</summary>
    private const string UserId = "user_id";
    private const string MailId = "mail_id";

    /// <summary>The id is that of a team to read, and that of a member to write.</summary>
    private const string Members = "/api/team-members";

    /// <summary>Ids of one's own memberships.</summary>
    private const string Own = "/api/teams-member";

    private IEnumerable<RouteEndpoint> Api =>
        Server
            .Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => PathOf(endpoint).StartsWith("/api", StringComparison.Ordinal));

    [Fact]
    public void Every_endpoint_of_the_API_states_its_scope_or_that_it_is_for_everybody()
    {
        Assert.NotEmpty(Api);
        Assert.All(
            Api,
            endpoint =>
                Assert.True(
                    endpoint.Metadata.GetMetadata<NeededScope>() is not null
                        || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
                    $"{endpoint.DisplayName} states no scope: add .Scoped(…) to its group."
                )
        );
    }

    [Fact]
    public async Task On_every_endpoint_a_foreign_id_gets_the_response_of_a_missing_one()
    {
        using var owner = await NewClientAsync();
        using var stranger = await NewClientAsync();
        var walked = 0;

        foreach (var endpoint in Api.Where(endpoint => endpoint.RoutePattern.Parameters.Count > 0))
        foreach (var method in MethodsOf(endpoint))
        {
            var (path, parameter) = (PathOf(endpoint), ThingOf(endpoint));
            var isForAdmins = endpoint.Metadata.GetMetadata<NeededScope>()?.Scope is Scopes.Admin;
            var id =
                parameter == UserId ? (await NewUserAsync()).Id
                // Only admins may name any mail, and no request makes one.
                : parameter == MailId ? 1
                : parameter is Members or Own ? await MembershipAsync(owner, isTeam: method is "GET")
                : await MakeAsync(parameter, owner, path);

            var foreign = await AskAsync(method, Fill(path, id), stranger);
            var missing = await AskAsync(method, Fill(path, 987654321), stranger);

            var expected = isForAdmins ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound;
            Assert.True(expected == foreign.Status, $"{method} {path}: {foreign.Status}");
            Assert.Equal((missing.Status, missing.Body), (foreign.Status, foreign.Body));
            Assert.Equal(
                missing.Headers.Keys.Order(StringComparer.Ordinal),
                foreign.Headers.Keys.Order(StringComparer.Ordinal)
            );
            if (parameter != Jobs && Making.TryGetValue(parameter, out var thing))
                Assert.Contains(
                    Marker,
                    (await AskAsync("GET", $"{thing.Path}/{id}", owner)).Body,
                    StringComparison.Ordinal
                );
            walked++;
        }

        AssertWalked(walked);
    }

    [Fact]
    public async Task No_endpoint_shows_a_stranger_s_things()
    {
        using var owner = await NewClientAsync();
        using var stranger = await NewClientAsync();
        foreach (var parameter in Making.Keys)
            await MakeAsync(parameter, owner, "");
        var walked = 0;

        foreach (var endpoint in Api.Where(endpoint => endpoint.RoutePattern.Parameters.Count == 0))
        foreach (var method in MethodsOf(endpoint))
        {
            var reply = await AskAsync(method, PathOf(endpoint) + EndOf(endpoint), stranger);

            Assert.DoesNotContain(Marker, reply.Body, StringComparison.Ordinal);
            if (endpoint.Metadata.GetMetadata<NeededScope>()?.Scope is Scopes.Admin)
                Assert.Equal(HttpStatusCode.Forbidden, reply.Status);
            walked++;
        }

        AssertWalked(walked);
    }

    [Fact]
    public async Task Without_a_key_only_public_endpoints_succeed()
    {
        var walked = 0;
        foreach (var endpoint in Api.Where(one => one.Metadata.GetMetadata<IAllowAnonymous>() is null))
        foreach (var method in MethodsOf(endpoint))
        {
            var reply = await AskAsync(method, Fill(PathOf(endpoint), 1), Server.Anonymous);

            Assert.True(reply.Status == HttpStatusCode.Unauthorized, $"{method} {PathOf(endpoint)}: {reply.Status}");
            walked++;
        }

        AssertWalked(walked);
    }

    private static void AssertWalked(int endpoints) =>
        Assert.True(endpoints >= 10, $"Only {endpoints} endpoints were walked.");

    private async Task<long> MakeAsync(string parameter, HttpClient owner, string path)
    {
        Assert.True(
            Making.ContainsKey(parameter),
            $"{path} names a thing by {parameter}: add a line to {nameof(Making)} that says how to make one."
        );
        var (where, fields) = Making[parameter];
        // Hosts, and names of tags, exist once.
        var number = Interlocked.Increment(ref _made);
        if (where is "/api/domains")
            fields = [.. fields, ("host", $"d{number}.example.org")];
        if (where is "/api/tags")
            fields = [("name", $"{Marker} {number}")];
        var body = where is "/api/qr-logos"
            ? Bodies.Multipart(fields).WithFile("picture", Bodies.Png)
            : Bodies.Form(fields);
        var made = await SendAsync(HttpMethod.Post, where, body, owner);
        Assert.True(made.Status is HttpStatusCode.Created or HttpStatusCode.Accepted, $"{where}: {made.Body}");
        return made.Json["data"]!["id"]!.GetValue<long>();
    }

    private async Task<long> MembershipAsync(HttpClient owner, bool isTeam)
    {
        await MakeAsync("/api/teams", owner, "");
        var newest = (await SendAsync(HttpMethod.Get, Own, http: owner)).Json["data"]![0]!;
        return newest[isTeam ? "team_id" : "id"]!.GetValue<long>();
    }

    private Task<Reply> AskAsync(string method, string path, HttpClient http) =>
        SendAsync(new(method), path, method is "GET" or "DELETE" ? null : Bodies.Form(("name", "stranger")), http);

    private static IEnumerable<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "DELETE"];

    /// <summary>The kind of the endpoint's id. If the parameter is only id, it is the kind of the collection.</summary>
    private static string ThingOf(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.Parameters[0].Name is var name && name is not "id" ? name
        : PathOf(endpoint) is var path ? path[..path.IndexOf("/{", StringComparison.Ordinal)]
        : "";

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.Trim('/')}";

    /// <summary>Makes an endless response end: the request asks for a missing link.</summary>
    private static string EndOf(RouteEndpoint endpoint) =>
        PathOf(endpoint) is "/api/statistics/live" ? "?link_id=987654321" : "";

    private static string Fill(string path, long id) => Parameter().Replace(path, $"{id}");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
