using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Signpost.Outbound;

namespace Signpost.Tests.Outbound;

/// <summary>A server's certificate names addresses: of its issuer, of revocation lists. None of them is fetched.</summary>
public sealed class CertificateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_address_in_a_certificate_is_fetched()
    {
        await using var named = Stranger.Saying();
        using var certificate = CertificateThatNames(named.Url);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = HandshakeAsync(listener, certificate);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = new OutboundClient(new() { IsAllowed = IPAddress.IsLoopback, IsPortAllowed = _ => true });

        var refusal = await Assert.ThrowsAsync<OutboundException>(() =>
            client.ReadHeadersAsync(new($"https://127.0.0.1:{port}/"), Cancel)
        );

        Assert.IsType<AuthenticationException>(refusal.InnerException?.InnerException);
        Assert.Equal(0, named.Visits);
        await serving;
    }

    private static async Task HandshakeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var connection = await listener.AcceptTcpClientAsync(Cancel);
        await using var tls = new SslStream(connection.GetStream());
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
        };
        try
        {
            await tls.AuthenticateAsServerAsync(options, Cancel);
        }
        catch (Exception error) when (error is IOException or AuthenticationException)
        {
            // The client refuses the certificate, as it should.
        }
    }

    private static X509Certificate2 CertificateThatNames(string url)
    {
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var issuing = new CertificateRequest("CN=An issuer that is not sent", issuerKey, HashAlgorithmName.SHA256);
        issuing.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var issuer = issuing.CreateSelfSigned(from, until);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([url + "ocsp"], [url + "ca"]));
        request.CertificateExtensions.Add(
            CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([url + "crl"])
        );
        using var signed = request.Create(issuer, from, until, [1, 2, 3]);
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
