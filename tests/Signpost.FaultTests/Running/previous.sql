CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "accounts" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_accounts" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL DEFAULT '',
    "time_zone" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL
);

CREATE TABLE "audit_log" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_audit_log" PRIMARY KEY AUTOINCREMENT,
    "at" INTEGER NOT NULL,
    "event" TEXT NOT NULL,
    "account_id" INTEGER NULL,
    "actor_id" INTEGER NULL,
    "detail" TEXT NULL,
    "network" TEXT NULL
);

CREATE TABLE "click_blocks" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_click_blocks" PRIMARY KEY AUTOINCREMENT,
    "count" INTEGER NOT NULL,
    "data" BLOB NOT NULL
);

CREATE TABLE "click_chunks" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_click_chunks" PRIMARY KEY,
    "first_at" INTEGER NOT NULL,
    "last_at" INTEGER NOT NULL,
    "first_ordinal" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    "data" BLOB NOT NULL
);

CREATE TABLE "click_days" (
    "day" INTEGER NOT NULL CONSTRAINT "PK_click_days" PRIMARY KEY,
    "revision" INTEGER NOT NULL,
    "rolled_revision" INTEGER NOT NULL
);

CREATE TABLE "click_folds" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_click_folds" PRIMARY KEY,
    "through_block" INTEGER NOT NULL,
    "next_link" INTEGER NOT NULL
);

CREATE TABLE "files" (
    "name" TEXT NOT NULL CONSTRAINT "PK_files" PRIMARY KEY,
    "account_id" INTEGER NOT NULL,
    "link_id" INTEGER NOT NULL,
    "content_type" TEXT NOT NULL,
    "content" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL
);

CREATE TABLE "jobs" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_jobs" PRIMARY KEY AUTOINCREMENT,
    "kind" INTEGER NOT NULL,
    "subject" INTEGER NOT NULL,
    "account_id" INTEGER NOT NULL,
    "project_id" INTEGER NULL,
    "domain_id" INTEGER NOT NULL,
    "heir_id" INTEGER NULL,
    "cursor" TEXT NULL
);

CREATE TABLE "journal_positions" (
    "journal_id" TEXT NOT NULL CONSTRAINT "PK_journal_positions" PRIMARY KEY,
    "segment" INTEGER NOT NULL,
    "offset" INTEGER NOT NULL
);

CREATE TABLE "kept_answers" (
    "account_id" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "meaning" BLOB NOT NULL,
    "status" INTEGER NOT NULL,
    "body" BLOB NOT NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "PK_kept_answers" PRIMARY KEY ("account_id", "key")
);

CREATE TABLE "link_counts" (
    "link_id" INTEGER NOT NULL,
    "kind" INTEGER NOT NULL,
    "count" INTEGER NOT NULL,
    CONSTRAINT "PK_link_counts" PRIMARY KEY ("link_id", "kind")
);

CREATE TABLE "orphan_visits" (
    "domain_id" INTEGER NOT NULL,
    "day" INTEGER NOT NULL,
    "alias" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    CONSTRAINT "PK_orphan_visits" PRIMARY KEY ("domain_id", "day", "alias")
);

CREATE TABLE "protection_keys" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_protection_keys" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "xml" TEXT NOT NULL
);

CREATE TABLE "reserved_aliases" (
    "domain_id" INTEGER NOT NULL,
    "alias_key" TEXT NOT NULL,
    "job_id" INTEGER NOT NULL,
    CONSTRAINT "PK_reserved_aliases" PRIMARY KEY ("domain_id", "alias_key")
);

CREATE TABLE "retired_aliases" (
    "domain_id" INTEGER NOT NULL,
    "alias_key" TEXT NOT NULL,
    "account_id" INTEGER NOT NULL,
    "until" INTEGER NOT NULL,
    CONSTRAINT "PK_retired_aliases" PRIMARY KEY ("domain_id", "alias_key")
);

CREATE TABLE "rollups" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_rollups" PRIMARY KEY,
    "days" INTEGER NOT NULL,
    "totals" BLOB NOT NULL,
    "quarters" BLOB NOT NULL
);

CREATE TABLE "secrets" (
    "name" TEXT NOT NULL CONSTRAINT "PK_secrets" PRIMARY KEY,
    "value" BLOB NOT NULL
);

CREATE TABLE "stale_rollups" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_stale_rollups" PRIMARY KEY
);

CREATE TABLE "api_keys" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_api_keys" PRIMARY KEY AUTOINCREMENT,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" BLOB NOT NULL,
    "is_from_settings" INTEGER NOT NULL,
    "scopes" TEXT NOT NULL DEFAULT '*',
    "expires_at" INTEGER NULL,
    "last_used_at" INTEGER NULL,
    "created_at" INTEGER NOT NULL,
    CONSTRAINT "FK_api_keys_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "domains" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_domains" PRIMARY KEY AUTOINCREMENT,
    "account_id" INTEGER NOT NULL,
    "scheme" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "custom_index_url" TEXT NULL,
    "custom_not_found_url" TEXT NULL,
    "is_enabled" INTEGER NOT NULL,
    "token" TEXT NOT NULL,
    "verified_at" INTEGER NULL,
    "checked_at" INTEGER NULL,
    "failed_checks" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "FK_domains_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
);

CREATE TABLE "links" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_links" PRIMARY KEY AUTOINCREMENT,
    "account_id" INTEGER NOT NULL,
    "project_id" INTEGER NULL,
    "domain_id" INTEGER NOT NULL,
    "alias" TEXT NOT NULL,
    "alias_key" TEXT NOT NULL,
    "location_url" TEXT NOT NULL,
    "is_enabled" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "schedule" INTEGER NOT NULL,
    "start_at" INTEGER NULL,
    "end_at" INTEGER NULL,
    "clicks_limit" INTEGER NULL,
    "expiration_url" TEXT NULL,
    "http_status_code" INTEGER NOT NULL,
    "password_hash" TEXT NULL,
    "sensitive_content" INTEGER NOT NULL,
    "app_linking_is_enabled" INTEGER NOT NULL,
    "cloaking_is_enabled" INTEGER NOT NULL,
    "cloaking_title" TEXT NULL,
    "cloaking_meta_description" TEXT NULL,
    "cloaking_custom_js" TEXT NULL,
    "cloaking_favicon" TEXT NULL,
    "cloaking_opengraph" TEXT NULL,
    "forward_query_parameters_is_enabled" INTEGER NOT NULL,
    "utm_source" TEXT NULL,
    "utm_medium" TEXT NULL,
    "utm_campaign" TEXT NULL,
    "targeting_type" TEXT NULL,
    "targeting" TEXT NULL,
    "statistics_is_public" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "FK_links_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
);

CREATE TABLE "people" (
    "account_id" INTEGER NOT NULL CONSTRAINT "PK_people" PRIMARY KEY,
    "language" TEXT NOT NULL DEFAULT 'en',
    "is_admin" INTEGER NOT NULL,
    "is_disabled" INTEGER NOT NULL,
    "email" TEXT NOT NULL,
    "normalized_email" TEXT NOT NULL,
    "password_hash" TEXT NULL,
    "security_stamp" TEXT NOT NULL,
    "two_factor_enabled" INTEGER NOT NULL,
    CONSTRAINT "FK_people_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE CASCADE
);

CREATE TABLE "pixels" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_pixels" PRIMARY KEY AUTOINCREMENT,
    "account_id" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "pixel" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "FK_pixels_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
);

CREATE TABLE "projects" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_projects" PRIMARY KEY AUTOINCREMENT,
    "account_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "color" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "updated_at" INTEGER NOT NULL,
    CONSTRAINT "FK_projects_accounts_account_id" FOREIGN KEY ("account_id") REFERENCES "accounts" ("id") ON DELETE RESTRICT
);

CREATE TABLE "person_tokens" (
    "person_id" INTEGER NOT NULL,
    "login_provider" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "value" TEXT NULL,
    CONSTRAINT "PK_person_tokens" PRIMARY KEY ("person_id", "login_provider", "name"),
    CONSTRAINT "FK_person_tokens_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("account_id") ON DELETE CASCADE
);

CREATE TABLE "sessions" (
    "id" INTEGER NOT NULL CONSTRAINT "PK_sessions" PRIMARY KEY AUTOINCREMENT,
    "person_id" INTEGER NOT NULL,
    "hash" BLOB NOT NULL,
    "security_stamp" TEXT NOT NULL,
    "created_at" INTEGER NOT NULL,
    "last_seen_at" INTEGER NOT NULL,
    "device" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    CONSTRAINT "FK_sessions_people_person_id" FOREIGN KEY ("person_id") REFERENCES "people" ("account_id") ON DELETE CASCADE
);

CREATE TABLE "link_pixels" (
    "link_id" INTEGER NOT NULL,
    "pixel_id" INTEGER NOT NULL,
    CONSTRAINT "PK_link_pixels" PRIMARY KEY ("link_id", "pixel_id"),
    CONSTRAINT "FK_link_pixels_links_link_id" FOREIGN KEY ("link_id") REFERENCES "links" ("id") ON DELETE CASCADE,
    CONSTRAINT "FK_link_pixels_pixels_pixel_id" FOREIGN KEY ("pixel_id") REFERENCES "pixels" ("id") ON DELETE CASCADE
);

CREATE INDEX "IX_api_keys_account_id" ON "api_keys" ("account_id");

CREATE UNIQUE INDEX "IX_api_keys_hash" ON "api_keys" ("hash");

CREATE INDEX "IX_audit_log_account_id_id" ON "audit_log" ("account_id", "id");

CREATE INDEX "IX_audit_log_at" ON "audit_log" ("at");

CREATE UNIQUE INDEX "IX_domains_account_id_host" ON "domains" ("account_id", "host");

CREATE UNIQUE INDEX "IX_domains_host" ON "domains" ("host") WHERE verified_at IS NOT NULL;

CREATE INDEX "IX_files_link_id" ON "files" ("link_id");

CREATE UNIQUE INDEX "IX_jobs_kind_subject" ON "jobs" ("kind", "subject");

CREATE INDEX "IX_kept_answers_created_at" ON "kept_answers" ("created_at");

CREATE INDEX "IX_link_pixels_pixel_id" ON "link_pixels" ("pixel_id");

CREATE INDEX "IX_links_account_id_id" ON "links" ("account_id", "id");

CREATE INDEX "IX_links_cloaking_favicon" ON "links" ("cloaking_favicon") WHERE cloaking_favicon IS NOT NULL;

CREATE INDEX "IX_links_cloaking_opengraph" ON "links" ("cloaking_opengraph") WHERE cloaking_opengraph IS NOT NULL;

CREATE UNIQUE INDEX "IX_links_domain_id_alias_key" ON "links" ("domain_id", "alias_key");

CREATE INDEX "IX_links_project_id_id" ON "links" ("project_id", "id") WHERE project_id IS NOT NULL;

CREATE UNIQUE INDEX "IX_people_normalized_email" ON "people" ("normalized_email");

CREATE INDEX "IX_pixels_account_id_id" ON "pixels" ("account_id", "id");

CREATE INDEX "IX_projects_account_id_id" ON "projects" ("account_id", "id");

CREATE INDEX "IX_reserved_aliases_job_id" ON "reserved_aliases" ("job_id");

CREATE INDEX "IX_retired_aliases_until" ON "retired_aliases" ("until");

CREATE INDEX "IX_sessions_created_at" ON "sessions" ("created_at");

CREATE UNIQUE INDEX "IX_sessions_hash" ON "sessions" ("hash");

CREATE INDEX "IX_sessions_person_id" ON "sessions" ("person_id");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261127031309_Initial', '10.0.15');

COMMIT;

