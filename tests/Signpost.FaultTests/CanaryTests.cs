using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Signpost.FaultTests.Running;
using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>
/// Sends a secret through each setting, endpoint and page that takes or makes one, and searches everything that comes out of the
/// server: its log, what it tells operators, error pages, its files and its backup.
/// </summary>
public sealed partial class CanaryTests : IAsyncLifetime
{
    private const string BobEmail = "bob@example.org";
    private const string DataOnDisk = "disk";
    private const string Page = "page";

    private readonly Canaries _canaries = new();
    private readonly Installation _home = Installation.Empty();
    private Collector _collector = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _collector = await Collector.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _home.DisposeAsync();
    }

    [Fact]
    public async Task No_secret_stands_in_logs_telemetry_errors_or_backups()
    {
        var backup = Path.Combine(_home.Root, "backup.db");
        var otlpHeader = _canaries.Plant("the header for OTLP");
        await using (var server = await RunningServer.StartAsync(_home, Settings(otlpHeader)))
        {
            var bobsPassword = await PlantThroughApiAsync(server);
            await PlantOnPagesAsync(server, bobsPassword);
            await PlantInWrongRequestsAsync(server);
            await PlantInFailingRequestsAsync(server);
            await SearchAsync(server, "/login/provider", HttpStatusCode.SeeOther);

            foreach (var path in (string[])["/readyz", "/healthz", "/", "/docs", "/openapi/v1.json"])
                await SearchAsync(server, path, HttpStatusCode.OK);
            foreach (var path in (string[])["/api/links", "/api/users", "/api/api-keys", "/api/audit-log"])
                await SearchAsync(server, path, HttpStatusCode.OK);
            var made = await SignpostProcess.RunAsync(_home, ["backup", backup]);
            Assert.True(made.ExitCode == 0, $"{made}");
            _canaries.Search("the output of backup", $"{made}");
            await _collector.Traces.OrFail("The arrival of traces", server.Process.Said);
            await server.StopAsync();
            var log = server.Process.Said();
            Assert.Contains("Request starting", log, StringComparison.Ordinal);
            Assert.Contains("An API request by POST (", log, StringComparison.Ordinal);
            _canaries.Search("the log", log);
        }

        await SearchDataAsync();
        await PlantInCommandsAsync();
        await SearchDataAsync();
        await _canaries.SearchFileAsync($"{DataOnDisk}: the backup", backup);
        Assert.Contains("signpost.clicks.unrecorded", _collector.Text, StringComparison.Ordinal);
        Assert.Contains($"Bearer {otlpHeader}", _collector.Authorizations);
        _canaries.Search("telemetry", _collector.Text);

        Assert.Empty(_canaries.Found());
    }

    [Fact]
    public async Task The_search_finds_a_secret_in_each_form()
    {
        var secret = _canaries.Plant("a secret");
        var file = Path.Combine(_home.Root, "file");
        await File.WriteAllTextAsync(file, $"x{secret}y", Encoding.Unicode, Cancel);

        _canaries.Search("clear text", $"x{secret.ToLowerInvariant()}y");
        _canaries.Search("hex", Convert.ToHexString(Encoding.UTF8.GetBytes($"x{secret}")));
        await _canaries.SearchFileAsync("a file", file);
        _canaries.Search("nothing", secret[..^1]);

        Assert.Equal(3, _canaries.Found().Count);
    }

    private (string, string)[] Settings(string otlpHeader)
    {
        _canaries.Plant("the API key in the settings", Installation.ApiKey);
        var certificatePassword = _canaries.Plant("the password of the certificate");
        var collector = new UriBuilder(_collector.Address)
        {
            UserName = "signpost",
            Password = _canaries.Plant("the password in the address for OTLP"),
        };
        return
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0;https://127.0.0.1:0"),
            ("Kestrel__Certificates__Default__Path", CertificateFile(certificatePassword)),
            ("Kestrel__Certificates__Default__Password", certificatePassword),
            ("SIGNPOST_ADMIN_EMAIL", Installation.AdminEmail),
            ("SIGNPOST_ADMIN_PASSWORD", _canaries.Plant("the admin's password in the settings")),
            ("SIGNPOST_API_KEY", Installation.ApiKey),
            // Nothing listens there.
            ("SIGNPOST_OIDC_AUTHORITY", "http://127.0.0.1:9"),
            ("SIGNPOST_OIDC_CLIENT_ID", "signpost"),
            ("SIGNPOST_OIDC_CLIENT_SECRET", _canaries.Plant("the client secret of the provider")),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.Uri}"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", $"authorization=Bearer {otlpHeader}"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("Logging__Console__FormatterOptions__IncludeScopes", "true"),
            // The server has a level of its own for each of these categories.
            .. Server
                .NewBuilder([])
                .Configuration.GetSection("Logging:LogLevel")
                .GetChildren()
                .Select(category => ($"Logging__LogLevel__{category.Key}", "Trace")),
        ];
    }

    private string CertificateFile(string password)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = Path.Combine(_home.Root, "certificate.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, password));
        return path;
    }

    private async Task<string> PlantThroughApiAsync(RunningServer server)
    {
        var password = _canaries.Plant("the password of a person");
        var bob = await MakeAsync(server, "/api/users", new { email = BobEmail, password });
        _canaries.Search("the response to a new person", $"{bob}");
        var id = bob["data"]!["id"]!.GetValue<long>();
        var key = await MakeAsync(server, $"/api/users/{id}/api-keys", new { name = "Bob's" });
        _canaries.Plant("the key of a person", key["data"]!["key"]!.GetValue<string>());
        var link = await MakeAsync(
            server,
            "/api/links",
            new
            {
                url = "locked",
                location_url = "https://example.org/",
                password = _canaries.Plant("the password of a link"),
            }
        );
        _canaries.Search("the response to a new link", $"{link}");

        using var visitor = new Person(server.Address);
        var linkPassword = _canaries.Plant("another password of the link");
        await SendAsync(server, $"/api/links/{link["data"]!["id"]}", new { password = linkPassword });
        var wrong = await visitor.PostAsync(
            "/_signpost/unlock/locked",
            Cancel,
            ("password", _canaries.Plant("a wrong password of the link"))
        );
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        _canaries.Search("the page for a wrong password of a link", wrong.Body);
        var right = await visitor.PostAsync("/_signpost/unlock/locked", Cancel, ("password", linkPassword));
        Assert.Equal(HttpStatusCode.SeeOther, right.Status);
        Assert.Equal(HttpStatusCode.Found, (await visitor.GetAsync("/locked", Cancel)).Status);
        PlantCookie(visitor, server, "signpost-grants");
        return password;
    }

    private async Task PlantOnPagesAsync(RunningServer server, string password)
    {
        using var bob = new Person(server.Address);
        var wrong = await bob.SignInAsync(BobEmail, _canaries.Plant("a wrong password"), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        _canaries.Search($"{Page} for a wrong password", wrong.Body);
        await bob.SignInAsync(BobEmail, password, Cancel);
        PlantCookie(bob, server, "signpost");
        PlantCookie(bob, server, "signpost_form");

        var account = await bob.GetAsync("/dashboard/account", Cancel);
        Assert.Equal(HttpStatusCode.OK, account.Status);
        _canaries.Plant("the token of a form", account.Token, allowed: Page);
        var next = _canaries.Plant("a new password on the page");
        var refused = await PostAsync("/dashboard/account/password", ("current", next), ("password", next));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        _canaries.Search($"{Page} for a wrong current password", refused.Body);
        var changed = await PostAsync("/dashboard/account/password", ("current", password), ("password", next));
        Assert.Equal(HttpStatusCode.SeeOther, changed.Status);
        PlantCookie(bob, server, "signpost");
        await PostAsync("/dashboard/account/keys", ("name", "Page"), ("scopes", "links:read"), ("current", next));
        PlantCookie(bob, server, "signpost_notice");
        var key = await bob.GetAsync("/dashboard/account/keys", Cancel);
        _canaries.Plant("a key from the page", Key().Match(key.Body).Groups[1].Value);

        await PostAsync("/dashboard/account/second-factor/start", ("current", next));
        var shown = await bob.GetAsync("/dashboard/account/second-factor", Cancel);
        var secret = Secret().Match(shown.Body).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        // It cannot be a hash: the server computes the codes from it. docs/operations.md says so.
        _canaries.Plant("the secret of the second factor", secret, allowed: DataOnDisk);
        await PostAsync("/dashboard/account/second-factor", ("code", Authenticator.Code(secret)));
        var confirmed = await bob.GetAsync("/dashboard/account/second-factor/codes", Cancel);
        var codes = RecoveryCode().Matches(confirmed.Body).Select(code => code.Value).Distinct().ToArray();
        Assert.Equal(10, codes.Length);
        foreach (var code in codes)
        {
            _canaries.Plant("a recovery code", code);
            _canaries.Plant("a recovery code", code.Replace("-", "", StringComparison.Ordinal));
        }

        PlantCookie(bob, server, "signpost");
        _canaries.Search(Page, (await bob.GetAccountAsync(Cancel)).Body);
        await UseRecoveryCodeAsync(server, next, codes[0]);

        async Task<Sight> PostAsync(string path, params (string, string)[] fields) =>
            await bob.SendAsync("/dashboard/account", path, Cancel, fields);
    }

    private async Task UseRecoveryCodeAsync(RunningServer server, string password, string code)
    {
        using var bob = new Person(server.Address);
        await bob.SignInAsync(BobEmail, password, Cancel);
        PlantCookie(bob, server, "signpost_step");
        var wrong = await bob.SendAsync(
            "/login/code",
            "/login/code",
            Cancel,
            ("code", _canaries.Plant("a wrong recovery code", "BBBBB-CCCCC"))
        );
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        _canaries.Search($"{Page} for a wrong code", wrong.Body);
        await bob.SendAsync("/login/code", "/login/code", Cancel, ("code", code));
        Assert.True(await bob.IsSignedInAsync(Cancel));
        PlantCookie(bob, server, "signpost");
    }

    /// <summary>Requests that the server refuses, each with a secret.</summary>
    private async Task PlantInWrongRequestsAsync(RunningServer server)
    {
        var secret = _canaries.Plant("the secret in a wrong request");
        (string Type, string Body)[] wrong =
        [
            ("application/json", $$"""{"location_url": "https://example.org/", "password": "{{secret}}"""),
            ("application/json", $$$"""{"location_url": "https://example.org/", "password": {"is": "{{{secret}}}"}}"""),
            ("application/json", $$"""{"location_url": "nonsense", "password": "{{secret}}"}"""),
            ("application/json", $$"""{"password": "{{string.Concat(Enumerable.Repeat(secret, 9))}}"}"""),
            ("application/xml", $"<password>{secret}</password>"),
            ("application/x-www-form-urlencoded", $"password={secret}&password={secret}"),
            ("multipart/form-data; boundary=B", $"--B\r\nContent-Disposition: {secret}\r\n\r\n{secret}"),
        ];
        foreach (
            var path in (string[])
                ["/api/links", "/api/users", "/api/user", "/api/api-keys", "/login", "/dashboard/account/keys"]
        )
        foreach (var (type, body) in wrong)
        {
            using var content = new StringContent(body, Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            using var response = await server.Http.PostAsync(path, content, Cancel);
            _canaries.Search($"the response to {type} at {path}", await response.Content.ReadAsStringAsync(Cancel));
        }

        using var stranger = server.NewClient();
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", _canaries.Plant("a wrong key"));
        using var refused = await stranger.GetAsync("/api/links", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        _canaries.Search("the response to a wrong key", await refused.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Requests that end with an exception in the server, each with a secret.</summary>
    private async Task PlantInFailingRequestsAsync(RunningServer server)
    {
        using var ada = new Person(server.Address);
        var login = await ada.GetAsync("/login", Cancel);
        var secret = _canaries.Plant("the secret in a request that fails");
        foreach (var table in (string[])["links", "people"])
            _home.Ask($"ALTER TABLE {table} RENAME TO {table}_away");

        var link = await SendAsync(
            server,
            "/api/links",
            new { location_url = "https://example.org/", password = secret }
        );
        var signedIn = await ada.PostAsync(
            "/login",
            Cancel,
            ("form_token", login.Token),
            ("email", BobEmail),
            ("password", secret)
        );

        foreach (var table in (string[])["links", "people"])
            _home.Ask($"ALTER TABLE {table}_away RENAME TO {table}");
        Assert.Equal(
            (HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError),
            (link.Status, signedIn.Status)
        );
        _canaries.Search("the response to a failing request", link.Body);
        _canaries.Search("the page for a failing request", signedIn.Body);
    }

    private async Task PlantInCommandsAsync()
    {
        var reset = await SignpostProcess.RunAsync(
            _home,
            ["reset-password", BobEmail],
            input: _canaries.Plant("the password of reset-password")
        );
        Assert.True(reset.ExitCode == 0, $"{reset}");
        _canaries.Search("the output of reset-password", $"{reset}");
        var key = await SignpostProcess.RunAsync(_home, ["create-key", BobEmail]);
        Assert.True(key.ExitCode == 0, $"{key}");
        _canaries.Plant("the key of create-key", Key().Match(string.Join('\n', key.Output)).Groups[1].Value);
    }

    private async Task SearchDataAsync()
    {
        var files = Directory.GetFiles(_home.DataDirectory, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("signpost.db", StringComparison.Ordinal));
        foreach (var file in files)
            await _canaries.SearchFileAsync($"{DataOnDisk}: {Path.GetFileName(file)}", file);
    }

    private async Task SearchAsync(RunningServer server, string path, HttpStatusCode status)
    {
        using var response = await server.Http.GetAsync(path, Cancel);
        Assert.Equal(status, response.StatusCode);
        _canaries.Search(path, await response.Content.ReadAsStringAsync(Cancel));
    }

    private void PlantCookie(Person person, RunningServer server, string name) =>
        _canaries.Plant($"the cookie {name}", person.Cookies.GetCookies(server.Address)[name]?.Value ?? "");

    private static async Task<JsonNode> MakeAsync(RunningServer server, string path, object body)
    {
        var (status, text) = await SendAsync(server, path, body);
        Assert.True(status == HttpStatusCode.Created, $"{path}: {text}");
        return JsonNode.Parse(text)!;
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        RunningServer server,
        string path,
        object body
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        // The server keeps the response for another request with the same key.
        request.Headers.Add("Idempotency-Key", $"{Guid.NewGuid()}");
        using var response = await server.Http.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    [GeneratedRegex(@"(sp_[\w-]{20,})")]
    private static partial Regex Key();

    [GeneratedRegex("id=\"secret\">([A-Z2-7 ]+)<")]
    private static partial Regex Secret();

    [GeneratedRegex("[2-9B-Z]{5}-[2-9B-Z]{5}")]
    private static partial Regex RecoveryCode();
}
