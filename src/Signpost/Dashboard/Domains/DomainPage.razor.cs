using Signpost.Api;
using Signpost.Domains;

namespace Signpost.Dashboard.Domains;

/// <content>What the pages of domains show.</content>
public sealed partial class DomainPage
{
    /// <summary>A domain in the list or on its page.</summary>
    /// <param name="Links">The number of links on it.</param>
    /// <param name="Accounts">The number of accounts that have links on it.</param>
    public sealed record DomainView(
        long Id,
        string Host,
        DomainState State,
        DateTimeOffset Created,
        long Links,
        long Accounts
    )
    {
        /// <summary>The domain whose links this one serves; null: it has its own.</summary>
        public string? AliasOf { get; init; }

        /// <summary>The record that proves the domain.</summary>
        public required DnsRecord Proof { get; init; }

        /// <summary>The number of days in a row without that record.</summary>
        public int FailedChecks { get; init; }

        public FormValues Values { get; init; } = FormValues.Empty;

        /// <summary>The clicks of the last 30 days that came by another case than the alias's own.</summary>
        public long OtherCaseClicks { get; init; }

        /// <summary>The number of links of other accounts.</summary>
        public long GuestLinks { get; init; }

        /// <summary>The number of other accounts with links on it.</summary>
        public long GuestAccounts { get; init; }

        public string Path => $"{DomainPages.Path}/{Id}";

        internal static DomainView Of(DomainResponse domain, long links, long accounts, TimeZoneInfo zone) =>
            new(domain.Id, domain.Host, StateOf(domain), TimeOf(domain.Datetime, zone), links, accounts)
            {
                Proof = new(domain.Verification.Type, domain.Verification.Name, domain.Verification.Value),
                FailedChecks = domain.Verification.FailedChecks,
                Values = FormValues.Of(domain),
                OtherCaseClicks = domain.OtherCaseClicks ?? 0,
                GuestLinks = domain.LinksCount ?? 0,
                GuestAccounts = domain.AccountsCount ?? 0,
            };

        private static DomainState StateOf(DomainResponse domain) =>
            domain switch
            {
                { IsMoving: true } => DomainState.Moving,
                // Only a domain that was verified once has a time of a check.
                { IsVerified: false, Verification.CheckedDatetime: not null } => DomainState.Lost,
                { IsVerified: false } => DomainState.Waiting,
                { IsEnabled: false } => DomainState.Disabled,
                { Verification.FailedChecks: > 0 } => DomainState.Doubtful,
                _ => DomainState.Verified,
            };

        private static DateTimeOffset TimeOf(string text, TimeZoneInfo zone) =>
            LocalTime.TryParse(text, zone, out var milliseconds)
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : default;
    }

    /// <summary>Whether a domain is served.</summary>
    public enum DomainState
    {
        /// <summary>It was never verified.</summary>
        Waiting,

        Verified,

        /// <summary>It is served, but its record has been missing for a day or two.</summary>
        Doubtful,

        /// <summary>It was verified, and its record is missing. It is not served.</summary>
        Lost,

        Disabled,

        /// <summary>Its links are moved to the main domain, then it is deleted.</summary>
        Moving,
    }

    /// <summary>A record for the DNS.</summary>
    public sealed record DnsRecord(string Type, string Name, string Value);

    /// <summary>A value that can be chosen, and its text.</summary>
    public sealed record Option(string Value, string Text);

    /// <summary>The page of the list.</summary>
    public sealed record DomainList(
        ListAddress Address,
        IReadOnlyList<DomainView> Domains,
        long First,
        long Page,
        long Total
    )
    {
        /// <summary>The form to add one; null: it is not open.</summary>
        public DomainForm? Form { get; init; }

        public bool MayWrite { get; init; }

        /// <summary>The host of the main domain, if the account may make links on it.</summary>
        public string? Main { get; init; }

        public long Last => First + Domains.Count - 1;
    }

    /// <summary>A form with what somebody typed and what is wrong with it.</summary>
    public sealed record DomainForm(FormValues Values, IReadOnlyList<(string Text, string? Field)> Errors)
    {
        public string? ErrorOf(string field) => Errors.FirstOrDefault(error => error.Field == field).Text;
    }

    /// <summary>The links of other accounts on a domain.</summary>
    public sealed record GuestView(
        long Id,
        string ShortUrl,
        string Destination,
        string? Owner,
        bool IsBlocked,
        bool IsInTrash,
        long Clicks
    );

    /// <summary>A page of them.</summary>
    public sealed record GuestList(
        ListAddress Address,
        IReadOnlyList<GuestView> Links,
        long First,
        long Page,
        long Total
    )
    {
        public long Last => First + Links.Count - 1;
    }
}
