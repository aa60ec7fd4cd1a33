using System.Net;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Signpost.Accounts.SignIn;
using Signpost.Testing;
using Signpost.Tests.Mail;
using Signpost.Tests.Redirects.Interstitials;

namespace Signpost.Tests.Accounts;

/// <summary>Passwords, keys and cookies stand in no log and no file, and are compared in fixed time.</summary>
public sealed class SecretTests
{
    private const string LinkPassword = "sesame-of-the-link";
    private const string MailPassword = "relay-word-of-the-mail-server";
    private const string WrongPassword = "wrong-horse-of-ada";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // It looks into the file.
    [Fact]
    [Trait("Database", "SQLite")]
    public async Task No_secret_is_in_the_log_or_in_a_file()
    {
        await using var box = await Mailbox.OpenAsync();
        await using var server = await TestServer.StartAsync([
            .. box.Settings,
            ("SIGNPOST_SMTP_URL", $"smtp://ada:{MailPassword}@127.0.0.1:{box.Port}?tls=none"),
            ("Logging:LogLevel:Default", "Information"),
        ]);
        var log = LogLines.Of(server);
        var link = await server.CreateLinkAsync(("password", LinkPassword), ("location_url", "https://seen.example/"));
        using var ada = new Person(server);
        await ada.SignInAsync(TestServer.AdminEmail, WrongPassword, Cancel);
        await ada.SignInAsync(TestServer.AdminEmail, TestServer.AdminPassword, Cancel);
        Assert.True(await ada.IsSignedInAsync(Cancel));
        // The mail server refuses the password.
        await ada.SendAsync("/login/forgot", "/login/forgot", Cancel, ("email", TestServer.AdminEmail));
        await Patience.UntilAsync(() => Task.FromResult(box.SignIns.Count > 0 && log.Count("was not sent") == 1));
        var visitor = new Browser(server);
        await visitor.SubmitAsync($"/{link.Alias}", ("password", LinkPassword));
        await visitor.GetAsync($"/{link.Alias}?password={LinkPassword}&key={TestServer.ApiKey}");
        using (var refused = server.NewClient(TestServer.ApiKey + "x"))
            Assert.Equal(HttpStatusCode.Unauthorized, (await refused.GetAsync("/api/links", Cancel)).StatusCode);
        await server.Database.WriteRawAsync(
            (connection, transaction) => Signpost.Storage.Commands.Run(connection, transaction, "DROP TABLE files"),
            Cancel
        );
        using (var failed = await server.FollowAsync($"files/x?password={LinkPassword}"))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
            var page = await failed.Content.ReadAsStringAsync(Cancel);
            Assert.DoesNotContain("no such table", page, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        }

        string[] secrets =
        [
            LinkPassword,
            MailPassword,
            WrongPassword,
            TestServer.AdminPassword,
            TestServer.ApiKey,
            ada.Cookies.GetAllCookies()["signpost"]!.Value,
            visitor.Cookies["signpost-grants"],
        ];
        Assert.All(secrets, secret => Assert.InRange(secret.Length, 8, 4096));
        Assert.All(secrets, secret => Assert.Equal(0, log.Count(secret)));
        Assert.Equal(1, log.Count("failed"));
        Assert.All(secrets, secret => Assert.Empty(FilesWith(server, secret)));
        // The search finds a text that is in clear.
        Assert.NotEmpty(FilesWith(server, "https://seen.example/"));
    }

    [Fact]
    public void Code_with_hashes_and_signatures_compares_bytes_in_fixed_time_only()
    {
        using var server = ModuleDefinition.ReadModule(typeof(SignInManager).Assembly.Location);
        var computing = server.GetTypes().Where(type => Calls(type).Any(IsCryptography)).ToList();

        Assert.InRange(computing.Count, 8, 100);
        Assert.InRange(computing.Count(type => Calls(type).Any(call => call.Name == "FixedTimeEquals")), 4, 100);
        Assert.DoesNotContain(
            computing.SelectMany(type => Calls(type).Select(call => (type.FullName, call.Name))),
            call => call.Name is "SequenceEqual" or "SequenceCompareTo"
        );
    }

    private static bool IsCryptography(MethodReference call) =>
        call.DeclaringType.Namespace is "System.Security.Cryptography";

    private static IEnumerable<MethodReference> Calls(TypeDefinition type) =>
        type
            .Methods.Where(method => method.HasBody)
            .SelectMany(method => method.Body.Instructions)
            .Where(instruction => instruction.OpCode.FlowControl == FlowControl.Call)
            .Select(instruction => instruction.Operand)
            .OfType<MethodReference>();

    private static string[] FilesWith(TestServer server, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return
        [
            .. Directory
                .GetFiles(server.DataDirectory, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetFileName(path) is not "lock" && Read(path).AsSpan().IndexOf(bytes) >= 0),
        ];
    }

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
