using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class SentAddresses : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "expiration_sent",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "location_hash",
                table: "links",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "location_sent",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "former_destinations",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    replaced_at = table.Column<long>(type: "INTEGER", nullable: false),
                    location_url = table.Column<string>(type: "TEXT", nullable: false),
                    targeting = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_former_destinations", x => new { x.link_id, x.version });
                    table.ForeignKey(
                        name: "FK_former_destinations_links_link_id",
                        column: x => x.link_id,
                        principalTable: "links",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.Sql($"UPDATE links SET location_hash = {AddressHash.Sql}(location_url)");

            migrationBuilder.CreateIndex(
                name: "IX_links_account_id_location_hash",
                table: "links",
                columns: new[] { "account_id", "location_hash" });

            migrationBuilder.CreateIndex(
                name: "IX_former_destinations_replaced_at",
                table: "former_destinations",
                column: "replaced_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "former_destinations");

            migrationBuilder.DropIndex(
                name: "IX_links_account_id_location_hash",
                table: "links");

            migrationBuilder.DropColumn(
                name: "expiration_sent",
                table: "links");

            migrationBuilder.DropColumn(
                name: "location_hash",
                table: "links");

            migrationBuilder.DropColumn(
                name: "location_sent",
                table: "links");
        }
    }
}
