using System.Net;
using System.Security.Cryptography.X509Certificates;
using Signpost.Core.Links;
using Signpost.Storage.Postgres;

namespace Signpost.Hosting;

/// <summary>The operator's settings, read once at start. Every value is already checked.</summary>
internal sealed record SignpostSettings
{
    private const int ClickDays = 396;
    private const int BacklogMegabytes = 1_024;
    private const int BacklogMinutes = 2;
    private const int Links = 1_000_000;
    private const int PictureMegabytes = 1_024;
    private const int DaysInTrash = 7;

    public required string DataDirectory { get; init; }

    /// <summary>The database on a PostgreSQL server; null: a file in the data directory.</summary>
    public PostgresAddress? DatabaseAddress { get; init; }

    public string? AdminEmail { get; init; }
    public string? AdminPassword { get; init; }
    public string? ApiKey { get; init; }

    /// <summary>Requests per API key and minute; 0: no limit.</summary>
    public required int ApiRequestsPerMinute { get; init; }

    /// <summary>Links per account; 0: no limit.</summary>
    public long LinksPerAccount { get; init; } = Links;

    /// <summary>The number of days that deleted links stay in the trash; 0: they are erased at once.</summary>
    public int TrashDays { get; init; } = DaysInTrash;

    /// <summary>The same as <see cref="TrashDays"/>, in milliseconds.</summary>
    public long TrashMilliseconds => TrashDays * 24L * 60 * 60 * 1000;

    /// <summary>The schemes of apps that links may lead to.</summary>
    public AppSchemes AppSchemes { get; init; } = AppSchemes.Known;

    /// <summary>Bytes of pictures per account; 0: no limit.</summary>
    public long PictureBytesPerAccount { get; init; } = (long)PictureMegabytes << 20;

    /// <summary>The main domain's address; null: the kept address or the first listening one, and any host.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Whether aliases of the main domain that differ only in case are different ones; null: as the database says.</summary>
    public bool? AreAliasesCaseSensitive { get; init; }

    /// <summary>Whether browsers are told to use HTTPS for the subdomains of each host, too.</summary>
    public bool AreSubdomainsOnlyHttps { get; init; }

    /// <summary>The certificate, with its private key, that encrypts the keys of cookies and forms; null: they are stored as they are.</summary>
    public X509Certificate2? KeysCertificate { get; init; }

    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>The operator's own geo files; empty: the data that ships.</summary>
    public IReadOnlyList<string> GeoDatabases { get; init; } = [];

    /// <summary>The trusted proxy whose headers hold a visitor's place.</summary>
    public GeoHeaders GeoHeaders { get; init; }

    /// <summary>The DNS server for the records that prove domains; null: the system's resolvers.</summary>
    public IPEndPoint? DnsResolver { get; init; }

    /// <summary>The server that takes mails; null: mail is off.</summary>
    public SmtpServer? MailServer { get; init; }

    /// <summary>The sender of mails; null only without <see cref="MailServer"/>.</summary>
    public string? MailFrom { get; init; }

    public required ClickDurability ClickDurability { get; init; }
    public required string NodeName { get; init; }

    /// <summary>The number of days that single clicks are kept; 0: for ever.</summary>
    public int ClicksKeptDays { get; init; } = ClickDays;

    /// <summary>If more bytes of clicks wait to be stored, ordinary threads store them, too.</summary>
    public long MostBacklogBytes { get; init; } = (long)BacklogMegabytes << 20;

    /// <summary>If clicks have waited longer to be stored, ordinary threads store them, too.</summary>
    public TimeSpan LongestBacklog { get; init; } = TimeSpan.FromMinutes(BacklogMinutes);

    /// <summary>Whether visitors are distinguished, by a number that changes each day.</summary>
    public bool KeepsVisitorHashes { get; init; } = true;

    /// <summary>Whether nothing is kept of visitors whose browsers ask for that.</summary>
    public bool HonorsDoNotTrack { get; init; }

    /// <summary>The query parameter with which nothing of the visitor is kept; null: there is none.</summary>
    public string? NoTrackParameter { get; init; }

    /// <summary>Bytes that compiled links may take in memory.</summary>
    public required long PlanCacheBytes { get; init; }

    /// <summary>The provider through which people sign in; null: there is none.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>The people whose invitations may bring new people to the server.</summary>
    public Inviters Inviters { get; init; } = Inviters.Members;

    /// <summary>The accounts that may make links on the main domain.</summary>
    public MainDomainUsers MainDomain { get; init; } = MainDomainUsers.Everyone;

    /// <summary>Settings with our prefix that are unknown.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>All settings as they are in force, and from where.</summary>
    public IReadOnlyList<SettingInForce> InForce { get; init; } = [];

    /// <summary>The address for metrics and traces; null: they are not sent.</summary>
    public Uri? OtlpEndpoint { get; init; }

    private enum Switch
    {
        On,
        Off,
    }

    /// <summary>Reads and checks every setting.</summary>
    /// <exception cref="StartException">A setting is wrong; the message names it, its value and what is allowed.</exception>
    public static SignpostSettings Read(IConfiguration configuration)
    {
        var read = new SettingReader(configuration);
        var settings = new SignpostSettings
        {
            DataDirectory = read.Text("SIGNPOST_DATA_DIR", "data", maxLength: 4096),
            DatabaseAddress = read.OptionalDatabase("SIGNPOST_DATABASE_URL"),
            AdminEmail = read.OptionalEmail("SIGNPOST_ADMIN_EMAIL"),
            AdminPassword = read.Secret("SIGNPOST_ADMIN_PASSWORD", minLength: 8, maxLength: 1024),
            ApiKey = read.Token("SIGNPOST_API_KEY", minLength: 32, maxLength: 512),
            ApiRequestsPerMinute = (int)read.Number("SIGNPOST_API_REQUESTS_PER_MINUTE", 1_200, 0, 1_000_000_000),
            LinksPerAccount = read.Number("SIGNPOST_LINKS_PER_ACCOUNT", Links, 0, 1_000_000_000),
            TrashDays = (int)read.Number("SIGNPOST_TRASH_DAYS", DaysInTrash, 0, 365),
            AppSchemes = read.Schemes("SIGNPOST_APP_SCHEMES"),
            PictureBytesPerAccount =
                read.Number("SIGNPOST_PICTURES_MB_PER_ACCOUNT", PictureMegabytes, 0, 1_048_576) << 20,
            PublicUrl = read.OptionalPublicUrl("SIGNPOST_PUBLIC_URL"),
            AreAliasesCaseSensitive = read.OptionalOneOf<Switch>("SIGNPOST_CASE_SENSITIVE_ALIASES") is { } rule
                ? rule is Switch.On
                : null,
            AreSubdomainsOnlyHttps = read.OneOf("SIGNPOST_HSTS_SUBDOMAINS", Switch.Off) is Switch.On,
            KeysCertificate = read.OptionalCertificate("SIGNPOST_KEYS_CERTIFICATE"),
            TrustedProxies = read.Networks("SIGNPOST_TRUSTED_PROXIES"),
            GeoDatabases = read.Paths("SIGNPOST_GEO_DATABASE", most: 2),
            GeoHeaders = read.OneOf("SIGNPOST_GEO_HEADERS", GeoHeaders.Off),
            DnsResolver = read.OptionalEndpoint("SIGNPOST_DNS_RESOLVER", port: 53),
            MailServer = read.OptionalMailServer("SIGNPOST_SMTP_URL"),
            MailFrom = read.OptionalEmail("SIGNPOST_MAIL_FROM"),
            ClickDurability = read.OneOf<ClickDurability>("SIGNPOST_CLICK_DURABILITY", ClickDurability.Process),
            KeepsVisitorHashes = read.OneOf("SIGNPOST_VISITOR_HASHES", Switch.On) is Switch.On,
            HonorsDoNotTrack = read.OneOf("SIGNPOST_HONOR_DNT", Switch.Off) is Switch.On,
            NoTrackParameter = read.OptionalParameterName("SIGNPOST_NOTRACK_PARAMETER"),
            NodeName = read.Text("SIGNPOST_NODE_NAME", Environment.MachineName, maxLength: 64),
            ClicksKeptDays = (int)read.Number("SIGNPOST_CLICKS_KEPT_DAYS", ClickDays, 0, 36_500),
            MostBacklogBytes = read.Number("SIGNPOST_BACKLOG_MB", BacklogMegabytes, 1, 1_048_576) << 20,
            LongestBacklog = TimeSpan.FromMinutes(read.Number("SIGNPOST_BACKLOG_MINUTES", BacklogMinutes, 1, 1_440)),
            PlanCacheBytes = read.Number("SIGNPOST_PLAN_CACHE_MB", 96, 1, 1_048_576) << 20,
            OtlpEndpoint = read.OptionalUrl("OTEL_EXPORTER_OTLP_ENDPOINT"),
            Oidc = OidcSettings.Read(read),
            Inviters = read.OneOf("SIGNPOST_INVITATIONS", Inviters.Members),
            MainDomain = read.OneOf("SIGNPOST_MAIN_DOMAIN", MainDomainUsers.Everyone),
            // These come last, when every setting was read.
            Unknown = read.Unknown(),
            InForce = read.InForce(),
        };
        if (settings.AdminEmail is null != settings.AdminPassword is null)
            throw new StartException(
                "SIGNPOST_ADMIN_EMAIL and SIGNPOST_ADMIN_PASSWORD belong together: set both, or neither and use the set-up page."
            );

        if (settings.MailServer is null != settings.MailFrom is null)
            throw new StartException(
                "SIGNPOST_SMTP_URL and SIGNPOST_MAIL_FROM belong together: set both, or neither and Signpost sends no mail."
            );

        if (settings.GeoHeaders != GeoHeaders.Off && settings.TrustedProxies.Count == 0)
            throw new StartException(
                $"SIGNPOST_GEO_HEADERS={settings.GeoHeaders.ToString().ToLowerInvariant()} needs SIGNPOST_TRUSTED_PROXIES: only headers of a trusted proxy are believed. Set it, or SIGNPOST_GEO_HEADERS=off."
            );

        return settings;
    }
}

/// <summary>The accounts that may make links on the main domain. Links that are there stay.</summary>
internal enum MainDomainUsers
{
    Everyone,

    /// <summary>The own accounts of server admins.</summary>
    Admins,

    Off,
}

/// <summary>The people whose invitations may make an account.</summary>
internal enum Inviters
{
    /// <summary>Server admins only.</summary>
    Admins,

    /// <summary>Also all who may invite people to a team.</summary>
    Members,
}

/// <summary>The reason why the server does not start: one line for the operator. The process ends with code 1.</summary>
internal sealed class StartException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether another process uses the data directory.</summary>
    public bool IsInUse { get; init; }

    /// <summary>The line for a wrong value of a setting. User info of an address in it may be a secret, and is not shown.</summary>
    /// <param name="allowed">The values that are allowed, for the end of a sentence.</param>
    public static StartException Wrong(string name, string value, string allowed) =>
        new($"{name}={WithoutUserInfo(value)} is wrong. Allowed: {allowed}.".ReplaceLineEndings(" "));

    /// <summary>A value without the parts that may be secrets: the user info and the query of an address.</summary>
    public static string WithoutSecrets(string value)
    {
        var query = value.Contains("://", StringComparison.Ordinal) ? value.IndexOf('?') : -1;
        return WithoutUserInfo(query < 0 ? value : $"{value[..query]}?(not shown)");
    }

    private static string WithoutUserInfo(string value)
    {
        var end = value.LastIndexOf('@');
        var colon = end < 0 ? -1 : value.IndexOf(':', 0, end);
        if (colon < 0)
            return value;

        var scheme = value.IndexOf("://", 0, end, StringComparison.Ordinal);
        return $"{(scheme < 0 ? "" : value[..(scheme + 3)])}(not shown){value[end..]}";
    }
}
