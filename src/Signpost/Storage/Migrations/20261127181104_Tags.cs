using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Tags : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "note",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "title",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "utm_content",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "utm_term",
                table: "links",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "link_tags",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "INTEGER", nullable: false),
                    tag_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_tags", x => new { x.link_id, x.tag_id });
                    table.ForeignKey(
                        name: "FK_link_tags_links_link_id",
                        column: x => x.link_id,
                        principalTable: "links",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tags",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    name_key = table.Column<string>(type: "TEXT", nullable: false),
                    color = table.Column<string>(type: "TEXT", nullable: false),
                    links = table.Column<long>(type: "INTEGER", nullable: false, defaultValue: 0L),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tags", x => x.id);
                    table.ForeignKey(
                        name: "FK_tags_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_link_tags_tag_id_link_id",
                table: "link_tags",
                columns: new[] { "tag_id", "link_id" });

            migrationBuilder.CreateIndex(
                name: "IX_tags_account_id_id",
                table: "tags",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_tags_account_id_name_key",
                table: "tags",
                columns: new[] { "account_id", "name_key" },
                unique: true);

            AddTexts(migrationBuilder);
            AddCounts(migrationBuilder);
        }

        // The triggers of FastLists, with two more texts. Links that are in the index already have neither.
        private static void AddTexts(MigrationBuilder builder) =>
            builder.Sql(
                """
                DROP TRIGGER links_indexed; DROP TRIGGER links_unindexed; DROP TRIGGER links_reindexed;

                CREATE TRIGGER links_indexed AFTER INSERT ON links BEGIN
                    INSERT INTO link_texts (rowid, grams) VALUES (NEW.id,
                        signpost_link_grams(NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent, NEW.title, NEW.note));
                END;

                CREATE TRIGGER links_unindexed AFTER DELETE ON links
                WHEN NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 9 AND subject >= OLD.id) BEGIN
                    INSERT INTO link_texts (link_texts, rowid, grams) VALUES ('delete', OLD.id,
                        signpost_link_grams(OLD.account_id, OLD.alias_key, OLD.location_url, OLD.location_sent, OLD.title, OLD.note));
                END;

                CREATE TRIGGER links_reindexed AFTER UPDATE OF account_id, alias_key, location_url, location_sent, title, note ON links
                WHEN (OLD.account_id <> NEW.account_id OR OLD.alias_key <> NEW.alias_key OR OLD.location_url <> NEW.location_url
                    OR OLD.location_sent IS NOT NEW.location_sent OR OLD.title IS NOT NEW.title
                    OR OLD.note IS NOT NEW.note)
                    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 9 AND subject >= OLD.id) BEGIN
                    INSERT INTO link_texts (link_texts, rowid, grams) VALUES ('delete', OLD.id,
                        signpost_link_grams(OLD.account_id, OLD.alias_key, OLD.location_url, OLD.location_sent, OLD.title, OLD.note));
                    INSERT INTO link_texts (rowid, grams) VALUES (NEW.id,
                        signpost_link_grams(NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent, NEW.title, NEW.note));
                END;
                """
            );

        // Only links in use count. The row of a deleted link is gone when its tags are deleted, so those of the trash are counted before.
        private static void AddCounts(MigrationBuilder builder) =>
            builder.Sql(
                """
                CREATE TRIGGER link_tags_counted AFTER INSERT ON link_tags
                WHEN EXISTS (SELECT 1 FROM links WHERE id = NEW.link_id AND deleted_at IS NULL) BEGIN
                    UPDATE tags SET links = links + 1 WHERE id = NEW.tag_id;
                END;

                CREATE TRIGGER link_tags_uncounted AFTER DELETE ON link_tags
                WHEN NOT EXISTS (SELECT 1 FROM links WHERE id = OLD.link_id AND deleted_at IS NOT NULL) BEGIN
                    UPDATE tags SET links = links - 1 WHERE id = OLD.tag_id;
                END;

                CREATE TRIGGER tags_trashed AFTER UPDATE OF deleted_at ON links
                WHEN (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) BEGIN
                    UPDATE tags SET links = links + iif(NEW.deleted_at IS NULL, 1, -1)
                    WHERE id IN (SELECT tag_id FROM link_tags WHERE link_id = NEW.id);
                END;

                CREATE TRIGGER tags_of_trash_deleted BEFORE DELETE ON links WHEN OLD.deleted_at IS NOT NULL BEGIN
                    UPDATE tags SET links = links + 1 WHERE id IN (SELECT tag_id FROM link_tags WHERE link_id = OLD.id);
                END;
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER links_indexed; DROP TRIGGER links_unindexed; DROP TRIGGER links_reindexed;
                DROP TRIGGER tags_trashed; DROP TRIGGER tags_of_trash_deleted;

                CREATE TRIGGER links_indexed AFTER INSERT ON links BEGIN
                    INSERT INTO link_texts (rowid, grams) VALUES (NEW.id,
                        signpost_link_grams(NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent));
                END;

                CREATE TRIGGER links_unindexed AFTER DELETE ON links
                WHEN NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 9 AND subject >= OLD.id) BEGIN
                    INSERT INTO link_texts (link_texts, rowid, grams) VALUES ('delete', OLD.id,
                        signpost_link_grams(OLD.account_id, OLD.alias_key, OLD.location_url, OLD.location_sent));
                END;

                CREATE TRIGGER links_reindexed AFTER UPDATE OF account_id, alias_key, location_url, location_sent ON links
                WHEN (OLD.account_id <> NEW.account_id OR OLD.alias_key <> NEW.alias_key OR OLD.location_url <> NEW.location_url
                    OR OLD.location_sent IS NOT NEW.location_sent)
                    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 9 AND subject >= OLD.id) BEGIN
                    INSERT INTO link_texts (link_texts, rowid, grams) VALUES ('delete', OLD.id,
                        signpost_link_grams(OLD.account_id, OLD.alias_key, OLD.location_url, OLD.location_sent));
                    INSERT INTO link_texts (rowid, grams) VALUES (NEW.id,
                        signpost_link_grams(NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent));
                END;
                """
            );

            migrationBuilder.DropTable(
                name: "link_tags");

            migrationBuilder.DropTable(
                name: "tags");

            migrationBuilder.DropColumn(
                name: "note",
                table: "links");

            migrationBuilder.DropColumn(
                name: "title",
                table: "links");

            migrationBuilder.DropColumn(
                name: "utm_content",
                table: "links");

            migrationBuilder.DropColumn(
                name: "utm_term",
                table: "links");
        }
    }
}
