using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Statistics : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "statistics_is_public",
                table: "links",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "click_blocks",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    count = table.Column<int>(type: "INTEGER", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_blocks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "click_chunks",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    first_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_at = table.Column<long>(type: "INTEGER", nullable: false),
                    first_ordinal = table.Column<long>(type: "INTEGER", nullable: false),
                    count = table.Column<int>(type: "INTEGER", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_chunks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "click_days",
                columns: table => new
                {
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    revision = table.Column<int>(type: "INTEGER", nullable: false),
                    rolled_revision = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_days", x => x.day);
                });

            migrationBuilder.CreateTable(
                name: "click_folds",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    through_block = table.Column<long>(type: "INTEGER", nullable: false),
                    next_link = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_folds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "orphan_visits",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "INTEGER", nullable: false),
                    day = table.Column<int>(type: "INTEGER", nullable: false),
                    alias = table.Column<string>(type: "TEXT", nullable: false),
                    count = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orphan_visits", x => new { x.domain_id, x.day, x.alias });
                });

            migrationBuilder.CreateTable(
                name: "rollups",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    days = table.Column<int>(type: "INTEGER", nullable: false),
                    totals = table.Column<byte[]>(type: "BLOB", nullable: false),
                    quarters = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "stale_rollups",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stale_rollups", x => x.id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "click_blocks");

            migrationBuilder.DropTable(
                name: "click_chunks");

            migrationBuilder.DropTable(
                name: "click_days");

            migrationBuilder.DropTable(
                name: "click_folds");

            migrationBuilder.DropTable(
                name: "orphan_visits");

            migrationBuilder.DropTable(
                name: "rollups");

            migrationBuilder.DropTable(
                name: "stale_rollups");

            migrationBuilder.DropColumn(
                name: "statistics_is_public",
                table: "links");
        }
    }
}
