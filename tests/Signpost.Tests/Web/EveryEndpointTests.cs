using System.Net;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Storage;
using Signpost.Testing;
using Person = Signpost.Testing.Person;

namespace Signpost.Tests.Web;

/// <summary>
/// Walks the route table, so that each new endpoint is checked, too: forms of people come from our own pages, and reading
/// changes nothing.
/// </summary>
public sealed class EveryEndpointTests : IAsyncLifetime
{
    /// <summary>They take no cookie of a person, and browsers tell if another site sent them.</summary>
    private static readonly string[] WithoutSession =
    [
        "/_signpost/agree/{**alias}",
        "/_signpost/open/{**alias}",
        "/_signpost/unlock/{**alias}",
        "/l/stats/{**alias}",
        "/setup/{token}",
    ];

    /// <summary>Notes of the last use, of exports and of refusals: they change by reading.</summary>
    private static readonly string[] Notes =
    [
        "audit_log",
        "sessions",
        "protection_keys",
        "click_days",
        "expiry_clock",
        "journal_positions",
        "sqlite_sequence",
    ];

    private TestServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<(string Path, string Method)> Endpoints =>
        from source in _server.Services.GetServices<EndpointDataSource>()
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
        select ($"/{endpoint.RoutePattern.RawText!.Trim('/')}", method);

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_form_of_a_person_comes_from_our_own_page()
    {
        using var ada = new Person(_server);
        using var eve = new Person(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var eves = (await eve.GetAsync("/login", Cancel)).Token;
        Assert.NotEmpty(eves);
        var forms = Endpoints.Where(one => !IsApi(one.Path) && one.Method is not ("GET" or "HEAD")).ToList();

        Assert.All(forms, form => Assert.Equal("POST", form.Method));
        Assert.Equal(
            WithoutSession,
            forms.Select(form => form.Path).Intersect(WithoutSession).Order(StringComparer.Ordinal)
        );
        var paths = forms.Select(form => form.Path).Except(WithoutSession).ToList();
        Assert.InRange(paths.Count, 10, 100);
        foreach (var path in paths)
        foreach (var token in (string[])["", eves])
        {
            var number = path.Replace("{id:long}", "1", StringComparison.Ordinal)
                .Replace("{link:long}", "1", StringComparison.Ordinal);
            var refused = await ada.PostAsync(number, Cancel, ("form_token", token), ("password", "x"));
            Assert.True(refused.Status == HttpStatusCode.BadRequest, $"{path}: {refused.Status}");
            Assert.Contains("That form was too old", refused.Body, StringComparison.Ordinal);
        }

        Assert.True(await ada.IsSignedInAsync(Cancel));
    }

    [Fact]
    public async Task Reading_changes_nothing()
    {
        using var ada = new Person(_server);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        var link = await _server.CreateLinkAsync();
        await ada.GetAccountAsync(Cancel);
        var before = await RowsAsync();
        var (read, found) = (0, 0);

        foreach (var (path, method) in Endpoints.Where(one => one.Method is "GET" or "HEAD").Distinct())
        {
            var address = Fill(path, link);
            using var request = new HttpRequestMessage(new(method), address);
            using var response = await _server.Http.SendAsync(request, Cancel);
            if (method is "GET")
                await ada.GetAsync(address, Cancel);
            Assert.True((int)response.StatusCode < 500, $"{method} {address}: {response.StatusCode}");
            read++;
            found += response.StatusCode is HttpStatusCode.OK ? 1 : 0;
        }

        Assert.InRange(read, 40, 1_000);
        Assert.InRange(found, 20, 1_000);
        Assert.Equal(before, await RowsAsync());
    }

    [Fact]
    public async Task Every_header_is_ASCII_also_with_a_public_address_of_other_letters()
    {
        const string host = "xn--bcher-kva.example";
        await using var server = await TestServer.StartAsync(
            ("SIGNPOST_PUBLIC_URL", "http://B\u00FCcher.example:8443")
        );
        server.Http.DefaultRequestHeaders.Host = server.Anonymous.DefaultRequestHeaders.Host = host;
        var link = await server.CreateLinkAsync(
            ("url", "\u00E9t\u00E9-\U0001F680"),
            ("location_url", "https://m\u00FCnchen.example/\u00E9"),
            ("cloaking_is_enabled", "1"),
            ("statistics_is_public", "1")
        );
        var shown = await server.ReadLinkAsync(link.Id);
        Assert.StartsWith(
            $"http://{host}:8443/%C3%A9",
            shown.GetProperty("short_url").GetString(),
            StringComparison.Ordinal
        );
        var asked = 0;

        // The ends of the account and of its keys come last.
        foreach (
            var (path, method) in Endpoints
                .Distinct()
                .OrderBy(one => one.Method is "DELETE")
                .ThenBy(one => IsApi(one.Path))
        )
        foreach (var client in (HttpClient[])[server.Http, server.Anonymous])
        {
            using var request = new HttpRequestMessage(new(method), Fill(path, link));
            if (method is not ("GET" or "HEAD"))
                request.Content = new FormUrlEncodedContent([new("location_url", "https://example.org/")]);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.True((int)response.StatusCode < 500, $"{method} {path}: {response.StatusCode}");
            foreach (var (name, values) in response.Headers.NonValidated)
                Assert.True(Ascii.IsValid(values.ToString()), $"{method} {path}: {name}: {values}");
            asked++;
        }

        Assert.InRange(asked, 100, 2_000);
    }

    [Fact]
    public async Task No_alias_has_the_first_segment_of_a_route()
    {
        var segments = Endpoints
            .Select(one => one.Path.Split('/')[1])
            .Where(segment => segment is not "" && !segment.Contains('{', StringComparison.Ordinal))
            .Distinct()
            .ToList();
        Assert.InRange(segments.Count, 10, 100);

        foreach (var segment in segments)
        foreach (var alias in (string[])[segment, $"{segment.ToUpperInvariant()}/x"])
        {
            using var form = new FormUrlEncodedContent([
                new("url", alias),
                new("location_url", "https://example.org/"),
            ]);
            using var refused = await _server.Http.PostAsync("/api/links", form, Cancel);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, $"{alias}: {refused.StatusCode}");
        }
    }

    private static bool IsApi(string path) => path.StartsWith("/api", StringComparison.Ordinal);

    // The stream of clicks has no end, unless it is asked for a link that is missing.
    private static string Fill(string path, MadeLink link)
    {
        var filled = System.Text.RegularExpressions.Regex.Replace(
            path,
            @"\{([^}]+)\}",
            match => match.Groups[1].Value.Contains("alias", StringComparison.Ordinal) ? link.Alias : $"{link.Id}"
        );
        return filled is "/api/statistics/live" ? filled + "?link_id=987654321" : filled;
    }

    private async Task<string> RowsAsync()
    {
        await using var connection = _server.Database.OpenRead();
        List<string> tables = [];
        await using (
            var names = connection.Command(
                null,
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
            )
        )
        await using (var rows = await names.ExecuteReaderAsync(Cancel))
            while (await rows.ReadAsync(Cancel))
                tables.Add(rows.GetString(0));
        Assert.InRange(tables.Count, 20, 100);

        var all = new StringBuilder();
        foreach (var table in tables.Except(Notes))
        {
            await using var command = connection.Command(null, $"SELECT * FROM \"{table}\"");
            await using var rows = await command.ExecuteReaderAsync(Cancel);
            while (await rows.ReadAsync(Cancel))
            {
                all.Append(table);
                for (var i = 0; i < rows.FieldCount; i++)
                    if (rows.GetName(i) is not "last_used_at")
                        all.Append(' ')
                            .Append(rows.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : rows.GetValue(i));
                all.Append('\n');
            }
        }

        return all.ToString();
    }
}
