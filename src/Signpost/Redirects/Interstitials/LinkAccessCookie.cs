using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;
using Signpost.Hosting;
using Signpost.Web;

namespace Signpost.Redirects.Interstitials;

/// <summary>The interstitials that a visitor may skip from now on.</summary>
internal enum LinkAccessKind : byte
{
    /// <summary>The password of the link was right.</summary>
    Unlocked = 1,

    /// <summary>The visitor continued after the warning.</summary>
    Agreed = 2,

    /// <summary>The visitor said on the page for robots that they are a person.</summary>
    Person = 3,

    /// <summary>The password of the page with public statistics was right.</summary>
    Statistics = 4,
}

/// <summary>
/// The links that this browser has unlocked and agreed to, in one signed cookie: the newest entries of all links, so that it
/// fits into a header, and every spelling of a link's address finds it.
/// </summary>
/// <remarks>
/// The cookie's value is entries with a dot between, the newest first. An entry is 40 signs of Base64Url:
/// <code>
///   0      1                  9             14                                  30
///   +------+------------------+-------------+-----------------------------------+
///   | kind | link             | until (s)   | HMAC-SHA-256, its first 16 bytes  |
///   +------+------------------+-------------+-----------------------------------+
/// </code>
/// The hash of the password that the visitor typed, of the link or of its statistics, is signed with the entry but not contained, so a
/// new password makes it void. With the other kinds, a hash of all destinations is signed, so another destination needs another entry. Numbers are big-endian. Data protection is not used
/// here: it reads its keys from the database at any time, and this is the redirect's path.
/// </remarks>
internal sealed class LinkAccessCookie(InstallationKey key, TimeProvider clock)
{
    private const string Name = "signpost-grants";
    private const string SecureName = "__Host-" + Name;
    private const int MostEntries = 32;
    private const int EntryBytes = 30;
    private const int EntryText = 40;
    private const int SignedBytes = 14;

    private static readonly TimeSpan UnlockedFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan AgreedFor = TimeSpan.FromDays(30);

    public bool Unlocks(HttpContext http, LinkPlan plan) => plan.IsLocked && Has(http, LinkAccessKind.Unlocked, plan);

    public bool Agrees(HttpContext http, LinkPlan plan) => plan.Warns && Has(http, LinkAccessKind.Agreed, plan);

    /// <summary>Whether somebody whose agent is a robot's has said that they are a person.</summary>
    public bool IsPerson(HttpContext http, LinkPlan plan, VisitorClass visitor) =>
        visitor is not VisitorClass.Person && Has(http, LinkAccessKind.Person, plan);

    /// <summary>Whether the visitor has typed the password of a link's public statistics.</summary>
    /// <param name="hash">Its hash.</param>
    public bool UnlocksStatistics(HttpContext http, long linkId, string hash) =>
        Has(http, LinkAccessKind.Statistics, linkId, HashOf(hash));

    private bool Has(HttpContext http, LinkAccessKind kind, LinkPlan plan) =>
        !Cookie(http).IsEmpty && Has(http, kind, plan.LinkId, SecretOf(kind, plan));

    /// <summary>Whether the visitor has access of this kind to this link as it is now.</summary>
    private bool Has(HttpContext http, LinkAccessKind kind, long linkId, ReadOnlySpan<byte> secret)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var rest = Cookie(http);
        for (var i = 0; i < MostEntries && TryReadNext(ref rest, entry); i++)
            if (KindOf(entry) == kind && LinkOf(entry) == linkId && UntilOf(entry) > now && IsSigned(entry, secret))
                return true;
        return false;
    }

    /// <summary>Adds an entry to the visitor's cookie. It must run before the response begins.</summary>
    public void Give(HttpContext http, LinkAccessKind kind, LinkPlan plan) =>
        Give(http, kind, plan.LinkId, SecretOf(kind, plan));

    /// <summary>As <see cref="Give(HttpContext, LinkAccessKind, LinkPlan)"/>, for a link's public statistics.</summary>
    public void GiveStatistics(HttpContext http, long linkId, string hash) =>
        Give(http, LinkAccessKind.Statistics, linkId, HashOf(hash));

    private void Give(HttpContext http, LinkAccessKind kind, long linkId, ReadOnlySpan<byte> secret)
    {
        var now = clock.GetUtcNow();
        Span<byte> entry = stackalloc byte[EntryBytes];
        entry[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(entry[1..], linkId);
        var until = now + (kind is LinkAccessKind.Unlocked or LinkAccessKind.Statistics ? UnlockedFor : AgreedFor);
        WriteUntil(entry, until.ToUnixTimeSeconds());
        Sign(entry, secret, entry[SignedBytes..]);

        var value = new StringBuilder(Base64Url.EncodeToString(entry));
        var rest = Cookie(http);
        for (var i = 1; i < MostEntries && TryReadNext(ref rest, entry); i++)
            if (UntilOf(entry) > now.ToUnixTimeSeconds() && !(KindOf(entry) == kind && LinkOf(entry) == linkId))
                value.Append('.').Append(Base64Url.EncodeToString(entry));

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

    private static ReadOnlySpan<char> Cookie(HttpContext http) => RequestCookie.Find(http.Request, NameOf(http));

    // An invalid entry ends the reading: no entry of ours follows it.
    private static bool TryReadNext(ref ReadOnlySpan<char> rest, scoped Span<byte> entry)
    {
        if (
            rest.Length < EntryText
            || Base64Url.DecodeFromChars(rest[..EntryText], entry, out _, out var written) != OperationStatus.Done
            || written != EntryBytes
        )
            return false;

        rest = rest[EntryText..];
        if (rest is ['.', ..])
            rest = rest[1..];
        return true;
    }

    private bool IsSigned(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> secret)
    {
        Span<byte> expected = stackalloc byte[EntryBytes - SignedBytes];
        Sign(entry, secret, expected);
        return CryptographicOperations.FixedTimeEquals(expected, entry[SignedBytes..]);
    }

    private void Sign(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> secret, Span<byte> signature)
    {
        Span<byte> message = stackalloc byte[SignedBytes + SHA256.HashSizeInBytes];
        entry[..SignedBytes].CopyTo(message);
        secret.CopyTo(message[SignedBytes..]);

        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Value, message, whole);
        whole[..signature.Length].CopyTo(signature);
    }

    private static ReadOnlySpan<byte> SecretOf(LinkAccessKind kind, LinkPlan plan) =>
        kind == LinkAccessKind.Unlocked ? HashOf(plan.PasswordHash!) : plan.DestinationsHash;

    private static byte[] HashOf(string passwordHash) => SHA256.HashData(Encoding.UTF8.GetBytes(passwordHash));

    private static LinkAccessKind KindOf(ReadOnlySpan<byte> entry) => (LinkAccessKind)entry[0];

    private static long LinkOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt64BigEndian(entry[1..]);

    // Five bytes last for 34,000 years.
    private static long UntilOf(ReadOnlySpan<byte> entry) =>
        ((long)entry[9] << 32) | BinaryPrimitives.ReadUInt32BigEndian(entry[10..]);

    private static void WriteUntil(Span<byte> entry, long seconds)
    {
        entry[9] = (byte)(seconds >> 32);
        BinaryPrimitives.WriteUInt32BigEndian(entry[10..], (uint)seconds);
    }
}
