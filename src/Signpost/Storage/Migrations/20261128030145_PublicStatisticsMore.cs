using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class PublicStatisticsMore : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "statistics_key",
                table: "projects",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "statistics_public_logo",
                table: "links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "statistics_public_password_hash",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_projects_statistics_key",
                table: "projects",
                column: "statistics_key",
                unique: true,
                filter: "statistics_key IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_projects_statistics_key",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "statistics_key",
                table: "projects");

            migrationBuilder.DropColumn(
                name: "statistics_public_logo",
                table: "links");

            migrationBuilder.DropColumn(
                name: "statistics_public_password_hash",
                table: "links");
        }
    }
}
