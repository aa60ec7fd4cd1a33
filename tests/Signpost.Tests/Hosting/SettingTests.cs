using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Signpost.Hosting;

namespace Signpost.Tests.Hosting;

/// <summary>A documented setting is read; a misspelled one is named.</summary>
public sealed partial class SettingTests
{
    public static TheoryData<string> Documented =>
        [
            .. File.ReadLines(Path.Combine(ArchitectureTests.Root, "docs/operations.md"))
                .Where(line => line.StartsWith("| `SIGNPOST_", StringComparison.Ordinal))
                .SelectMany(line => Name().Matches(line.Split('|')[1]).Select(name => name.Value))
                .Distinct(),
        ];

    [Fact]
    public void No_file_of_settings_is_watched()
    {
        var files = Server.NewBuilder([]).Configuration.Sources.OfType<FileConfigurationSource>().ToList();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.False(file.ReloadOnChange));
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public void A_documented_setting_is_known(string name) => Assert.DoesNotContain(name, UnknownWith(name));

    [Fact]
    public void A_misspelled_setting_is_named()
    {
        Assert.InRange(Documented.Count, 15, 100);
        Assert.Contains("SIGNPOST_CLICK_KEPT_DAYS", UnknownWith("SIGNPOST_CLICK_KEPT_DAYS"));
    }

    [Fact]
    public void A_setting_that_is_read_is_documented()
    {
        var read = Directory
            .EnumerateFiles(Path.Combine(ArchitectureTests.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Quoted().Matches(File.ReadAllText(file)).Select(name => name.Groups[1].Value))
            .ToHashSet();

        Assert.InRange(read.Count, 15, 100);
        Assert.Equal([], read.Except(Documented.Select(row => row.Data)));
    }

    [Theory]
    [InlineData("x://unix:/")]
    [InlineData("/8ohttp://unix:/x")]
    [InlineData("http://127.0.0.1:notaport")]
    [InlineData("http://127.0.0.1:8080;http://127.0.0.1:notaport")]
    [InlineData("http://*:notaport")]
    [InlineData("http://127.0.0.l:8080")]
    [InlineData("http://256.0.0.1:8080")]
    [InlineData("http://1:8080")]
    [InlineData("http://localhos:8080")]
    [InlineData("http://::1:8080")]
    [InlineData("http://[::g]:8080")]
    [InlineData("http://:8080")]
    [InlineData("http://127.0.0.1:-1")]
    [InlineData("localhost:8080")]
    public void An_address_that_would_listen_elsewhere_is_refused(string address) =>
        Assert.Throws<StartException>(() => CheckAddress(address));

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://signpost.localhost:8080")]
    [InlineData("http://*:8080;https://+:8443")]
    [InlineData("http://0.0.0.0;http://[::]:8080")]
    [InlineData("http://unix:/run/signpost.socket")]
    public void An_address_that_says_where_to_listen_is_accepted(string address) => CheckAddress(address);

    [Theory]
    [InlineData("SIGNPOST_PUBLIC_URL", "https://ada:hunter2@go.example.org")]
    [InlineData("SIGNPOST_PUBLIC_URL", "https://hunter2@go.example.org")]
    [InlineData("SIGNPOST_PUBLIC_URL", "ada:hunter2@go.example.org")]
    [InlineData("SIGNPOST_PUBLIC_URL", "https://ada:hunt@er2@go.example.org/x?y@z")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "ftp://ada:hunter2@collector")]
    [InlineData("SIGNPOST_TRUSTED_PROXIES", "http://ada:hunter2@10.0.0.1")]
    [InlineData("SIGNPOST_DNS_RESOLVER", "dns://ada:hunter2@10.0.0.1")]
    public void A_wrong_address_is_told_without_its_user_info(string name, string value)
    {
        var refused = Assert.Throws<StartException>(() => Read(name, value));

        Assert.Contains($"{name}=", refused.Message, StringComparison.Ordinal);
        Assert.Contains("(not shown)@", refused.Message, StringComparison.Ordinal);
        foreach (var part in (string[])["hunt", "er2", "ada"])
            Assert.DoesNotContain(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_listening_address_is_told_without_its_user_info() =>
        Assert.DoesNotContain(
            "hunter2",
            Assert.Throws<StartException>(() => CheckAddress("http://ada:hunter2@127.0.0.1:8080")).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("smtp://ada:hunter2@mail.example.org", 587, SmtpSecurity.StartTls)]
    [InlineData("smtp://mail.example.org:2525/", 2525, SmtpSecurity.StartTls)]
    [InlineData("smtps://ada:hunter2@mail.example.org", 465, SmtpSecurity.Tls)]
    [InlineData("smtp://127.0.0.1:1025?tls=none", 1025, SmtpSecurity.None)]
    [InlineData("smtp://[::1]:1025?tls=none", 1025, SmtpSecurity.None)]
    [InlineData("smtp://ada:hunter2@localhost?tls=none", 587, SmtpSecurity.None)]
    public void The_address_of_a_mail_server_says_how_it_is_reached(string value, int port, object security)
    {
        var server = ReadMail(value).MailServer!;

        Assert.Equal((port, security), (server.Port, server.Security));
        if (value.Contains('@', StringComparison.Ordinal))
            Assert.Equal(("ada", "hunter2"), (server.User, server.Password));
    }

    [Fact]
    public void Signs_in_the_user_and_the_password_of_a_mail_server_may_be_escaped()
    {
        var server = ReadMail("smtp://ada%40x:hunter%2F2%3A@mail.example.org").MailServer!;

        Assert.Equal(("mail.example.org", "ada@x", "hunter/2:"), (server.Host, server.User, server.Password));
    }

    [Theory]
    [InlineData("smtp://ada:hunter2@mail.example.org?tls=none")]
    [InlineData("smtps://ada:hunter2@127.0.0.1?tls=none")]
    [InlineData("smtp://ada:hunter2@localhost.example?tls=none")]
    [InlineData("smtp://ada:hunter2@127.0.0.1?tls=off")]
    [InlineData("smtp://ada:hunter2@mail.example.org/inbox")]
    [InlineData("smtp://ada:hunter2@mail.example.org#x")]
    [InlineData("smtp://hunter2@mail.example.org")]
    [InlineData("smtp://ada:@mail.example.org/hunter2")]
    [InlineData("smtp://ada:hunter2@:587")]
    [InlineData("smtp:hunter2")]
    [InlineData("http://ada:hunter2@mail.example.org")]
    [InlineData("ada:hunter2")]
    [InlineData("smtp://ada:hunt@er2/@mail.example.org:x")]
    public void A_wrong_address_of_a_mail_server_is_told_without_any_part_of_it(string value)
    {
        var refused = Assert.Throws<StartException>(() => ReadMail(value));

        Assert.StartsWith("SIGNPOST_SMTP_URL=(", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not shown", refused.Message, StringComparison.Ordinal);
        foreach (var part in (string[])["hunt", "er2", "ada"])
            Assert.DoesNotContain(part, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SIGNPOST_SMTP_URL", "smtp://ada:hunter2@mail.example.org")]
    [InlineData("SIGNPOST_MAIL_FROM", "links@example.org")]
    public void A_mail_server_and_a_sender_belong_together(string name, string value)
    {
        var refused = Assert.Throws<StartException>(() => Read(name, value));

        Assert.StartsWith(
            "SIGNPOST_SMTP_URL and SIGNPOST_MAIL_FROM belong together",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    private static void CheckAddress(string address) =>
        ListenAddresses.Check(new ConfigurationBuilder().AddInMemoryCollection([new("urls", address)]).Build());

    [Fact]
    public void Settings_in_force_tell_their_source_and_no_secret()
    {
        const string secret = "canary-f00d-4711-and-more-than-32-letters";
        var settings = SignpostSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("SIGNPOST_ADMIN_EMAIL", "ada@example.org"),
                    new("SIGNPOST_ADMIN_PASSWORD", secret),
                    new("SIGNPOST_API_KEY", secret),
                    new("SIGNPOST_SMTP_URL", $"smtps://ada:{secret}@mail.example.org"),
                    new("SIGNPOST_MAIL_FROM", "links@example.org"),
                    new("SIGNPOST_OIDC_AUTHORITY", "https://id.example.org"),
                    new("SIGNPOST_OIDC_CLIENT_ID", "signpost"),
                    new("SIGNPOST_OIDC_CLIENT_SECRET", secret),
                    new("OTEL_EXPORTER_OTLP_ENDPOINT", $"https://ada:{secret}@otel.example.org/v1?key={secret}"),
                ])
                .AddCommandLine(["--SIGNPOST_TRASH_DAYS=11"])
                .Build()
        );

        var shown = settings.InForce.ToDictionary(one => one.Name);
        Assert.Equal(Documented.Select(row => row.Data).Except(shown.Keys), []);
        Assert.DoesNotContain(shown.Values, one => one.Value?.Contains("canary", StringComparison.Ordinal) == true);
        Assert.Equal(4, shown.Values.Count(one => one.Value is "set"));
        Assert.Equal(new("SIGNPOST_TRASH_DAYS", "11", "command_line"), shown["SIGNPOST_TRASH_DAYS"]);
        Assert.Equal(new("SIGNPOST_NODE_NAME", settings.NodeName, null), shown["SIGNPOST_NODE_NAME"]);
        Assert.Equal(new("SIGNPOST_MAIL_FROM", "links@example.org", "other"), shown["SIGNPOST_MAIL_FROM"]);
        Assert.Equal("https://(not shown)@otel.example.org/v1?(not shown)", shown["OTEL_EXPORTER_OTLP_ENDPOINT"].Value);
    }

    private static IReadOnlyList<string> UnknownWith(string name) => Read(name, "").Unknown;

    private static SignpostSettings ReadMail(string url) =>
        SignpostSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection([new("SIGNPOST_SMTP_URL", url), new("SIGNPOST_MAIL_FROM", "links@example.org")])
                .Build()
        );

    private static SignpostSettings Read(string name, string value) =>
        SignpostSettings.Read(new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build());

    [GeneratedRegex("SIGNPOST_[A-Z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("\"(SIGNPOST_[A-Z_]+[A-Z])\"")]
    private static partial Regex Quoted();
}
