using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Signpost.Core.Redirecting;
using Signpost.Hosting;

namespace Signpost.Redirects.Interstitials;

/// <summary>
/// Tokens in the addresses that splash pages lead to: this visitor has seen the page of this version of the link, and may continue from
/// one time to another. They need no cookie and are not kept: an address works for everybody until its time is over.
/// </summary>
/// <remarks>
/// A token is 47 signs of Base64Url. It is signed as access by cookie is, and a message of another length, so neither passes for the other:
/// <code>
///   0      8         12            18         19                                  35
///   +------+---------+-------------+----------+-----------------------------------+
///   | link | version | made (ms)   | wait (s) | HMAC-SHA-256, its first 16 bytes  |
///   +------+---------+-------------+----------+-----------------------------------+
/// </code>
/// Numbers are big-endian.
/// </remarks>
internal sealed class SplashTokens(InstallationKey key, TimeProvider clock)
{
    private const string Parameter = "?token=";
    private const int SignedBytes = 19;
    private const int Bytes = 35;
    private const int Text = 47;

    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(10);

    /// <summary>Adds a new token to an address, before its query.</summary>
    public string AddTo(string address, LinkPlan plan)
    {
        Span<byte> token = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(token, plan.LinkId);
        BinaryPrimitives.WriteInt32BigEndian(token[8..], plan.Version);
        // Six bytes last for 8,900 years; the next number overwrites the lower two of eight.
        BinaryPrimitives.WriteInt64BigEndian(token[12..], clock.GetUtcNow().ToUnixTimeMilliseconds() << 16);
        token[18] = (byte)plan.Splash!.UnlockSeconds;
        Sign(token[..SignedBytes], token[SignedBytes..]);

        var at = address.IndexOf('?', StringComparison.Ordinal);
        var rest = at < 0 ? "" : $"&{address.AsSpan(at + 1)}";
        return $"{address.AsSpan(0, at < 0 ? address.Length : at)}{Parameter}{Base64Url.EncodeToString(token)}{rest}";
    }

    /// <summary>Takes the token out of the request's query, which then is the visitor's own; null: there is none.</summary>
    public static string? TakeFrom(HttpRequest request)
    {
        if (request.QueryString.Value is not { } query || !query.StartsWith(Parameter, StringComparison.Ordinal))
            return null;

        var end = query.IndexOf('&', StringComparison.Ordinal);
        request.QueryString = end < 0 ? QueryString.Empty : new($"?{query.AsSpan(end + 1)}");
        return query[Parameter.Length..(end < 0 ? query.Length : end)];
    }

    /// <summary>Whether the visitor may continue now to this version of the link.</summary>
    public bool Holds(string? text, LinkPlan plan)
    {
        Span<byte> token = stackalloc byte[Bytes];
        Span<byte> signature = stackalloc byte[Bytes - SignedBytes];
        if (
            text?.Length != Text
            || Base64Url.DecodeFromChars(text, token, out _, out var written) != OperationStatus.Done
            || written != Bytes
        )
            return false;

        Sign(token[..SignedBytes], signature);
        var age =
            clock.GetUtcNow().ToUnixTimeMilliseconds() - (BinaryPrimitives.ReadInt64BigEndian(token[12..]) >>> 16);
        return CryptographicOperations.FixedTimeEquals(signature, token[SignedBytes..])
            && BinaryPrimitives.ReadInt64BigEndian(token) == plan.LinkId
            && BinaryPrimitives.ReadInt32BigEndian(token[8..]) == plan.Version
            && age >= token[18] * 1_000
            && age < HeldFor.TotalMilliseconds;
    }

    private void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Value, message, whole);
        whole[..signature.Length].CopyTo(signature);
    }
}
