using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Jobs : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    kind = table.Column<int>(type: "INTEGER", nullable: false),
                    subject = table.Column<long>(type: "INTEGER", nullable: false),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    project_id = table.Column<long>(type: "INTEGER", nullable: true),
                    domain_id = table.Column<long>(type: "INTEGER", nullable: false),
                    heir_id = table.Column<long>(type: "INTEGER", nullable: true),
                    cursor = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_jobs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "reserved_aliases",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "INTEGER", nullable: false),
                    alias_key = table.Column<string>(type: "TEXT", nullable: false),
                    job_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reserved_aliases", x => new { x.domain_id, x.alias_key });
                });

            migrationBuilder.CreateIndex(
                name: "IX_links_cloaking_favicon",
                table: "links",
                column: "cloaking_favicon",
                filter: "cloaking_favicon IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_links_cloaking_opengraph",
                table: "links",
                column: "cloaking_opengraph",
                filter: "cloaking_opengraph IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_kind_subject",
                table: "jobs",
                columns: new[] { "kind", "subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_reserved_aliases_job_id",
                table: "reserved_aliases",
                column: "job_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "jobs");

            migrationBuilder.DropTable(
                name: "reserved_aliases");

            migrationBuilder.DropIndex(
                name: "IX_links_cloaking_favicon",
                table: "links");

            migrationBuilder.DropIndex(
                name: "IX_links_cloaking_opengraph",
                table: "links");
        }
    }
}
