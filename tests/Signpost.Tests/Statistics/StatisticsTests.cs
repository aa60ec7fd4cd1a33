using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Links;

namespace Signpost.Tests.Statistics;

/// <summary>A server that trusts a proxy's headers about the addresses and places of visitors.</summary>
public sealed class VisitedServer : SharedServer
{
    private protected override Task<TestServer> StartAsync() =>
        TestServer.StartAsync(("SIGNPOST_TRUSTED_PROXIES", "127.0.0.0/8,::1"), ("SIGNPOST_GEO_HEADERS", "cloudflare"));
}

/// <summary>Helpers that visit links and ask for their statistics.</summary>
public abstract class StatisticsTests(VisitedServer shared) : ApiTests(shared), IClassFixture<VisitedServer>
{
    internal const string Iphone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

    internal const string Firefox = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0";

    internal const string Robot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    /// <summary>Makes a link to visit.</summary>
    internal Task<MadeLink> LinkAsync(params (string Name, string Value)[] fields) => Server.CreateLinkAsync(fields);

    /// <summary>Visits a link; returns the status.</summary>
    internal async Task<HttpStatusCode> VisitAsync(string aliasAndQuery, params (string Name, string Value)[] headers)
    {
        if (headers.All(header => header.Name != "User-Agent"))
            headers = [.. headers, ("User-Agent", Firefox)];
        using var response = await Server.FollowAsync(aliasAndQuery, null, headers);
        return response.StatusCode;
    }

    /// <summary>Visits a link as a visitor from a place, with a separate address.</summary>
    internal async Task VisitFromAsync(string alias, string country, string address, string agent = Firefox) =>
        await VisitAsync(alias, ("CF-IPCountry", country), ("X-Forwarded-For", address), ("User-Agent", agent));

    /// <summary>Waits until this number of requests is counted.</summary>
    internal async Task CountedAsync(long id, int requests)
    {
        await Patience.UntilAsync(
            async () => await RequestsAsync(id) >= requests,
            $"Counting {requests} requests of link {id}"
        );
        Assert.Equal(requests, await RequestsAsync(id));
    }

    internal async Task<JsonArray> RowsAsync(string query, HttpClient? http = null)
    {
        var reply = await SendAsync(HttpMethod.Get, $"/api/statistics{query}", http: http);
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply.Json["data"]!.AsArray();
    }

    /// <summary>Rows as in <c>FR 2/1</c>: value, pageviews, visitors. Rows with equal counts are in alphabetical order.</summary>
    internal async Task<string[]> CountsAsync(long id, string type, string filters = "") =>
        [
            .. (await RowsAsync($"/{id}?type={type}{filters}"))
                .GroupBy(row => row!["pageviews"]!.GetValue<long>())
                .SelectMany(rows => rows.Select(row => Brief(row!, type)).Order(StringComparer.Ordinal)),
        ];

    internal static string Brief(JsonNode row, string type) =>
        $"{row[type] ?? "null"} {row["pageviews"]}/{row["visitors"]}";

    private async Task<long> RequestsAsync(long id) =>
        (await RowsAsync($"/{id}?type=kind")).Sum(row => row!["pageviews"]!.GetValue<long>());
}
