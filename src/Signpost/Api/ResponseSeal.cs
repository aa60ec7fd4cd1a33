using System.Security.Cryptography;
using System.Text;

namespace Signpost.Api;

/// <summary>
/// Encrypts a kept answer under the caller's API key, which is stored nowhere: whoever steals the database cannot read it.
/// </summary>
internal sealed class ResponseSeal
{
    private const int TagSize = 16;
    private const int NonceSize = 12;

    private readonly byte[] _key;

    private ResponseSeal(byte[] key) => _key = key;

    /// <param name="secret">The caller's credential, as it was sent.</param>
    /// <param name="context">What the answer belongs to.</param>
    public static ResponseSeal Of(string secret, string context) =>
        new(
            HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                Encoding.UTF8.GetBytes(secret),
                outputLength: 32,
                info: Encoding.UTF8.GetBytes(context)
            )
        );

    public byte[] Close(byte[] body)
    {
        var sealedBody = new byte[NonceSize + TagSize + body.Length];
        RandomNumberGenerator.Fill(sealedBody.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(
            sealedBody.AsSpan(0, NonceSize),
            body,
            sealedBody.AsSpan(NonceSize + TagSize),
            sealedBody.AsSpan(NonceSize, TagSize)
        );
        return sealedBody;
    }

    /// <summary>The answer; null when another key closed it.</summary>
    public byte[]? Open(byte[] sealedBody)
    {
        var body = new byte[Math.Max(0, sealedBody.Length - NonceSize - TagSize)];
        try
        {
            using var aes = new AesGcm(_key, TagSize);
            aes.Decrypt(
                sealedBody.AsSpan(0, NonceSize),
                sealedBody.AsSpan(NonceSize + TagSize),
                sealedBody.AsSpan(NonceSize, TagSize),
                body
            );
            return body;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
