using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class PublicProjectTitles : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "statistics_public_title",
                table: "projects",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_kind_is_guest_domain_id_account_id",
                table: "jobs",
                columns: new[] { "kind", "is_guest", "domain_id", "account_id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_jobs_kind_is_guest_domain_id_account_id",
                table: "jobs");

            migrationBuilder.DropColumn(
                name: "statistics_public_title",
                table: "projects");
        }
    }
}
