using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class PublicStatisticsPage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "statistics_public_periods",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "statistics_public_shows",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "statistics_public_title",
                table: "links",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "statistics_public_periods",
                table: "links");

            migrationBuilder.DropColumn(
                name: "statistics_public_shows",
                table: "links");

            migrationBuilder.DropColumn(
                name: "statistics_public_title",
                table: "links");
        }
    }
}
