using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using Signpost.Hosting;

namespace Signpost.Accounts;

/// <summary>Validates the fields of an account. Each rule returns an error text, or null if the value is valid.</summary>
internal static partial class AccountRules
{
    public const int LongestName = 128;
    public const int LongestEmail = 254;
    private const int ShortestPassword = 8;
    private const int LongestPasswordBytes = 1024;

    /// <summary>The languages that people may choose for pages.</summary>
    public static IReadOnlyList<string> Languages { get; } =
    ["en", "de", "fr", "es", "pt", "it", "tr", "ar", "zh", "zh-Hant", "ja"];

    /// <summary>The zones that this machine knows, by their IANA names.</summary>
    public static IReadOnlyList<string> TimeZones { get; } =
    [
        "UTC",
        .. TimeZoneInfo
            .GetSystemTimeZones()
            .Where(zone => zone.HasIanaId && zone.Id.Contains('/', StringComparison.Ordinal))
            .Select(zone => zone.Id)
            .Where(id => IsTimeZone(id))
            .Order(StringComparer.Ordinal),
    ];

    private static readonly FrozenSet<string> LanguageSet = Languages.ToFrozenSet(StringComparer.Ordinal);

    public static string? Email(string email) =>
        email.Length <= LongestEmail && SettingReader.IsEmail(email) ? null : "This is not an e-mail address.";

    /// <summary>
    /// There is no rule about kinds of characters. A password must be long enough, and must not be among those that are tried
    /// first: the commonest ones, blanks, and the e-mail address.
    /// </summary>
    /// <param name="email">The e-mail address of the account; null: unknown.</param>
    public static string? Password(string password, string? email)
    {
        if (password.Length < ShortestPassword)
            return $"The password must have at least {ShortestPassword} characters.";
        if (string.IsNullOrWhiteSpace(password) || CommonPasswords.Contains(password))
            return "This password is too easy to guess. Three or four words in a row are a good one.";
        if (string.Equals(password, email, StringComparison.OrdinalIgnoreCase))
            return "The password must not be the e-mail address.";
        return FitsHash(password) ? null : $"The password must have at most {LongestPasswordBytes} bytes.";
    }

    /// <summary>Tells whether a password has a length that can be hashed.</summary>
    public static bool FitsHash(string password) =>
        password.Length <= LongestPasswordBytes && Encoding.UTF8.GetByteCount(password) <= LongestPasswordBytes;

    public static string? Name(string name) =>
        name.Any(char.IsControl) ? "The name must not hold control characters."
        : name.Length > LongestName ? $"The name must have at most {LongestName} characters."
        : null;

    public static string? TimeZone(string zone) =>
        IsTimeZone(zone) ? null : "This is not a time zone. Use a name such as Europe/Berlin.";

    public static string? Language(string language) =>
        LanguageSet.Contains(language) ? null : $"The language must be one of {string.Join(", ", Languages)}.";

    public static string? Role(string role) =>
        role is Storage.Person.AdminRole or Storage.Person.UserRole ? null : "The role must be admin or user.";

    // The look-up uses the name as part of a path, so the name is checked first.
    private static bool IsTimeZone(string zone) =>
        ZoneName().IsMatch(zone)
        && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)
        && found is { HasIanaId: true };

    [GeneratedRegex(@"\A(?!posix|right)[A-Za-z][A-Za-z0-9_+-]{0,31}(/[A-Za-z][A-Za-z0-9_+-]{0,31}){0,2}\z")]
    private static partial Regex ZoneName();
}
