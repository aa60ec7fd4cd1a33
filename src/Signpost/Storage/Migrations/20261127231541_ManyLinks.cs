using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class ManyLinks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "links_by_alias",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_clicks",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_creation",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_destination",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_domain",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_edit",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_id",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_project",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_state",
                table: "links");

            migrationBuilder.AddColumn<long>(
                name: "person_id",
                table: "bulk_changes",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "flags",
                table: "links",
                type: "INTEGER",
                nullable: true,
                computedColumnSql: "nullif(CASE WHEN targeting_type IS NULL THEN 0 ELSE 1 END + CASE WHEN password_hash IS NULL THEN 0 ELSE 2 END\n    + CASE WHEN schedule THEN 4 ELSE 0 END + CASE WHEN clicks_limit IS NULL THEN 0 ELSE 8 END\n    + CASE WHEN sensitive_content THEN 16 ELSE 0 END + CASE WHEN cloaking_is_enabled THEN 32 ELSE 0 END, 0)",
                stored: false);

            migrationBuilder.CreateIndex(
                name: "links_by_alias",
                table: "links",
                columns: new[] { "account_id", "alias_key", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_clicks",
                table: "links",
                columns: new[] { "account_id", "ranked_clicks", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_creation",
                table: "links",
                columns: new[] { "account_id", "created_at", "id", "project_id", "domain_id", "is_enabled", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_destination",
                table: "links",
                columns: new[] { "account_id", "location_hash", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_domain",
                table: "links",
                columns: new[] { "account_id", "domain_id", "id", "project_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_edit",
                table: "links",
                columns: new[] { "account_id", "updated_at", "id", "project_id", "domain_id", "is_enabled", "created_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_end",
                table: "links",
                columns: new[] { "account_id", "end_at", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags" },
                filter: "end_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "links_by_flags",
                table: "links",
                columns: new[] { "account_id", "flags", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "end_at" },
                filter: "flags IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "links_by_id",
                table: "links",
                columns: new[] { "account_id", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_project",
                table: "links",
                columns: new[] { "account_id", "project_id", "id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_state",
                table: "links",
                columns: new[] { "account_id", "is_enabled", "id", "project_id", "domain_id", "created_at", "updated_at", "deleted_at", "flags", "end_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "links_by_alias",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_clicks",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_creation",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_destination",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_domain",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_edit",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_end",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_flags",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_id",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_project",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_state",
                table: "links");

            migrationBuilder.DropColumn(
                name: "flags",
                table: "links");

            migrationBuilder.DropColumn(
                name: "person_id",
                table: "bulk_changes");

            migrationBuilder.CreateIndex(
                name: "links_by_alias",
                table: "links",
                columns: new[] { "account_id", "alias_key", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_clicks",
                table: "links",
                columns: new[] { "account_id", "ranked_clicks", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_creation",
                table: "links",
                columns: new[] { "account_id", "created_at", "id", "project_id", "domain_id", "is_enabled", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_destination",
                table: "links",
                columns: new[] { "account_id", "location_hash", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_domain",
                table: "links",
                columns: new[] { "account_id", "domain_id", "id", "project_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_edit",
                table: "links",
                columns: new[] { "account_id", "updated_at", "id", "project_id", "domain_id", "is_enabled", "created_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_id",
                table: "links",
                columns: new[] { "account_id", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_project",
                table: "links",
                columns: new[] { "account_id", "project_id", "id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_state",
                table: "links",
                columns: new[] { "account_id", "is_enabled", "id", "project_id", "domain_id", "created_at", "updated_at", "deleted_at" });
        }
    }
}
