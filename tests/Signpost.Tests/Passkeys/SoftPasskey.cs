using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Signpost.Tests.Passkeys;

/// <summary>A browser's authenticator with one passkey (ES256). What it claims can be changed.</summary>
internal sealed class SoftPasskey(string origin) : IDisposable
{
    private const byte PresentAndVerified = 0x05;
    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(16);
    public string Origin { get; set; } = origin;
    public string Domain { get; set; } = "localhost";
    public bool CrossOrigin { get; set; }
    public byte Flags { get; set; } = PresentAndVerified;
    public uint Count { get; set; }

    /// <summary>The person to whom the passkey belongs, in Base64Url.</summary>
    public string Handle { get; set; } = "";

    public string IdText => Base64Url.EncodeToString(Id);

    /// <summary>The response to options for a new passkey.</summary>
    public string Create(string options)
    {
        using var read = JsonDocument.Parse(options);
        Handle = read.RootElement.GetProperty("user").GetProperty("id").GetString()!;
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        byte[] key =
        [
            .. (byte[])[0xA5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32],
            .. point.X!,
            .. (byte[])[0x22, 0x58, 32],
            .. point.Y!,
        ];
        byte[] data = [.. Data((byte)(Flags | HasCredential)), .. new byte[16], 0, (byte)Id.Length, .. Id, .. key];
        byte[] attestation =
        [
            0xA3,
            .. Text("fmt"),
            .. Text("none"),
            .. Text("attStmt"),
            0xA0,
            .. Text("authData"),
            0x58,
            (byte)data.Length,
            .. data,
        ];
        return Response(
            new()
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(ClientData(options, "webauthn.create")),
                ["attestationObject"] = Base64Url.EncodeToString(attestation),
            }
        );
    }

    /// <summary>The response to options for an existing passkey.</summary>
    public string Sign(string options, string type = "webauthn.get")
    {
        Count++;
        var (client, data) = (ClientData(options, type), Data(Flags));
        var signature = _key.SignData(
            [.. data, .. SHA256.HashData(client)],
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );
        return Response(
            new()
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(client),
                ["authenticatorData"] = Base64Url.EncodeToString(data),
                ["signature"] = Base64Url.EncodeToString(signature),
                ["userHandle"] = Handle,
            }
        );
    }

    public void Dispose() => _key.Dispose();

    private byte[] Data(byte flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), flags, .. count];
    }

    private byte[] ClientData(string options, string type)
    {
        using var read = JsonDocument.Parse(options);
        var challenge = read.RootElement.GetProperty("challenge").GetString();
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                type,
                challenge,
                origin = Origin,
                crossOrigin = CrossOrigin,
            }
        );
    }

    private string Response(Dictionary<string, string> response) =>
        JsonSerializer.Serialize(
            new
            {
                id = IdText,
                rawId = IdText,
                type = "public-key",
                clientExtensionResults = new { },
                response,
            }
        );

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];
}
