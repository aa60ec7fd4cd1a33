using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class SplashPages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "splash_page_id",
                table: "links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "splash_pages",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    title = table.Column<string>(type: "TEXT", nullable: true),
                    description = table.Column<string>(type: "TEXT", nullable: true),
                    link_unlock_seconds = table.Column<int>(type: "INTEGER", nullable: false),
                    link_unlock_button = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_splash_pages", x => x.id);
                    table.ForeignKey(
                        name: "FK_splash_pages_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_links_splash_page_id_id",
                table: "links",
                columns: new[] { "splash_page_id", "id" },
                filter: "splash_page_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_splash_pages_account_id_id",
                table: "splash_pages",
                columns: new[] { "account_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "splash_pages");

            migrationBuilder.DropIndex(
                name: "IX_links_splash_page_id_id",
                table: "links");

            migrationBuilder.DropColumn(
                name: "splash_page_id",
                table: "links");
        }
    }
}
