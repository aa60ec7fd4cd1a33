using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Signpost.Storage;

/// <summary>
/// The tables. Made by <see cref="Database"/> only, which decides over which connection: read-only, or the one that writes.
/// </summary>
internal sealed partial class SignpostDb(DbContextOptions<SignpostDb> options)
    : IdentityDbContext<Account, IdentityRole<long>, long>(options)
{
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();
    public DbSet<LinkRow> Links => Set<LinkRow>();
    public DbSet<LinkCount> LinkCounts => Set<LinkCount>();
    public DbSet<PairCount> PairCounts => Set<PairCount>();
    public DbSet<RetiredAlias> RetiredAliases => Set<RetiredAlias>();
    public DbSet<StoredFile> Files => Set<StoredFile>();
    public DbSet<JournalRow> JournalPositions => Set<JournalRow>();
    public DbSet<KeptAnswer> KeptAnswers => Set<KeptAnswer>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);

        builder.Entity<Account>().ToTable("accounts");
        builder.Entity<IdentityRole<long>>().ToTable("roles");
        builder.Entity<IdentityUserRole<long>>().ToTable("account_roles");
        builder.Entity<IdentityUserClaim<long>>().ToTable("account_claims");
        builder.Entity<IdentityUserLogin<long>>().ToTable("account_logins");
        builder.Entity<IdentityUserToken<long>>().ToTable("account_tokens");
        builder.Entity<IdentityRoleClaim<long>>().ToTable("role_claims");

        // One e-mail, one account: the database says so too, whatever raced.
        builder.Entity<Account>().HasIndex(account => account.NormalizedEmail).IsUnique();

        builder.Entity<ApiKey>(key =>
        {
            key.ToTable("api_keys");
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasOne<Account>().WithMany().HasForeignKey(k => k.AccountId).OnDelete(DeleteBehavior.Cascade);
            // For the keys that were there before keys had scopes.
            key.Property(k => k.Scopes).HasDefaultValue("*");
        });
        builder.Entity<Account>().Property(account => account.Language).HasDefaultValue("en");
        builder.Entity<Session>(session =>
        {
            session.ToTable("sessions");
            session.HasIndex(s => s.Hash).IsUnique();
            session.HasIndex(s => s.CreatedAt);
            session.HasOne<Account>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        });
        builder.Entity<AuditEntry>(entry =>
        {
            entry.ToTable("audit_log");
            entry.HasIndex(e => new { e.AccountId, e.Id });
            entry.HasIndex(e => e.At);
        });
        builder.Entity<ProtectionKey>().ToTable("protection_keys");
        builder.Entity<LinkRow>(link =>
        {
            link.ToTable("links");
            // Ids are never given twice (AUTOINCREMENT): a click still in the journal must not fall to a later link.
            link.Property(l => l.Id).ValueGeneratedOnAdd();
            link.HasIndex(l => new { l.DomainId, l.AliasKey }).IsUnique();
            link.HasIndex(l => new { l.AccountId, l.Id });
            link.HasOne<Account>().WithMany().HasForeignKey(l => l.AccountId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<LinkCount>().ToTable("link_counts").HasKey(count => new { count.LinkId, count.Kind });
        builder
            .Entity<PairCount>()
            .ToTable("pair_counts")
            .HasKey(count => new
            {
                count.LinkId,
                count.LinkVersion,
                count.Targeting,
                count.Pair,
            });
        builder.Entity<RetiredAlias>(alias =>
        {
            alias.ToTable("retired_aliases").HasKey(a => new { a.DomainId, a.AliasKey });
            alias.HasIndex(a => a.Until);
        });
        builder.Entity<StoredFile>(file =>
        {
            file.ToTable("files").HasKey(f => f.Name);
            file.HasIndex(f => f.LinkId);
        });
        builder.Entity<JournalRow>().ToTable("journal_positions").HasKey(row => row.JournalId);
        builder.Entity<KeptAnswer>(answer =>
        {
            answer.ToTable("kept_answers").HasKey(a => new { a.AccountId, a.Key });
            answer.HasIndex(a => a.CreatedAt);
        });

        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
            property.SetColumnName(WordStart().Replace(property.Name, "_$0").ToLowerInvariant());
    }

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordStart();

    /// <summary>For the migrations tool only: it never opens the file.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SignpostDb>
    {
        public SignpostDb CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SignpostDb>().UseSqlite("Data Source=design.db").Options);
    }
}
