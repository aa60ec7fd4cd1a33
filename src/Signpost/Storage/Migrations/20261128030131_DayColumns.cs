using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class DayColumns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "day_columns",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_day_columns", x => new { x.id, x.number });
                });
            // The columns of earlier days are made with the rollups of domains, main domains and guests, as far back as clicks are kept.
            migrationBuilder.Sql(
                "INSERT INTO stale_rollups (id) SELECT id FROM rollups WHERE days = 1 AND (id >> 20) % 4 IN (2, 3) ON CONFLICT DO NOTHING"
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "day_columns");
        }
    }
}
