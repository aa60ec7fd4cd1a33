using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class ActivityAndGuestIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_link_groups_domain_id_account_id",
                table: "link_groups",
                columns: new[] { "domain_id", "account_id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_actor_id_id",
                table: "audit_log",
                columns: new[] { "actor_id", "id" },
                filter: "actor_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_link_groups_domain_id_account_id",
                table: "link_groups");

            migrationBuilder.DropIndex(
                name: "IX_audit_log_actor_id_id",
                table: "audit_log");
        }
    }
}
