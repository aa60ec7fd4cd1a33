using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class FastLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_links_account_id_id",
                table: "links");

            migrationBuilder.DropIndex(
                name: "IX_links_account_id_location_hash",
                table: "links");

            migrationBuilder.AddColumn<long>(
                name: "ranked_clicks",
                table: "links",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "link_groups",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    project_id = table.Column<long>(type: "INTEGER", nullable: false),
                    domain_id = table.Column<long>(type: "INTEGER", nullable: false),
                    is_enabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    links = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_groups", x => new { x.account_id, x.project_id, x.domain_id, x.is_enabled });
                });

            migrationBuilder.CreateTable(
                name: "unranked_links",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    links = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_unranked_links", x => x.id);
                });

            // Before the indexes, so that none of them is changed.
            migrationBuilder.Sql(
                """
                UPDATE links SET ranked_clicks = counts.count FROM link_counts AS counts
                WHERE counts.link_id = links.id AND counts.kind = 13
                """
            );

            migrationBuilder.CreateIndex(
                name: "links_by_alias",
                table: "links",
                columns: new[] { "account_id", "alias_key", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_clicks",
                table: "links",
                columns: new[] { "account_id", "ranked_clicks", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_creation",
                table: "links",
                columns: new[] { "account_id", "created_at", "id", "project_id", "domain_id", "is_enabled", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_destination",
                table: "links",
                columns: new[] { "account_id", "location_hash", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_domain",
                table: "links",
                columns: new[] { "account_id", "domain_id", "id", "project_id", "is_enabled", "created_at", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_edit",
                table: "links",
                columns: new[] { "account_id", "updated_at", "id", "project_id", "domain_id", "is_enabled", "created_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_id",
                table: "links",
                columns: new[] { "account_id", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_project",
                table: "links",
                columns: new[] { "account_id", "project_id", "id", "domain_id", "is_enabled", "created_at", "updated_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_state",
                table: "links",
                columns: new[] { "account_id", "is_enabled", "id", "project_id", "domain_id", "created_at", "updated_at" });

            AddGroups(migrationBuilder);
            AddTexts(migrationBuilder);
        }

        // Triggers see whatever stores, moves or deletes a link, so no code can forget it.
        private static void AddGroups(MigrationBuilder builder) =>
            builder.Sql(
                """
                INSERT INTO link_groups (account_id, project_id, domain_id, is_enabled, links)
                SELECT account_id, coalesce(project_id, 0), domain_id, is_enabled, count(*) FROM links GROUP BY 1, 2, 3, 4;

                CREATE TRIGGER links_grouped AFTER INSERT ON links BEGIN
                    INSERT INTO link_groups (account_id, project_id, domain_id, is_enabled, links)
                    VALUES (NEW.account_id, coalesce(NEW.project_id, 0), NEW.domain_id, NEW.is_enabled, 1)
                    ON CONFLICT DO UPDATE SET links = links + 1;
                END;

                CREATE TRIGGER links_ungrouped AFTER DELETE ON links BEGIN
                    UPDATE link_groups SET links = links - 1 WHERE account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                    DELETE FROM link_groups WHERE links = 0 AND account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                END;

                CREATE TRIGGER links_regrouped AFTER UPDATE OF account_id, project_id, domain_id, is_enabled ON links BEGIN
                    INSERT INTO link_groups (account_id, project_id, domain_id, is_enabled, links)
                    VALUES (NEW.account_id, coalesce(NEW.project_id, 0), NEW.domain_id, NEW.is_enabled, 1)
                    ON CONFLICT DO UPDATE SET links = links + 1;
                    UPDATE link_groups SET links = links - 1 WHERE account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                    DELETE FROM link_groups WHERE links = 0 AND account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                END;
                """
            );

        // The grams of a link are removed at once and not only marked (secure-delete). Links up to the subject of the job are not in
        // the index yet.
        private static void AddTexts(MigrationBuilder builder) =>
            builder.Sql(
                """
                CREATE VIRTUAL TABLE link_texts USING fts5(grams, content='', columnsize=0, detail=none, tokenize='ascii');
                INSERT INTO link_texts (link_texts, rank) VALUES ('secure-delete', 1);
                INSERT INTO jobs (kind, subject, account_id, domain_id)
                SELECT 9, max(id), 0, 0 FROM links HAVING max(id) IS NOT NULL;

                CREATE TRIGGER links_indexed AFTER INSERT ON links BEGIN
                    INSERT INTO link_texts (rowid, grams)
                    VALUES (NEW.id, signpost_link_grams(NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent));
                END;

                CREATE TRIGGER links_unindexed AFTER DELETE ON links
                WHEN NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 9 AND subject >= OLD.id) BEGIN
                    INSERT INTO link_texts (link_texts, rowid, grams)
                    VALUES ('delete', OLD.id,
                        signpost_link_grams(OLD.account_id, OLD.alias_key, OLD.location_url, OLD.location_sent));
                END;

                CREATE TRIGGER links_reindexed AFTER UPDATE OF account_id, alias_key, location_url, location_sent ON links
                WHEN (OLD.account_id <> NEW.account_id OR OLD.alias_key <> NEW.alias_key OR OLD.location_url <> NEW.location_url
                    OR OLD.location_sent IS NOT NEW.location_sent)
                    AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = 9 AND subject >= OLD.id) BEGIN
                    INSERT INTO link_texts (link_texts, rowid, grams)
                    VALUES ('delete', OLD.id,
                        signpost_link_grams(OLD.account_id, OLD.alias_key, OLD.location_url, OLD.location_sent));
                    INSERT INTO link_texts (rowid, grams)
                    VALUES (NEW.id, signpost_link_grams(NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent));
                END;
                """
            );

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                DROP TRIGGER links_grouped; DROP TRIGGER links_ungrouped; DROP TRIGGER links_regrouped;
                DROP TRIGGER links_indexed; DROP TRIGGER links_unindexed; DROP TRIGGER links_reindexed;
                DROP TABLE link_texts; DELETE FROM jobs WHERE kind = 9;
                """
            );

            migrationBuilder.DropTable(
                name: "link_groups");

            migrationBuilder.DropTable(
                name: "unranked_links");

            migrationBuilder.DropIndex(
                name: "links_by_alias",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_clicks",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_creation",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_destination",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_domain",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_edit",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_id",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_project",
                table: "links");

            migrationBuilder.DropIndex(
                name: "links_by_state",
                table: "links");

            migrationBuilder.DropColumn(
                name: "ranked_clicks",
                table: "links");

            migrationBuilder.CreateIndex(
                name: "IX_links_account_id_id",
                table: "links",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_links_account_id_location_hash",
                table: "links",
                columns: new[] { "account_id", "location_hash" });
        }
    }
}
