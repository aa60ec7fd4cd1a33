using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Signpost.Hosting;
using Signpost.Testing;

namespace Signpost.Tests.Accounts;

/// <summary>The keys that protect cookies and forms, encrypted by the operator's certificate.</summary>
public sealed class KeysCertificateTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("signpost-keys-").FullName;

    private string PemPath => Path.Combine(_home, "keys.pem");

    [Fact]
    public async Task They_are_stored_encrypted_and_read_again_and_older_ones_stay_readable()
    {
        var data = Path.Combine(_home, "data");
        string old;
        await using (var server = await TestServer.StartAsync(null, data))
        {
            old = Protector(server).Protect("old");
            Assert.Contains("<masterKey", Assert.Single(await KeysAsync(server)), StringComparison.Ordinal);
            // The next start needs a new key.
            await server.Database.WriteRawAsync(
                (connection, transaction) =>
                    Signpost.Storage.Commands.Run(
                        connection,
                        transaction,
                        "UPDATE protection_keys SET xml = replace(xml, '<expirationDate>20', '<expirationDate>19')"
                    ),
                TestContext.Current.CancellationToken
            );
        }

        Save(RSA.Create(2048));
        string sealedText;
        await using (var server = await StartAsync(data))
        {
            sealedText = Protector(server).Protect("new");
            Assert.Equal("old", Protector(server).Unprotect(old));
            var keys = await KeysAsync(server);
            Assert.Equal(2, keys.Count);
            Assert.DoesNotContain("<masterKey", keys[1], StringComparison.Ordinal);
            Assert.Contains("EncryptedData", keys[1], StringComparison.Ordinal);
        }

        await using (var server = await StartAsync(data))
            Assert.Equal("new", Protector(server).Unprotect(sealedText));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nothing of the kind")]
    public async Task A_file_without_a_certificate_and_its_key_stops_the_start(string? text)
    {
        if (text is not null)
            await File.WriteAllTextAsync(PemPath, text, TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<StartException>(() => StartAsync(Path.Combine(_home, "data")));

        Assert.StartsWith($"SIGNPOST_KEYS_CERTIFICATE={PemPath} is wrong.", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private Task<TestServer> StartAsync(string data) =>
        TestServer.StartAsync(null, data, ("SIGNPOST_KEYS_CERTIFICATE", PemPath));

    private void Save(RSA key)
    {
        var request = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        File.WriteAllText(PemPath, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    private static IDataProtector Protector(TestServer server) =>
        server.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static async Task<List<string>> KeysAsync(TestServer server)
    {
        await using var connection = server.Database.OpenRead();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT xml FROM protection_keys ORDER BY id";
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> keys = [];
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
            keys.Add(rows.GetString(0));
        return keys;
    }
}
