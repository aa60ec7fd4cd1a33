using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signpost.Core.Redirecting;
using Signpost.Hosting;

namespace Signpost.Redirects.Interstitials;

/// <summary>What a visitor may skip from now on.</summary>
internal enum GrantKind : byte
{
    /// <summary>The password was right.</summary>
    Unlocked = 1,

    /// <summary>The warning was read.</summary>
    Agreed = 2,
}

/// <summary>
/// What this browser has unlocked and agreed to, in one signed cookie: the newest grants of all links, so that it never
/// outgrows a header, and every spelling of a link's address finds it.
/// </summary>
/// <remarks>
/// The cookie's value is grants with a dot between, the newest first. A grant is 40 signs of Base64Url:
/// <code>
///   0      1                  9             14                                  30
///   +------+------------------+-------------+-----------------------------------+
///   | kind | link             | until (s)   | HMAC-SHA-256, its first 16 bytes  |
///   +------+------------------+-------------+-----------------------------------+
/// </code>
/// The link's password hash is signed with it but not contained: a new password voids what the old one opened. Numbers are
/// big-endian. Not data protection: its ring of keys is read from the database at moments of its own choosing, and here
/// is the redirect's path.
/// </remarks>
internal sealed class Grants(InstallationKey key, TimeProvider clock)
{
    private const string Name = "signpost-grants";
    private const string SecureName = "__Host-" + Name;
    private const int MostGrants = 32;
    private const int GrantBytes = 30;
    private const int GrantText = 40;
    private const int SignedBytes = 14;

    private static readonly TimeSpan UnlockedFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan AgreedFor = TimeSpan.FromDays(30);

    public bool Unlocks(HttpContext http, LinkPlan plan) => plan.IsLocked && Has(http, GrantKind.Unlocked, plan);

    public bool Agrees(HttpContext http, LinkPlan plan) => plan.Warns && Has(http, GrantKind.Agreed, plan);

    /// <summary>Tells whether the visitor holds a grant of this kind for this link as it is now.</summary>
    private bool Has(HttpContext http, GrantKind kind, LinkPlan plan)
    {
        Span<byte> grant = stackalloc byte[GrantBytes];
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var rest = Cookie(http).AsSpan();
        for (var i = 0; i < MostGrants && TryReadNext(ref rest, grant); i++)
            if (KindOf(grant) == kind && LinkOf(grant) == plan.LinkId && UntilOf(grant) > now && IsSigned(grant, plan))
                return true;
        return false;
    }

    /// <summary>Adds a grant to the visitor's cookie, which must happen before the response begins.</summary>
    public void Give(HttpContext http, GrantKind kind, LinkPlan plan)
    {
        var now = clock.GetUtcNow();
        Span<byte> grant = stackalloc byte[GrantBytes];
        grant[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(grant[1..], plan.LinkId);
        var until = now + (kind == GrantKind.Unlocked ? UnlockedFor : AgreedFor);
        WriteUntil(grant, until.ToUnixTimeSeconds());
        Sign(grant, plan, grant[SignedBytes..]);

        var value = new StringBuilder(Base64Url.EncodeToString(grant));
        var rest = Cookie(http).AsSpan();
        for (var i = 1; i < MostGrants && TryReadNext(ref rest, grant); i++)
            if (UntilOf(grant) > now.ToUnixTimeSeconds() && !(KindOf(grant) == kind && LinkOf(grant) == plan.LinkId))
                value.Append('.').Append(Base64Url.EncodeToString(grant));

        http.Response.Cookies.Append(
            NameOf(http),
            value.ToString(),
            new()
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = AgreedFor,
                Path = "/",
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
            }
        );
    }

    private static string NameOf(HttpContext http) => http.Request.IsHttps ? SecureName : Name;

    private static string? Cookie(HttpContext http) => http.Request.Cookies[NameOf(http)];

    // Whatever is no grant ends the reading: we wrote none behind it.
    private static bool TryReadNext(ref ReadOnlySpan<char> rest, scoped Span<byte> grant)
    {
        if (
            rest.Length < GrantText
            || Base64Url.DecodeFromChars(rest[..GrantText], grant, out _, out var written) != OperationStatus.Done
            || written != GrantBytes
        )
            return false;

        rest = rest[GrantText..];
        if (rest is ['.', ..])
            rest = rest[1..];
        return true;
    }

    private bool IsSigned(ReadOnlySpan<byte> grant, LinkPlan plan)
    {
        Span<byte> expected = stackalloc byte[GrantBytes - SignedBytes];
        Sign(grant, plan, expected);
        return CryptographicOperations.FixedTimeEquals(expected, grant[SignedBytes..]);
    }

    private void Sign(ReadOnlySpan<byte> grant, LinkPlan plan, Span<byte> signature)
    {
        var hash = KindOf(grant) == GrantKind.Unlocked ? plan.PasswordHash! : "";
        Span<byte> message = stackalloc byte[SignedBytes + SHA256.HashSizeInBytes];
        grant[..SignedBytes].CopyTo(message);
        SHA256.HashData(Encoding.UTF8.GetBytes(hash), message[SignedBytes..]);

        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Value, message, whole);
        whole[..signature.Length].CopyTo(signature);
    }

    private static GrantKind KindOf(ReadOnlySpan<byte> grant) => (GrantKind)grant[0];

    private static long LinkOf(ReadOnlySpan<byte> grant) => BinaryPrimitives.ReadInt64BigEndian(grant[1..]);

    // Five bytes, which will do for 34,000 years.
    private static long UntilOf(ReadOnlySpan<byte> grant) =>
        ((long)grant[9] << 32) | BinaryPrimitives.ReadUInt32BigEndian(grant[10..]);

    private static void WriteUntil(Span<byte> grant, long seconds)
    {
        grant[9] = (byte)(seconds >> 32);
        BinaryPrimitives.WriteUInt32BigEndian(grant[10..], (uint)seconds);
    }
}
