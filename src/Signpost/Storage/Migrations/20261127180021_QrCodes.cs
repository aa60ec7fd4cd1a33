using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class QrCodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "qr_codes",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    secret = table.Column<string>(type: "TEXT", nullable: false),
                    link_id = table.Column<long>(type: "INTEGER", nullable: true),
                    url = table.Column<string>(type: "TEXT", nullable: true),
                    size = table.Column<int>(type: "INTEGER", nullable: false),
                    margin = table.Column<int>(type: "INTEGER", nullable: false),
                    error_correction = table.Column<string>(type: "TEXT", nullable: false),
                    foreground = table.Column<string>(type: "TEXT", nullable: false),
                    background = table.Column<string>(type: "TEXT", nullable: false),
                    style = table.Column<string>(type: "TEXT", nullable: false),
                    logo_id = table.Column<long>(type: "INTEGER", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_qr_codes", x => x.id);
                    table.ForeignKey(
                        name: "FK_qr_codes_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "qr_logos",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    file = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_qr_logos", x => x.id);
                    table.ForeignKey(
                        name: "FK_qr_logos_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_qr_codes_account_id_id",
                table: "qr_codes",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_qr_codes_link_id",
                table: "qr_codes",
                column: "link_id",
                filter: "link_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_qr_codes_secret",
                table: "qr_codes",
                column: "secret",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_qr_logos_account_id_id",
                table: "qr_logos",
                columns: new[] { "account_id", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "qr_codes");

            migrationBuilder.DropTable(
                name: "qr_logos");
        }
    }
}
