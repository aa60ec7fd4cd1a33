using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Signpost.Storage;

/// <summary>
/// The tables. Only <see cref="Database"/> makes contexts, and chooses the connection: a read-only one, or the one that writes.
/// </summary>
internal partial class SignpostDb(DbContextOptions<SignpostDb> options) : DbContext(options)
{
    private const string TrashFilter = "trash";

    /// <summary>The SQL of the database that this context uses.</summary>
    public Dialect Dialect => Dialect.Of(Database.GetDbConnection());

    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<Person> People => Set<Person>();
    public DbSet<IdentityUserToken<long>> PersonTokens => Set<IdentityUserToken<long>>();
    public DbSet<PersonLogin> PersonLogins => Set<PersonLogin>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<QueuedMail> Mails => Set<QueuedMail>();
    public DbSet<OneTimeAddress> OneTimeAddresses => Set<OneTimeAddress>();
    public DbSet<Member> Members => Set<Member>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();

    /// <summary>A text with small letters, in queries, too. Letters beyond ASCII stay as they are: databases differ in them.</summary>
    public static string Small(string text) =>
        string.Concat(text.Select(sign => char.IsAsciiLetterUpper(sign) ? (char)(sign | 32) : sign));

    /// <summary>The links in use: neither in the trash nor on a domain that is being deleted.</summary>
    public DbSet<LinkRow> Links => Set<LinkRow>();

    /// <summary>The links in use and those in the trash. In a query that holds it, <see cref="Links"/> has both, too.</summary>
    public IQueryable<LinkRow> LinksAndTrash => Links.IgnoreQueryFilters([TrashFilter]);

    public DbSet<LinkGroup> LinkGroups => Set<LinkGroup>();
    public DbSet<UnrankedLinks> UnrankedLinks => Set<UnrankedLinks>();
    public DbSet<FormerDestinations> FormerDestinations => Set<FormerDestinations>();
    public DbSet<LinkVersion> LinkVersions => Set<LinkVersion>();
    public DbSet<LinkCount> LinkCounts => Set<LinkCount>();
    public DbSet<RetiredAlias> RetiredAliases => Set<RetiredAlias>();
    public DbSet<StoredFile> Files => Set<StoredFile>();
    public DbSet<ProjectRow> Projects => Set<ProjectRow>();
    public DbSet<TagRow> Tags => Set<TagRow>();
    public DbSet<LinkTag> LinkTags => Set<LinkTag>();
    public DbSet<PixelRow> Pixels => Set<PixelRow>();
    public DbSet<QrCodeRow> QrCodes => Set<QrCodeRow>();
    public DbSet<QrLogoRow> QrLogos => Set<QrLogoRow>();
    public DbSet<PresetRow> Presets => Set<PresetRow>();
    public DbSet<BulkChange> BulkChanges => Set<BulkChange>();
    public DbSet<BulkLinks> BulkLinks => Set<BulkLinks>();
    public DbSet<BulkFailure> BulkFailures => Set<BulkFailure>();
    public DbSet<LinkPixel> LinkPixels => Set<LinkPixel>();
    public DbSet<SplashPageRow> SplashPages => Set<SplashPageRow>();
    public DbSet<DomainRow> Domains => Set<DomainRow>();
    public DbSet<DomainFile> DomainFiles => Set<DomainFile>();
    public DbSet<DomainShare> DomainShares => Set<DomainShare>();
    public DbSet<JournalRow> JournalPositions => Set<JournalRow>();
    public DbSet<KeptResponse> KeptResponses => Set<KeptResponse>();
    public DbSet<Secret> Secrets => Set<Secret>();
    public DbSet<ExpiryTime> ExpiryTimes => Set<ExpiryTime>();
    public DbSet<KeptSetting> KeptSettings => Set<KeptSetting>();
    public DbSet<ClickBlock> ClickBlocks => Set<ClickBlock>();
    public DbSet<ClickChunkRow> ClickChunks => Set<ClickChunkRow>();
    public DbSet<ClickCompaction> ClickCompactions => Set<ClickCompaction>();
    public DbSet<ClickDay> ClickDays => Set<ClickDay>();
    public DbSet<RollupRow> Rollups => Set<RollupRow>();
    public DbSet<StaleRollup> StaleRollups => Set<StaleRollup>();
    public DbSet<DayColumn> DayColumns => Set<DayColumn>();
    public DbSet<OrphanVisit> OrphanVisits => Set<OrphanVisit>();
    public DbSet<CaseVisit> CaseVisits => Set<CaseVisit>();
    public DbSet<Job> Jobs => Set<Job>();
    public DbSet<ReservedAlias> ReservedAliases => Set<ReservedAlias>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        builder.HasDbFunction(typeof(SignpostDb).GetMethod(nameof(Small))!).HasName("lower").IsBuiltIn();
        // Plain SQL may leave out this column, and the others that have a default.
        builder.Entity<Account>(account =>
        {
            account.ToTable("accounts").Property(a => a.Name).HasDefaultValue("");
            account.Property(a => a.UpdatedAt).HasDefaultValue(0L);
            // Triggers of the migration AccountUsage keep these. If a migration rebuilds a table of theirs, it must create them again.
            account.Property(a => a.LinkCount).HasDefaultValue(0L);
            account.Property(a => a.PictureBytes).HasDefaultValue(0L);
            account.Property(a => a.KeptBytes).HasDefaultValue(0L);
        });
        AddPeople(builder);
        AddMails(builder);
        AddTeams(builder);
        builder.Entity<ApiKey>(key =>
        {
            key.ToTable("api_keys");
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasIndex(k => k.MakerId).HasFilter("maker_id IS NOT NULL");
            // Without a foreign key: to add one, SQLite copies the whole table. A key ends with its membership in one transaction.
            key.HasIndex(k => k.PersonId).HasFilter("person_id IS NOT NULL");
            key.HasOne<Account>().WithMany().HasForeignKey(k => k.AccountId).OnDelete(DeleteBehavior.Cascade);
            key.Property(k => k.Scopes).HasDefaultValue("*");
        });
        builder.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("audit_log");
            entry.HasIndex(e => new { e.AccountId, e.Id });
            entry.HasIndex(e => new { e.ActorId, e.Id }).HasFilter("actor_id IS NOT NULL");
            entry.HasIndex(e => e.At);
        });
        builder.Entity<ProtectionKey>().ToTable("protection_keys");
        builder.Entity<LinkRow>(link =>
        {
            link.ToTable("links");
            // Ids are never reused (AUTOINCREMENT): a click that is still in the journal must not count for a later link.
            link.Property(l => l.Id).ValueGeneratedOnAdd();
            link.Property(l => l.StatisticsIsPublic).HasDefaultValue(false);
            link.Property(l => l.IsGuest).HasDefaultValue(false);
            link.Property(l => l.IsBlocked).HasDefaultValue(false);
            link.HasIndex(l => new
                {
                    l.DomainId,
                    l.Id,
                    l.AccountId,
                })
                .HasFilter("is_guest");
            link.HasIndex(l => new { l.AccountId, l.Id }, "IX_links_guests_of_account").HasFilter("is_guest");
            link.HasIndex(l => new { l.DomainId, l.AliasKey }).IsUnique();
            link.Property(l => l.RankedClicks).HasDefaultValue(0L);
            AddListIndexes(link);
            link.HasIndex(l => new { l.ProjectId, l.Id }).HasFilter("project_id IS NOT NULL");
            link.HasIndex(l => new { l.SplashPageId, l.Id }).HasFilter("splash_page_id IS NOT NULL");
            // Finds out whether another link still uses a picture that links of one bulk request share.
            link.HasIndex(l => l.CloakingFavicon).HasFilter("cloaking_favicon IS NOT NULL");
            link.HasIndex(l => l.CloakingOpengraph).HasFilter("cloaking_opengraph IS NOT NULL");
            // When a domain is deleted, its links disappear at once, although their rows are deleted later.
            link.HasQueryFilter(
                "domain",
                l => !Jobs.Any(j => j.Kind == JobKind.DeleteDomain && j.Subject == l.DomainId)
            );
            link.HasQueryFilter(TrashFilter, l => l.DeletedAt == null);
            link.HasIndex(l => new
                {
                    l.AccountId,
                    l.DeletedAt,
                    l.Id,
                })
                .HasFilter("deleted_at IS NOT NULL");
            link.HasIndex(l => l.DeletedAt).HasFilter("deleted_at IS NOT NULL");
            link.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<FormerDestinations>(former =>
        {
            former.ToTable("former_destinations").HasKey(f => new { f.LinkId, f.Version });
            former.HasIndex(f => f.ReplacedAt);
            former.HasOne<LinkRow>().WithMany().HasForeignKey(f => f.LinkId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<LinkVersion>(version =>
        {
            version.ToTable("link_versions").HasKey(v => new { v.LinkId, v.Version });
            version.HasOne<LinkRow>().WithMany().HasForeignKey(v => v.LinkId).OnDelete(DeleteBehavior.Cascade);
        });
        // Triggers of the migrations FastLists, Trash and Tags keep it, and the index link_texts (LinkTexts). If a migration rebuilds the table of links,
        // it must create them again.
        builder.Entity<LinkGroup>(groups =>
        {
            groups
                .ToTable("link_groups")
                .HasKey(group => new
                {
                    group.AccountId,
                    group.ProjectId,
                    group.DomainId,
                    group.IsEnabled,
                });
            groups.HasIndex(group => new { group.DomainId, group.AccountId });
        });
        // Ids are never reused (AUTOINCREMENT): the links up to an id are ranked and then deleted from here.
        builder.Entity<UnrankedLinks>().ToTable("unranked_links").Property(row => row.Id).ValueGeneratedOnAdd();
        builder.Entity<LinkCount>().ToTable("link_counts").HasKey(count => new { count.LinkId, count.Kind });
        builder.Entity<RetiredAlias>(alias =>
        {
            alias.ToTable("retired_aliases").HasKey(a => new { a.DomainId, a.AliasKey });
            alias.HasIndex(a => a.Until);
            alias.Property(a => a.Alias).HasDefaultValue("");
        });
        builder.Entity<StoredFile>(file =>
        {
            file.ToTable("files").HasKey(f => f.Name);
            file.HasIndex(f => f.LinkId);
            file.HasIndex(f => new { f.AccountId, f.KeptUntil }).HasFilter("kept_until IS NOT NULL");
            // Triggers of the migrations AccountUsage and LinkVersions count the bytes of pictures that links show.
        });
        AddResources(builder);
        AddQrCodes(builder);
        AddPresets(builder);
        AddBulkChanges(builder);
        AddDomainFiles(builder);
        AddDomainShares(builder);
        AddJobs(builder);
        builder.Entity<JournalRow>().ToTable("journal_positions").HasKey(row => row.JournalId);
        builder.Entity<KeptResponse>(answer =>
        {
            answer.ToTable("kept_answers").HasKey(a => new { a.AccountId, a.Key });
            answer.HasIndex(a => a.CreatedAt);
        });
        builder.Entity<Secret>().ToTable("secrets").HasKey(secret => secret.Name);
        builder.Entity<ExpiryTime>().ToTable("expiry_clock").Property(time => time.Id).ValueGeneratedNever();
        builder.Entity<KeptSetting>().ToTable("kept_settings").HasKey(setting => setting.Name);
        AddClicks(builder);

        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
            if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null)
                property.SetColumnName(WordStart().Replace(property.Name, "_$0").ToLowerInvariant());
    }

    // One for each order of the list and one for each filter. All hold the columns of the filters, so that no row is read to filter.
    private static void AddListIndexes(EntityTypeBuilder<LinkRow> link)
    {
        string[] filters =
        [
            "ProjectId",
            "DomainId",
            "IsEnabled",
            "CreatedAt",
            "UpdatedAt",
            "DeletedAt",
            LinkFlags.Column,
            "EndAt",
        ];
        link.Property<long?>(LinkFlags.Column).HasComputedColumnSql(LinkFlags.Sql, stored: false);
        foreach (var (name, column) in LinkIndexes.All)
        {
            string[] first = column is "Id" ? ["AccountId", "Id"] : ["AccountId", column, "Id"];
            var index = link.HasIndex([.. first, .. filters.Except([column])], name);
            if (column is LinkFlags.Column)
                index.HasFilter("flags IS NOT NULL");
            else if (column is nameof(LinkRow.EndAt))
                index.HasFilter("end_at IS NOT NULL");
        }
    }

    private static void AddPeople(ModelBuilder builder)
    {
        builder.Entity<Person>(person =>
        {
            person.ToTable("people");
            person.Property(p => p.Id).HasColumnName("account_id");
            person.HasOne(p => p.Account).WithOne().HasForeignKey<Person>(p => p.Id).OnDelete(DeleteBehavior.Cascade);
            person.Property(p => p.Email).IsRequired();
            // One person per e-mail address: the database enforces it, even for two requests at once.
            person.Property(p => p.NormalizedEmail).IsRequired();
            person.HasIndex(p => p.NormalizedEmail).IsUnique();
            person.Property(p => p.SecurityStamp).IsRequired();
            person.Property(p => p.Language).HasDefaultValue("en");
            person.Property(p => p.SignIns).HasDefaultValue(0L);
            // Identity's class has these properties too, but nothing reads them.
            person.Ignore(p => p.UserName).Ignore(p => p.NormalizedUserName).Ignore(p => p.EmailConfirmed);
            person.Ignore(p => p.PhoneNumber).Ignore(p => p.PhoneNumberConfirmed).Ignore(p => p.ConcurrencyStamp);
            person.Ignore(p => p.LockoutEnd).Ignore(p => p.LockoutEnabled).Ignore(p => p.AccessFailedCount);
        });
        // Secrets of second factors and hashes of recovery codes, as Identity keeps them.
        builder.Entity<IdentityUserToken<long>>(token =>
        {
            token.ToTable("person_tokens");
            token.HasKey(t => new
            {
                t.UserId,
                t.LoginProvider,
                t.Name,
            });
            token.Property(t => t.UserId).HasColumnName("person_id");
            token.HasOne<Person>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<PersonLogin>(login =>
        {
            login.ToTable("person_logins").HasKey(l => new { l.Issuer, l.Subject });
            // One account of each provider: a stolen session adds no second one unnoticed.
            login.HasIndex(l => new { l.PersonId, l.Issuer }).IsUnique();
            login.HasOne<Person>().WithMany().HasForeignKey(l => l.PersonId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<Passkey>(passkey =>
        {
            passkey.ToTable("passkeys").HasKey(p => p.CredentialId);
            passkey.HasIndex(p => p.PersonId);
            passkey.HasOne<Person>().WithMany().HasForeignKey(p => p.PersonId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<Session>(session =>
        {
            session.ToTable("sessions");
            session.Property(s => s.IsConfirmed).HasDefaultValue(true);
            session.HasIndex(s => s.Hash).IsUnique();
            session.HasIndex(s => s.CreatedAt);
            session.HasOne<Person>().WithMany().HasForeignKey(s => s.PersonId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void AddMails(ModelBuilder builder)
    {
        builder.Entity<QueuedMail>(mail =>
        {
            mail.ToTable("mails");
            // Ids are never reused (AUTOINCREMENT): the sender remembers mails that it has sent.
            mail.Property(m => m.Id).ValueGeneratedOnAdd();
            mail.HasIndex(m => m.NextTryAt);
            mail.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<OneTimeAddress>(address =>
        {
            address.ToTable("one_time_addresses");
            address.HasIndex(a => a.Hash).IsUnique();
            address.HasOne<Person>().WithMany().HasForeignKey(a => a.PersonId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void AddTeams(ModelBuilder builder) =>
        builder.Entity<Member>(member =>
        {
            member.ToTable("members");
            // Ids are never reused (AUTOINCREMENT): a kept response must not name another membership.
            member.Property(m => m.Id).ValueGeneratedOnAdd();
            member.HasIndex(m => new { m.TeamId, m.PersonId }).IsUnique().HasFilter("person_id IS NOT NULL");
            member
                .HasIndex(m => new { m.TeamId, m.NormalizedEmail })
                .IsUnique()
                .HasFilter("normalized_email IS NOT NULL");
            member.HasOne<Account>().WithMany().HasForeignKey(m => m.TeamId).OnDelete(DeleteBehavior.Cascade);
            member.HasOne<Person>().WithMany().HasForeignKey(m => m.PersonId).OnDelete(DeleteBehavior.Cascade);
        });

    private void AddJobs(ModelBuilder builder)
    {
        builder.Entity<Job>(job =>
        {
            job.ToTable("jobs");
            // Ids are never reused (AUTOINCREMENT): a request that waits for a job must not wait for another job.
            job.Property(j => j.Id).ValueGeneratedOnAdd();
            job.HasIndex(j => new { j.Kind, j.Subject }).IsUnique();
            // Every question about many links asks whether clicks of such links are being erased.
            job.HasIndex(j => new
            {
                j.Kind,
                j.IsGuest,
                j.DomainId,
                j.AccountId,
            });
            job.Property(j => j.IsGuest).HasDefaultValue(false);
        });
        builder.Entity<ReservedAlias>(alias =>
        {
            alias.ToTable("reserved_aliases").HasKey(a => new { a.DomainId, a.AliasKey });
            alias.HasIndex(a => a.JobId);
        });
        // A deleted pixel is removed from its links at once, although its own row is deleted last.
        builder
            .Entity<PixelRow>()
            .HasQueryFilter(pixel => !Jobs.Any(j => j.Kind == JobKind.DeletePixel && j.Subject == pixel.Id));
        builder
            .Entity<LinkPixel>()
            .HasQueryFilter(linkPixel =>
                !Jobs.Any(j => j.Kind == JobKind.DeletePixel && j.Subject == linkPixel.PixelId)
            );
        builder
            .Entity<SplashPageRow>()
            .HasQueryFilter(page => !Jobs.Any(j => j.Kind == JobKind.DeleteSplashPage && j.Subject == page.Id));
    }

    private static void AddClicks(ModelBuilder builder)
    {
        // Ids are never reused (AUTOINCREMENT): a compaction uses them to know which blocks it has taken.
        builder.Entity<ClickBlock>().ToTable("click_blocks").Property(block => block.Id).ValueGeneratedOnAdd();
        builder.Entity<ClickChunkRow>().ToTable("click_chunks").Property(chunk => chunk.Id).ValueGeneratedNever();
        builder
            .Entity<ClickCompaction>()
            .ToTable("click_folds")
            .Property(compaction => compaction.Id)
            .ValueGeneratedNever();
        builder.Entity<ClickDay>(day =>
        {
            day.ToTable("click_days").HasKey(d => d.Day);
            day.Property(d => d.Day).ValueGeneratedNever();
        });
        builder.Entity<RollupRow>().ToTable("rollups").Property(rollup => rollup.Id).ValueGeneratedNever();
        builder.Entity<StaleRollup>().ToTable("stale_rollups").Property(stale => stale.Id).ValueGeneratedNever();
        builder.Entity<DayColumn>().ToTable("day_columns").HasKey(column => new { column.Id, column.Number });
        builder
            .Entity<OrphanVisit>()
            .ToTable("orphan_visits")
            .HasKey(orphan => new
            {
                orphan.DomainId,
                orphan.Day,
                orphan.Alias,
            });
        builder.Entity<CaseVisit>().ToTable("case_visits").HasKey(visit => new { visit.DomainId, visit.Day });
    }

    // QR codes hold ids of links and logos that may be gone. Ids of both are never reused (AUTOINCREMENT).
    private static void AddQrCodes(ModelBuilder builder)
    {
        builder.Entity<QrCodeRow>(code =>
        {
            code.ToTable("qr_codes").HasIndex(c => new { c.AccountId, c.Id });
            code.Property(c => c.Id).ValueGeneratedOnAdd();
            code.HasIndex(c => c.Secret).IsUnique();
            code.HasIndex(c => c.LinkId).HasFilter("link_id IS NOT NULL");
            code.HasOne<Account>().WithMany().HasForeignKey(c => c.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<QrLogoRow>(logo =>
        {
            logo.ToTable("qr_logos").HasIndex(l => new { l.AccountId, l.Id });
            logo.Property(l => l.Id).ValueGeneratedOnAdd();
            logo.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    private static void AddPresets(ModelBuilder builder) =>
        builder.Entity<PresetRow>(preset =>
        {
            preset.ToTable("presets");
            preset.HasIndex(p => new
            {
                p.AccountId,
                p.Kind,
                p.Id,
            });
            // Ids are never reused (AUTOINCREMENT): a kept response must not name another preset.
            preset.Property(p => p.Id).ValueGeneratedOnAdd();
            preset.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId).OnDelete(DeleteBehavior.Restrict);
        });

    private static void AddBulkChanges(ModelBuilder builder)
    {
        builder.Entity<BulkChange>(bulk =>
        {
            bulk.ToTable("bulk_changes").HasIndex(b => new { b.AccountId, b.Id });
            // Ids are never reused (AUTOINCREMENT): a client may still ask for an earlier one.
            bulk.Property(b => b.Id).ValueGeneratedOnAdd();
            bulk.HasOne<Account>().WithMany().HasForeignKey(b => b.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<BulkLinks>(links =>
        {
            links.ToTable("bulk_links").HasKey(l => l.BulkId);
            links.Property(l => l.BulkId).ValueGeneratedNever();
            links.HasOne<BulkChange>().WithMany().HasForeignKey(l => l.BulkId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<BulkFailure>(failure =>
        {
            failure.ToTable("bulk_failures").HasKey(f => new { f.BulkId, f.LinkId });
            failure.HasOne<BulkChange>().WithMany().HasForeignKey(f => f.BulkId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void AddDomainFiles(ModelBuilder builder) =>
        builder.Entity<DomainFile>(file =>
        {
            file.ToTable("domain_files").HasKey(f => new { f.DomainId, f.Name });
            file.HasOne<DomainRow>().WithMany().HasForeignKey(f => f.DomainId).OnDelete(DeleteBehavior.Cascade);
        });

    private static void AddDomainShares(ModelBuilder builder) =>
        builder.Entity<DomainShare>(share =>
        {
            share.ToTable("domain_shares").HasKey(s => new { s.DomainId, s.Key });
            share.HasIndex(s => s.AccountId);
            share.HasIndex(s => s.Key);
            share.HasOne<DomainRow>().WithMany().HasForeignKey(s => s.DomainId).OnDelete(DeleteBehavior.Cascade);
            // Before an account goes, its lines let go of it, so none goes with it.
            share.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        });

    // Links hold ids of projects, splash pages and domains without a foreign key: to add one, SQLite copies the whole table. The job that
    // deletes one changes the links.
    private static void AddResources(ModelBuilder builder)
    {
        builder.Entity<ProjectRow>(project =>
        {
            project.ToTable("projects").HasIndex(p => new { p.AccountId, p.Id });
            project.HasIndex(p => p.StatisticsKey).IsUnique().HasFilter("statistics_key IS NOT NULL");
            project.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<TagRow>(tag =>
        {
            // Ids are never reused (AUTOINCREMENT): links may still have a tag that was deleted.
            tag.ToTable("tags").Property(t => t.Id).ValueGeneratedOnAdd();
            tag.HasIndex(t => new { t.AccountId, t.NameKey }).IsUnique();
            tag.HasIndex(t => new { t.AccountId, t.Id });
            tag.Property(t => t.Links).HasDefaultValue(0L);
            tag.HasOne<Account>().WithMany().HasForeignKey(t => t.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<LinkTag>(linkTag =>
        {
            linkTag.ToTable("link_tags").HasKey(t => new { t.LinkId, t.TagId });
            linkTag.HasIndex(t => new { t.TagId, t.LinkId });
            linkTag.HasOne<LinkRow>().WithMany().HasForeignKey(t => t.LinkId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<PixelRow>(pixel =>
        {
            pixel.ToTable("pixels").HasIndex(p => new { p.AccountId, p.Id });
            pixel.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<LinkPixel>(linkPixel =>
        {
            linkPixel.ToTable("link_pixels").HasKey(t => new { t.LinkId, t.PixelId });
            linkPixel.HasIndex(t => t.PixelId);
            linkPixel.HasOne<LinkRow>().WithMany().HasForeignKey(t => t.LinkId).OnDelete(DeleteBehavior.Cascade);
            linkPixel.HasOne<PixelRow>().WithMany().HasForeignKey(t => t.PixelId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<SplashPageRow>(page =>
        {
            page.ToTable("splash_pages").HasIndex(p => new { p.AccountId, p.Id });
            page.HasOne<Account>().WithMany().HasForeignKey(p => p.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<DomainRow>(domain =>
        {
            domain.ToTable("domains");
            // Ids are never reused (AUTOINCREMENT): a plan that is still cached must not belong to a later domain.
            domain.Property(d => d.Id).ValueGeneratedOnAdd();
            domain.Property(d => d.IsCaseSensitive).HasDefaultValue(false);
            domain.HasIndex(d => new { d.AccountId, d.Host }).IsUnique();
            // One verified owner per host: the database enforces it, even for two requests at once.
            domain.HasIndex(d => d.Host).IsUnique().HasFilter("verified_at IS NOT NULL");
            domain.HasOne<Account>().WithMany().HasForeignKey(d => d.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
    }

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordStart();

    /// <summary>Only for the migrations tool, which never opens the file.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SignpostDb>
    {
        public SignpostDb CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SignpostDb>().UseSqlite("Data Source=design.db").Options);
    }
}
