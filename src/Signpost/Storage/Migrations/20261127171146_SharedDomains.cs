using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class SharedDomains : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "is_blocked",
                table: "links",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_guest",
                table: "links",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "is_guest",
                table: "jobs",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "domain_shares",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "INTEGER", nullable: false),
                    key = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    account_id = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_domain_shares", x => new { x.domain_id, x.key });
                    table.ForeignKey(
                        name: "FK_domain_shares_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_domain_shares_domains_domain_id",
                        column: x => x.domain_id,
                        principalTable: "domains",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_links_domain_id_id_account_id",
                table: "links",
                columns: new[] { "domain_id", "id", "account_id" },
                filter: "is_guest");

            migrationBuilder.CreateIndex(
                name: "IX_links_guests_of_account",
                table: "links",
                columns: new[] { "account_id", "id" },
                filter: "is_guest");

            migrationBuilder.CreateIndex(
                name: "IX_domain_shares_account_id",
                table: "domain_shares",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "IX_domain_shares_key",
                table: "domain_shares",
                column: "key");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "domain_shares");

            migrationBuilder.DropIndex(
                name: "IX_links_domain_id_id_account_id",
                table: "links");

            migrationBuilder.DropIndex(
                name: "IX_links_guests_of_account",
                table: "links");

            migrationBuilder.DropColumn(
                name: "is_blocked",
                table: "links");

            migrationBuilder.DropColumn(
                name: "is_guest",
                table: "links");

            migrationBuilder.DropColumn(
                name: "is_guest",
                table: "jobs");
        }
    }
}
