using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class AccountUsage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "last_active_at",
                table: "people",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "sign_ins",
                table: "people",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "kept_bytes",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "link_count",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "picture_bytes",
                table: "accounts",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            // Triggers count whatever stores, moves or deletes a row, so no code can forget it.
            Count(migrationBuilder, "links", "link_count", "1");
            Count(migrationBuilder, "files", "picture_bytes", "length({0}.content)");
            Count(migrationBuilder, "kept_answers", "kept_bytes", "length({0}.body) + length({0}.path)");
            migrationBuilder.Sql(
                """
                UPDATE people SET
                    sign_ins = (SELECT count(*) FROM audit_log a WHERE a.account_id = people.account_id AND a.event = 'signed_in'),
                    last_active_at = (SELECT max(at) FROM (
                        SELECT last_seen_at AS at FROM sessions s WHERE s.person_id = people.account_id
                        UNION ALL SELECT last_used_at FROM api_keys k WHERE k.account_id = people.account_id));
                """
            );
        }

        private static void Count(MigrationBuilder builder, string table, string column, string weight)
        {
            var (added, removed) = (weight.Replace("{0}", "NEW"), weight.Replace("{0}", "OLD"));
            var add = $"UPDATE accounts SET {column} = {column} + {added} WHERE id = NEW.account_id;";
            var remove = $"UPDATE accounts SET {column} = {column} - ({removed}) WHERE id = OLD.account_id;";
            builder.Sql(
                $"""
                UPDATE accounts SET {column} =
                    (SELECT coalesce(sum({weight.Replace("{0}", "t")}), 0) FROM {table} t WHERE t.account_id = accounts.id);
                CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN {add} END;
                CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN {remove} END;
                CREATE TRIGGER {table}_moved AFTER UPDATE OF account_id ON {table} BEGIN {remove} {add} END;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            foreach (var table in new[] { "links", "files", "kept_answers" })
                migrationBuilder.Sql(
                    $"DROP TRIGGER {table}_added; DROP TRIGGER {table}_removed; DROP TRIGGER {table}_moved;"
                );
            migrationBuilder.DropColumn(
                name: "last_active_at",
                table: "people");

            migrationBuilder.DropColumn(
                name: "sign_ins",
                table: "people");

            migrationBuilder.DropColumn(
                name: "kept_bytes",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "link_count",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "picture_bytes",
                table: "accounts");
        }
    }
}
