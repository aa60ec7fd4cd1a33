using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Signpost.Core.Links;
using Signpost.Storage.Postgres;

namespace Signpost.Hosting;

/// <summary>A setting as it is in force.</summary>
/// <param name="Value">Null: it has none. A secret that is set has the value <c>set</c>; user info and query of an address are left out.</param>
/// <param name="Source">
/// <c>environment</c>, <c>command_line</c>, <c>file</c> or <c>other</c>; null: it is not set, so the value is the usual one.
/// </param>
internal sealed record SettingInForce(string Name, string? Value, string? Source);

/// <summary>Reads single settings and explains in one line what is wrong with a value.</summary>
internal sealed class SettingReader(IConfiguration configuration)
{
    private const string Set = "set";

    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _secrets = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _usual = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Settings with our prefix that were not read: most likely misspelled, so the log names them.</summary>
    public IReadOnlyList<string> Unknown() =>
        [
            .. configuration
                .GetChildren()
                .Select(setting => setting.Key)
                .Where(key => key.StartsWith("SIGNPOST_", StringComparison.OrdinalIgnoreCase) && !_read.Contains(key)),
        ];

    /// <summary>All settings that were read, in the order of reading.</summary>
    public IReadOnlyList<SettingInForce> InForce() => [.. _read.ToList().Select(InForce)];

    private SettingInForce InForce(string name)
    {
        if (_secrets.Contains(name))
            return Optional(name) is not null ? new(name, Set, SourceOf(name)) : new(name, null, null);
        return Optional(name) is { } value
            ? new(name, StartException.WithoutSecrets(value), SourceOf(name))
            : new(name, _usual.GetValueOrDefault(name), null);
    }

    private string SourceOf(string name) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(one => one.TryGet(name, out _)) switch
        {
            EnvironmentVariablesConfigurationProvider => "environment",
            CommandLineConfigurationProvider => "command_line",
            FileConfigurationProvider => "file",
            _ => "other",
        };

    public string Text(string name, string standard, int maxLength)
    {
        if (standard is not "")
            _usual[name] = standard;
        var value = Optional(name) ?? standard;
        return value.Length <= maxLength && !value.Any(char.IsControl)
            ? value
            : throw Wrong(name, value, $"1 to {maxLength} characters, none of them a control character");
    }

    /// <summary>A text without control characters; null: the setting is absent.</summary>
    public string? OptionalText(string name, int maxLength) =>
        Optional(name) is null ? null : Text(name, "", maxLength);

    /// <summary>Words between blanks or commas.</summary>
    /// <param name="allowed">The words that are allowed, for the end of a sentence.</param>
    public IReadOnlyList<string> Words(
        string name,
        IReadOnlyList<string> standard,
        Func<string, bool> isAllowed,
        string allowed
    )
    {
        if (standard is not [])
            _usual[name] = string.Join(' ', standard);
        if (Optional(name) is not { } value)
            return standard;
        var words = value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return words is not [] && words.All(isAllowed) ? words : throw Wrong(name, value, allowed);
    }

    public string? Secret(string name, int minLength, int maxLength)
    {
        _secrets.Add(name);
        if (Value(name) is not { Length: > 0 } value)
            return null;
        return value.Length >= minLength && value.Length <= maxLength && !value.Any(char.IsControl)
            ? value
            : throw Wrong(name, $"({value.Length} characters, not shown)", $"{minLength} to {maxLength} characters");
    }

    /// <summary>A secret that is sent in a header. With blanks the server would start, but nobody could send it.</summary>
    public string? Token(string name, int minLength, int maxLength) =>
        Secret(name, minLength, maxLength) is not { } value ? null
        : value.All(c => c is > ' ' and <= '~') ? value
        : throw Wrong(
            name,
            $"({value.Length} characters, not shown)",
            $"{minLength} to {maxLength} characters of ASCII, no blanks"
        );

    public string? OptionalEmail(string name) =>
        Optional(name) is not { } value ? null
        : IsEmail(value) ? value
        : throw Wrong(name, value, "an e-mail address, as in ada@example.org");

    /// <summary>An e-mail address as people write it: one @, no display name, no blanks, at most 254 characters.</summary>
    public static bool IsEmail(string value) =>
        value.Length <= 254
        && !value.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && MailAddress.TryCreate(value, out var address)
        && address.Address == value;

    public long Number(string name, long standard, long min, long max)
    {
        _usual[name] = standard.ToString(CultureInfo.InvariantCulture);
        if (Optional(name) is not { } value)
            return standard;
        return
            long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min
            && number <= max
            ? number
            : throw Wrong(name, value, $"a whole number from {min} to {max}");
    }

    public T OneOf<T>(string name, T standard)
        where T : struct, Enum
    {
        _usual[name] = standard.ToString().ToLowerInvariant();
        return OptionalOneOf<T>(name) ?? standard;
    }

    /// <summary>The value; null: the setting is absent.</summary>
    public T? OptionalOneOf<T>(string name)
        where T : struct, Enum
    {
        if (Optional(name) is not { } value)
            return null;
        return Enum.GetNames<T>().Contains(value, StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(value, ignoreCase: true)
            : throw Wrong(name, value, string.Join(" or ", Enum.GetNames<T>()).ToLowerInvariant());
    }

    public Uri? OptionalUrl(string name) =>
        Optional(name) is not { } value ? null
        : Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
        : throw Wrong(name, value, "an address with http:// or https://");

    public Uri? OptionalPublicUrl(string name) =>
        Optional(name) is not { } value ? null
        : PublicUrl.TryParse(value, out var url) ? url
        : throw Wrong(name, value, PublicUrl.Allowed);

    /// <summary>The name of a query parameter that we read, in characters that need no escaping.</summary>
    public string? OptionalParameterName(string name) =>
        Optional(name) is not { } value ? null
        : value.Length <= 64 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && !IsOurs(value)
            ? value
        : throw Wrong(
            name,
            value,
            "1 to 64 letters of ASCII, digits, hyphens, underscores and dots, and neither qr nor utm_source, utm_medium, utm_campaign, utm_term or utm_content"
        );

    private static bool IsOurs(string parameter) =>
        parameter is "qr" or "utm_source" or "utm_medium" or "utm_campaign" or "utm_term" or "utm_content";

    /// <summary>The address of a mail server. It holds a password, so no part of a wrong value is shown.</summary>
    public SmtpServer? OptionalMailServer(string name)
    {
        _secrets.Add(name);
        return Optional(name) is not { } value ? null
            : SmtpServer.TryParse(value, out var server) ? server
            : throw Wrong(name, $"({value.Length} characters, not shown)", SmtpServer.Allowed);
    }

    /// <summary>The address of a database. It holds a password, so no part of a wrong value is shown.</summary>
    public PostgresAddress? OptionalDatabase(string name)
    {
        _secrets.Add(name);
        return Optional(name) is not { } value ? null
            : PostgresAddress.TryParse(value, out var address) ? address
            : throw Wrong(name, $"({value.Length} characters, not shown)", PostgresAddress.Allowed);
    }

    /// <summary>The address of a server with its port; without a port it is <paramref name="port"/>.</summary>
    public IPEndPoint? OptionalEndpoint(string name, int port)
    {
        if (Optional(name) is not { } value)
            return null;
        if (IPAddress.TryParse(value, out var alone))
            return new(alone, port);
        return IPEndPoint.TryParse(value, out var endpoint) && endpoint.Port > 0
            ? endpoint
            : throw Wrong(name, value, "an IP address with a port, as in 127.0.0.1:53 or [::1]:53");
    }

    /// <summary>The known schemes of apps, and those of the setting.</summary>
    public AppSchemes Schemes(string name)
    {
        string[] schemes =
        [
            .. (Optional(name) ?? "")
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(scheme => scheme.TrimEnd(':').ToLowerInvariant()),
        ];
        return schemes.FirstOrDefault(scheme => !AppSchemes.MayBeAllowed(scheme)) is not { } wrong
            ? AppSchemes.With(schemes)
            : throw Wrong(
                name,
                wrong,
                "schemes of apps with commas, as in zotero,things; never one that runs script, reads files or starts other programs"
            );
    }

    public IReadOnlyList<IPNetwork> Networks(string name) =>
        Optional(name) is not { } value
            ? []
            :
            [
                .. value
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(Network),
            ];

    private static IPNetwork Network(string text)
    {
        if (IPAddress.TryParse(text, out var address))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw Wrong(
                "SIGNPOST_TRUSTED_PROXIES",
                text,
                "addresses or CIDR blocks with commas, as in 10.0.0.0/8,::1"
            );
    }

    /// <summary>One path or several with commas, made absolute.</summary>
    public IReadOnlyList<string> Paths(string name, int most)
    {
        if (Optional(name) is not { } value)
            return [];
        var paths = value.Split(',', StringSplitOptions.TrimEntries);
        return paths.Length <= most && paths.All(path => path.Length is > 0 and <= 4096 && !path.Any(char.IsControl))
            ? [.. paths.Select(Path.GetFullPath)]
            : throw Wrong(name, value, $"a path, or up to {most} with commas, without control characters");
    }

    /// <summary>A certificate and its private key, from one PEM file. RSA only: the framework encrypts keys with nothing else.</summary>
    public X509Certificate2? OptionalCertificate(string name)
    {
        if (Optional(name) is not { } path)
            return null;
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(path);
            using var key = certificate.GetRSAPrivateKey();
            return key is not null ? certificate : throw new CryptographicException();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Wrong(name, path, "a PEM file with a certificate and its RSA private key, both readable");
        }
    }

    private string? Optional(string name) => Value(name)?.Trim() is { Length: > 0 } value ? value : null;

    private string? Value(string name)
    {
        _read.Add(name);
        return configuration[name];
    }

    private static StartException Wrong(string name, string value, string allowed) =>
        StartException.Wrong(name, value, allowed);
}
