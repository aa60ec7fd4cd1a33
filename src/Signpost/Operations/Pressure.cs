using System.Diagnostics.Metrics;
using Signpost.Accounts;
using Signpost.Accounts.Audit;
using Signpost.Accounts.SignIn;
using Signpost.Api.Bodies;
using Signpost.Changes.Jobs;
using Signpost.Clicks;
using Signpost.ClickStore.Blocks;
using Signpost.Domains;
using Signpost.Files;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Links;
using Signpost.Links.Framing;
using Signpost.Mail;
using Signpost.QrCodes;
using Signpost.Redirects;
using Signpost.Redirects.Interstitials;
using Signpost.Statistics.Live;
using Signpost.Statistics.Publishing;
using Signpost.Storage;
using Signpost.Visitors;
using Signpost.Web;
using Signpost.Web.Notices;

namespace Signpost.Operations;

/// <summary>Every place of the server where work waits, is refused or fails, with a name. The metrics show it.</summary>
internal sealed class Pressure(
    BackgroundLanes lanes,
    PageTurns pages,
    Database database,
    PlanLoader links,
    AgentReader agents,
    GeoDatabase places,
    PasswordHashing passwords,
    PasswordChecks linkPasswords,
    AttemptLimiter attempts,
    PasswordAttemptLimiter linkAttempts,
    MissLimiter misses,
    LargeBodies bodies,
    PublicStatistics publicStatistics,
    FileCatalog pictures,
    QrPictures qrCodes,
    AuditLog audit,
    TxtRecords dns,
    FramingCheck frames,
    JobRunner jobs,
    MailSender mails,
    ResetRequests resets,
    RecentClicks recent,
    Backlog backlog,
    LiveFeed feed,
    LiveStreams streams,
    JournalSettings journal,
    FaultLog faults
)
{
    /// <summary>Open live streams.</summary>
    public int Listeners => feed.Listeners;

    /// <summary>Clicks that slow listeners did not get.</summary>
    public long Missed => feed.Missed;

    /// <summary>Whether the disk was so full that the reserve is given up.</summary>
    public bool ReserveIsGivenUp => journal.Reserve?.IsGivenUp ?? false;

    public IEnumerable<Measurement<long>> Waiting() =>
        [
            At("agents", agents.Waiting),
            At("audit", audit.Waiting),
            At("compaction", recent.Now.Count),
            At("dns", dns.Waiting),
            At("frames", frames.Waiting),
            At("jobs", jobs.Waiting),
            At("large_bodies", bodies.Waiting),
            At("link_passwords", linkPasswords.Waiting),
            At("links", links.Waiting),
            At("mails", mails.Waiting),
            At("pages", pages.Waiting),
            At("password_resets", resets.Waiting),
            At("passwords", passwords.Waiting),
            At("pictures", pictures.Reads.Waiting),
            At("public_statistics", publicStatistics.Reads.Waiting),
            At("qr_codes", qrCodes.Reads.Waiting),
            At("questions", lanes.Questions.Waiting),
            At("storing", lanes.Storing.Waiting),
            At("upkeep", lanes.Upkeep.Waiting),
            At("writes", database.Waiting),
        ];

    public IEnumerable<Measurement<long>> Refused() =>
        [
            At("large_bodies", bodies.Refused),
            At("link_password_attempts", linkAttempts.Refused),
            At("link_passwords", linkPasswords.Refused),
            At("live_streams", streams.Refused),
            At("pages", pages.Refused),
            At("password_resets", resets.Refused),
            At("passwords", passwords.Refused),
            At("pictures", pictures.Reads.Refused),
            At("public_statistics", publicStatistics.Reads.Refused),
            At("qr_codes", qrCodes.Reads.Refused),
            At("questions", lanes.Questions.Refused),
            At("sign_in_attempts", attempts.Refused),
            At("unknown_aliases", misses.Refused),
        ];

    public IEnumerable<Measurement<long>> Failed() =>
        [
            At("dns", dns.Unanswered),
            At("geo", places.Unusable),
            At("jobs", jobs.Failed),
            At("mails", mails.Failed),
            At("requests", faults.Faults),
            At("requests_unlogged", faults.Unlogged),
            At("storing", backlog.Failures),
        ];

    private static Measurement<long> At(string place, long value) =>
        new(value, new KeyValuePair<string, object?>("place", place));
}
