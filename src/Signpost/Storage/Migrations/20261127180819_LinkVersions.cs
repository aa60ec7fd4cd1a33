using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class LinkVersions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "kept_until",
                table: "files",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "link_versions",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "INTEGER", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    source = table.Column<int>(type: "INTEGER", nullable: false),
                    person_id = table.Column<long>(type: "INTEGER", nullable: true),
                    key_id = table.Column<long>(type: "INTEGER", nullable: true),
                    fields = table.Column<string>(type: "TEXT", nullable: false),
                    before = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_versions", x => new { x.link_id, x.version });
                    table.ForeignKey(
                        name: "FK_link_versions_links_link_id",
                        column: x => x.link_id,
                        principalTable: "links",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_files_account_id_kept_until",
                table: "files",
                columns: new[] { "account_id", "kept_until" },
                filter: "kept_until IS NOT NULL");

            // Pictures that only former versions name do not count.
            migrationBuilder.Sql(
                """
                DROP TRIGGER files_added;
                DROP TRIGGER files_removed;
                DROP TRIGGER files_moved;
                CREATE TRIGGER files_added AFTER INSERT ON files BEGIN
                    UPDATE accounts SET picture_bytes = picture_bytes + length(NEW.content)
                    WHERE id = NEW.account_id AND NEW.kept_until IS NULL;
                END;
                CREATE TRIGGER files_removed AFTER DELETE ON files BEGIN
                    UPDATE accounts SET picture_bytes = picture_bytes - length(OLD.content)
                    WHERE id = OLD.account_id AND OLD.kept_until IS NULL;
                END;
                CREATE TRIGGER files_moved AFTER UPDATE OF account_id, kept_until ON files BEGIN
                    UPDATE accounts SET picture_bytes = picture_bytes - length(OLD.content)
                    WHERE id = OLD.account_id AND OLD.kept_until IS NULL;
                    UPDATE accounts SET picture_bytes = picture_bytes + length(NEW.content)
                    WHERE id = NEW.account_id AND NEW.kept_until IS NULL;
                END;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DELETE FROM files WHERE kept_until IS NOT NULL;");
            migrationBuilder.Sql(
                """
                DROP TRIGGER files_added;
                DROP TRIGGER files_removed;
                DROP TRIGGER files_moved;
                CREATE TRIGGER files_added AFTER INSERT ON files BEGIN
                    UPDATE accounts SET picture_bytes = picture_bytes + length(NEW.content) WHERE id = NEW.account_id;
                END;
                CREATE TRIGGER files_removed AFTER DELETE ON files BEGIN
                    UPDATE accounts SET picture_bytes = picture_bytes - length(OLD.content) WHERE id = OLD.account_id;
                END;
                CREATE TRIGGER files_moved AFTER UPDATE OF account_id ON files BEGIN
                    UPDATE accounts SET picture_bytes = picture_bytes - length(OLD.content) WHERE id = OLD.account_id;
                    UPDATE accounts SET picture_bytes = picture_bytes + length(NEW.content) WHERE id = NEW.account_id;
                END;
                """
            );
            migrationBuilder.DropTable(
                name: "link_versions");

            migrationBuilder.DropIndex(
                name: "IX_files_account_id_kept_until",
                table: "files");

            migrationBuilder.DropColumn(
                name: "kept_until",
                table: "files");
        }
    }
}
