using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class Trash : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
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

            migrationBuilder.AddColumn<long>(
                name: "deleted_at",
                table: "links",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_links_account_id_deleted_at_id",
                table: "links",
                columns: new[] { "account_id", "deleted_at", "id" },
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_links_deleted_at",
                table: "links",
                column: "deleted_at",
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "links_by_alias",
                table: "links",
                columns: new[] { "account_id", "alias_key", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_clicks",
                table: "links",
                columns: new[] { "account_id", "ranked_clicks", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_creation",
                table: "links",
                columns: new[] { "account_id", "created_at", "id", "project_id", "domain_id", "is_enabled", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_destination",
                table: "links",
                columns: new[] { "account_id", "location_hash", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_domain",
                table: "links",
                columns: new[] { "account_id", "domain_id", "id", "project_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_edit",
                table: "links",
                columns: new[] { "account_id", "updated_at", "id", "project_id", "domain_id", "is_enabled", "created_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_id",
                table: "links",
                columns: new[] { "account_id", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_project",
                table: "links",
                columns: new[] { "account_id", "project_id", "id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_state",
                table: "links",
                columns: new[] { "account_id", "is_enabled", "id", "project_id", "domain_id", "created_at", "updated_at", "deleted_at" });

            // Only links in use count.
            migrationBuilder.Sql(
                """
                DROP TRIGGER links_grouped;
                DROP TRIGGER links_ungrouped;
                DROP TRIGGER links_regrouped;

                CREATE TRIGGER links_grouped AFTER INSERT ON links WHEN NEW.deleted_at IS NULL BEGIN
                    INSERT INTO link_groups (account_id, project_id, domain_id, is_enabled, links)
                    VALUES (NEW.account_id, coalesce(NEW.project_id, 0), NEW.domain_id, NEW.is_enabled, 1)
                    ON CONFLICT DO UPDATE SET links = links + 1;
                END;

                CREATE TRIGGER links_ungrouped AFTER DELETE ON links WHEN OLD.deleted_at IS NULL BEGIN
                    UPDATE link_groups SET links = links - 1 WHERE account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                    DELETE FROM link_groups WHERE links = 0 AND account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                END;

                CREATE TRIGGER links_regrouped AFTER UPDATE OF account_id, project_id, domain_id, is_enabled, deleted_at ON links
                WHEN NEW.deleted_at IS NULL BEGIN
                    INSERT INTO link_groups (account_id, project_id, domain_id, is_enabled, links)
                    VALUES (NEW.account_id, coalesce(NEW.project_id, 0), NEW.domain_id, NEW.is_enabled, 1)
                    ON CONFLICT DO UPDATE SET links = links + 1;
                END;

                CREATE TRIGGER links_regrouped_from AFTER UPDATE OF account_id, project_id, domain_id, is_enabled, deleted_at ON links
                WHEN OLD.deleted_at IS NULL BEGIN
                    UPDATE link_groups SET links = links - 1 WHERE account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                    DELETE FROM link_groups WHERE links = 0 AND account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                END;
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // The schema before has no trash: its links become disabled ones.
            migrationBuilder.Sql(
                """
                UPDATE links SET is_enabled = false WHERE deleted_at IS NOT NULL;
                UPDATE links SET deleted_at = NULL WHERE deleted_at IS NOT NULL;
                DROP TRIGGER links_grouped; DROP TRIGGER links_ungrouped;
                DROP TRIGGER links_regrouped; DROP TRIGGER links_regrouped_from;

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

            migrationBuilder.DropIndex(
                name: "IX_links_account_id_deleted_at_id",
                table: "links");

            migrationBuilder.DropIndex(
                name: "IX_links_deleted_at",
                table: "links");

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
                name: "deleted_at",
                table: "links");

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
        }
    }
}
