using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Signpost.Storage.Postgres;

/// <summary>The same tables on PostgreSQL, with migrations of their own.</summary>
internal sealed class PostgresDb(DbContextOptions<SignpostDb> options) : SignpostDb(options)
{
    // As in SQLite, texts are in the order of their bytes.
    private const string ByBytes = "C";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // PostgreSQL 15 has no columns that are computed when they are read.
        builder.Entity<LinkRow>().Property<long?>(LinkFlags.Column).HasComputedColumnSql(LinkFlags.Sql, stored: true);
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
            if (property.ClrType == typeof(string))
                property.SetCollation(ByBytes);
    }

    /// <summary>Only for the migrations tool, which never connects.</summary>
    internal sealed class ForMigrations : IDesignTimeDbContextFactory<PostgresDb>
    {
        public PostgresDb CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SignpostDb>().UseNpgsql("Host=design").Options);
    }
}
