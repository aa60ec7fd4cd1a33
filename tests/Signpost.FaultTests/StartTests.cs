using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Signpost.FaultTests.Running;
using Signpost.FaultTests.Visiting;
using Signpost.Testing;

namespace Signpost.FaultTests;

/// <summary>A start that cannot work ends at once with an error of one line.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_process_leaves_the_data_directory_to_the_first()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var home = await Installation.SeededAsync(new SeededLink("one"));
        await using var first = await RunningServer.StartAsync(home);

        var second = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, second.ExitCode);
        var line = Assert.Single(second.Errors);
        Assert.Contains(home.DataDirectory, line, StringComparison.Ordinal);
        Assert.Contains("in use by another Signpost process", line, StringComparison.Ordinal);
        using var visitor = await Visitor.ConnectOrFailAsync(first.Endpoint, cancel);
        Assert.Equal(302, (await visitor.AskAsync(Visitor.Request("/one"), cancel)).Status);
        await first.StopAsync();
        Assert.Equal(1, home.StoredClicks(home.Link("one").Id));
    }

    [Fact]
    public async Task The_main_command_keeps_its_data_where_it_is_typed()
    {
        await using var home = Installation.Empty();
        string[] command = ["run", "--no-build", "-c", "Release", "--project", SignpostProcess.ProjectPath];
        var typed = new ProcessStartInfo("dotnet", [.. command, "--", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = home.Root,
            RedirectStandardOutput = true,
        };
        using var server = Process.Start(typed)!;
        try
        {
            string? line;
            do line = await server
                .StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                .AsTask()
                .OrFail("The banner");
            while (line?.Contains("  Data ", StringComparison.Ordinal) is false);

            Assert.Contains(Path.Combine(home.Root, "data"), line, StringComparison.Ordinal);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.EndAsync("the main command");
        }
    }

    [Theory]
    [InlineData("restore", "backup.db")]
    [InlineData("repair-journal")]
    public async Task A_command_leaves_the_data_directory_to_the_server(params string[] command)
    {
        await using var home = await Installation.SeededAsync();
        await using var server = await RunningServer.StartAsync(home);

        var backup = await SignpostProcess.RunAsync(home, ["backup", "backup.db"]);
        Assert.Equal(0, backup.ExitCode);

        var ended = await SignpostProcess.RunAsync(home, command);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("in use by another Signpost process", Assert.Single(ended.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGNPOST_CLICK_DURABILITY", "sometimes", "process or disk")]
    [InlineData("SIGNPOST_CLICK_DURABILITY", "0", "process or disk")]
    [InlineData("SIGNPOST_API_REQUESTS_PER_MINUTE", "many", "a whole number from 0 to 1000000000")]
    [InlineData("SIGNPOST_API_REQUESTS_PER_MINUTE", "-1", "a whole number from 0 to 1000000000")]
    [InlineData("SIGNPOST_API_REQUESTS_PER_MINUTE", "1000000001", "a whole number from 0 to 1000000000")]
    [InlineData("SIGNPOST_PLAN_CACHE_MB", "0", "a whole number from 1 to 1048576")]
    [InlineData("SIGNPOST_PLAN_CACHE_MB", "1.5", "a whole number from 1 to 1048576")]
    [InlineData("SIGNPOST_PUBLIC_URL", "go.example.org", "scheme and host")]
    [InlineData("SIGNPOST_PUBLIC_URL", "ftp://go.example.org", "scheme and host")]
    [InlineData("SIGNPOST_PUBLIC_URL", "https://go.example.org//links", "without query")]
    [InlineData("SIGNPOST_PUBLIC_URL", "https://go.example.org/?", "without query")]
    [InlineData("SIGNPOST_TRUSTED_PROXIES", "10.0.0.0/33", "CIDR blocks")]
    [InlineData("SIGNPOST_TRUSTED_PROXIES", "proxy", "CIDR blocks")]
    [InlineData("SIGNPOST_GEO_DATABASE", "/nonexistent/countries.mmdb", "no such file")]
    [InlineData("SIGNPOST_GEO_DATABASE", "/", "It is a directory")]
    [InlineData("SIGNPOST_GEO_DATABASE", "/etc/passwd", "not an MMDB file")]
    [InlineData("SIGNPOST_GEO_DATABASE", "a.mmdb,b.mmdb,c.mmdb", "up to 2 with commas")]
    [InlineData("SIGNPOST_GEO_DATABASE", "a.mmdb,", "up to 2 with commas")]
    [InlineData("SIGNPOST_VISITOR_HASHES", "maybe", "on or off")]
    [InlineData("SIGNPOST_HONOR_DNT", "1", "on or off")]
    [InlineData("SIGNPOST_NOTRACK_PARAMETER", "no track", "letters of ASCII")]
    [InlineData("SIGNPOST_NOTRACK_PARAMETER", "utm_source", "neither qr nor utm_source")]
    [InlineData("SIGNPOST_GEO_HEADERS", "nginx", "off or cloudflare or cloudfront or vercel or appengine")]
    [InlineData("SIGNPOST_GEO_HEADERS", "cloudflare", "SIGNPOST_TRUSTED_PROXIES")]
    [InlineData("SIGNPOST_INVITATIONS", "everybody", "admins or members")]
    [InlineData("SIGNPOST_OIDC_AUTHORITY", "http://id.example.org", "an address with https://")]
    [InlineData("SIGNPOST_OIDC_AUTHORITY", "https://id.example.org/?realm=x", "without a user, query or fragment")]
    [InlineData("SIGNPOST_OIDC_ALLOWED_DOMAINS", "example.org,@example.net", "domains with commas")]
    [InlineData("SIGNPOST_OIDC_ROLE_CLAIM", "groups", "a claim and its value")]
    [InlineData("SIGNPOST_OIDC_REQUIRED", "yes", "a whole number from 0 to 1")]
    [InlineData("SIGNPOST_ADMIN_EMAIL", "ada", "an e-mail address")]
    [InlineData("SIGNPOST_ADMIN_EMAIL", "Ada <ada@example.org>", "an e-mail address")]
    [InlineData("SIGNPOST_NODE_NAME", "one\ntwo", "none of them a control character")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "http:// or https://")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "http://")]
    [InlineData("ASPNETCORE_URLS", "ftp://127.0.0.1:0", "http://")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:99999", "http://")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:0/links", "http://")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:notaport", "a port from 0 to 65535")]
    [InlineData("ASPNETCORE_URLS", "http://[::1", "a port from 0 to 65535")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "notaport", "ports from 0 to 65535")]
    [InlineData("Kestrel:Endpoints:Web:Url", "http://127.0.0.1:notaport", "a port from 0 to 65535")]
    public async Task A_wrong_setting_is_named_with_its_value_and_what_is_allowed(
        string name,
        string value,
        string allowed
    )
    {
        var line = await RefusedAsync((name, value));

        Assert.Contains(name, line, StringComparison.Ordinal);
        Assert.Contains(value.ReplaceLineEndings(" ").Trim(), line, StringComparison.Ordinal);
        Assert.Contains(allowed, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGNPOST_API_KEY", "hunter2", "32 to 512 characters")]
    [InlineData("SIGNPOST_ADMIN_PASSWORD", "hunter2", "8 to 1024 characters")]
    public async Task A_wrong_secret_is_named_and_not_shown(string name, string value, string allowed)
    {
        var line = await RefusedAsync(("SIGNPOST_ADMIN_EMAIL", Installation.AdminEmail), (name, value));

        Assert.Contains(name, line, StringComparison.Ordinal);
        Assert.Contains("7 characters, not shown", line, StringComparison.Ordinal);
        Assert.Contains(allowed, line, StringComparison.Ordinal);
        Assert.DoesNotContain(value, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("é")]
    public async Task A_key_that_no_header_could_carry_is_refused(string end)
    {
        var line = await RefusedAsync(("SIGNPOST_API_KEY", Installation.ApiKey + end));

        Assert.Contains("SIGNPOST_API_KEY", line, StringComparison.Ordinal);
        Assert.Contains("no blanks", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Installation.ApiKey, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://ada:secret@127.0.0.1")]
    [InlineData("postgres://127.0.0.1/signpost?password=secret")]
    [InlineData("postgres://ada:secret@127.0.0.1/signpost?sslmode=maybe")]
    [InlineData("mysql://ada:secret@127.0.0.1/signpost")]
    public async Task A_wrong_address_of_a_database_is_refused_and_not_shown(string value)
    {
        var line = await RefusedAsync(("SIGNPOST_DATABASE_URL", value));

        Assert.Contains("SIGNPOST_DATABASE_URL", line, StringComparison.Ordinal);
        Assert.Contains("postgres://user:password@host", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_an_admin_is_refused()
    {
        var line = await RefusedAsync(("SIGNPOST_ADMIN_EMAIL", Installation.AdminEmail));

        Assert.Contains("SIGNPOST_ADMIN_PASSWORD", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_an_admin_is_refused()
    {
        var line = await RefusedAsync(("SIGNPOST_API_KEY", Installation.ApiKey));

        Assert.Contains("SIGNPOST_API_KEY", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Installation.ApiKey, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HTTPS_without_a_certificate_is_refused()
    {
        var line = await RefusedAsync(("ASPNETCORE_URLS", "https://127.0.0.1:0"), ("HOME", "/nonexistent"));

        Assert.Contains("certificate", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_place_of_the_data_directory_is_named()
    {
        await using var home = Installation.Empty();
        await File.WriteAllTextAsync(home.DataDirectory, "", TestContext.Current.CancellationToken);

        var ended = await SignpostProcess.RunAsync(home, ["--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(
            $"SIGNPOST_DATA_DIR={home.DataDirectory}",
            Assert.Single(ended.Errors),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var home = await Installation.SeededAsync();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var ended = await SignpostProcess.RunAsync(home, ["--urls", $"http://127.0.0.1:{port}"]);

        Assert.Equal(1, ended.ExitCode);
        var line = Assert.Single(ended.Errors);
        Assert.Contains($"127.0.0.1:{port}", line, StringComparison.Ordinal);
        Assert.Contains("--urls", line, StringComparison.Ordinal);
        Assert.DoesNotContain(ended.Output, said => said.Contains("   at ", StringComparison.Ordinal));
    }

    // No machine has an address of documentation, and no file can be made in /proc.
    [Theory]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("http://[2001:db8::1]:8080")]
    [InlineData("http://unix:/proc/signpost.socket")]
    public async Task An_address_that_cannot_be_used_is_one_line(string address)
    {
        var line = await RefusedAsync(("ASPNETCORE_URLS", address));

        Assert.Contains("Cannot listen", line, StringComparison.Ordinal);
        Assert.Contains("--urls", line, StringComparison.Ordinal);
    }

    /// <summary>Starts with these settings, and returns the one line that says why the start failed.</summary>
    private static async Task<string> RefusedAsync(params (string Name, string Value)[] settings)
    {
        await using var home = Installation.Empty();

        var ended = await SignpostProcess.RunAsync(home, [], [("ASPNETCORE_URLS", "http://127.0.0.1:0"), .. settings]);

        Assert.True(ended.ExitCode == 1, $"It should refuse, but: {ended}");
        return Assert.Single(ended.Errors);
    }
}
