using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Signpost.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false, defaultValue: "", collation: "C"),
                    time_zone = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    link_count = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    picture_bytes = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    kept_bytes = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "audit_log",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    @event = table.Column<string>(name: "event", type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<long>(type: "bigint", nullable: true),
                    actor_id = table.Column<long>(type: "bigint", nullable: true),
                    detail = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    network = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_log", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "case_visits",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    day = table.Column<int>(type: "integer", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_visits", x => new { x.domain_id, x.day });
                });

            migrationBuilder.CreateTable(
                name: "click_blocks",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    count = table.Column<int>(type: "integer", nullable: false),
                    data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_blocks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "click_chunks",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    first_at = table.Column<long>(type: "bigint", nullable: false),
                    last_at = table.Column<long>(type: "bigint", nullable: false),
                    first_ordinal = table.Column<long>(type: "bigint", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                    data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_chunks", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "click_days",
                columns: table => new
                {
                    day = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<int>(type: "integer", nullable: false),
                    rolled_revision = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_days", x => x.day);
                });

            migrationBuilder.CreateTable(
                name: "click_folds",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    through_block = table.Column<long>(type: "bigint", nullable: false),
                    next_link = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_click_folds", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "day_columns",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_day_columns", x => new { x.id, x.number });
                });

            migrationBuilder.CreateTable(
                name: "expiry_clock",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    passed = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_expiry_clock", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "files",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    link_id = table.Column<long>(type: "bigint", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    content = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    kept_until = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_files", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "jobs",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    subject = table.Column<long>(type: "bigint", nullable: false),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    project_id = table.Column<long>(type: "bigint", nullable: true),
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    is_guest = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    heir_id = table.Column<long>(type: "bigint", nullable: true),
                    cursor = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_jobs", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "journal_positions",
                columns: table => new
                {
                    journal_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    segment = table.Column<long>(type: "bigint", nullable: false),
                    offset = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal_positions", x => x.journal_id);
                });

            migrationBuilder.CreateTable(
                name: "kept_answers",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    path = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    meaning = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kept_answers", x => new { x.account_id, x.key });
                });

            migrationBuilder.CreateTable(
                name: "kept_settings",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_kept_settings", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "link_counts",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<byte>(type: "smallint", nullable: false),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_counts", x => new { x.link_id, x.kind });
                });

            migrationBuilder.CreateTable(
                name: "link_groups",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    project_id = table.Column<long>(type: "bigint", nullable: false),
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    is_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    links = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_groups", x => new { x.account_id, x.project_id, x.domain_id, x.is_enabled });
                });

            migrationBuilder.CreateTable(
                name: "orphan_visits",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    day = table.Column<int>(type: "integer", nullable: false),
                    alias = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    count = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orphan_visits", x => new { x.domain_id, x.day, x.alias });
                });

            migrationBuilder.CreateTable(
                name: "protection_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    xml = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "reserved_aliases",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    alias_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    job_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reserved_aliases", x => new { x.domain_id, x.alias_key });
                });

            migrationBuilder.CreateTable(
                name: "retired_aliases",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    alias_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    alias = table.Column<string>(type: "text", nullable: false, defaultValue: "", collation: "C"),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    until = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_retired_aliases", x => new { x.domain_id, x.alias_key });
                });

            migrationBuilder.CreateTable(
                name: "rollups",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    days = table.Column<int>(type: "integer", nullable: false),
                    totals = table.Column<byte[]>(type: "bytea", nullable: false),
                    quarters = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "secrets",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_secrets", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "stale_rollups",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_stale_rollups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "unranked_links",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    links = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_unranked_links", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    person_id = table.Column<long>(type: "bigint", nullable: true),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    prefix = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_from_settings = table.Column<bool>(type: "boolean", nullable: false),
                    maker_id = table.Column<long>(type: "bigint", nullable: true),
                    scopes = table.Column<string>(type: "text", nullable: false, defaultValue: "*", collation: "C"),
                    expires_at = table.Column<long>(type: "bigint", nullable: true),
                    last_used_at = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_keys", x => x.id);
                    table.ForeignKey(
                        name: "FK_api_keys_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "bulk_changes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    key_id = table.Column<long>(type: "bigint", nullable: false),
                    person_id = table.Column<long>(type: "bigint", nullable: false),
                    deletes = table.Column<bool>(type: "boolean", nullable: false),
                    fields = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    time_zone = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    asked_host = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    status = table.Column<int>(type: "integer", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: false),
                    done = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    last_link_id = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bulk_changes", x => x.id);
                    table.ForeignKey(
                        name: "FK_bulk_changes_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "domains",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    scheme = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    host = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    custom_index_url = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    custom_not_found_url = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    is_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    is_case_sensitive = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    alias_of = table.Column<long>(type: "bigint", nullable: true),
                    token = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    verified_at = table.Column<long>(type: "bigint", nullable: true),
                    checked_at = table.Column<long>(type: "bigint", nullable: true),
                    failed_checks = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_domains", x => x.id);
                    table.ForeignKey(
                        name: "FK_domains_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "links",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    project_id = table.Column<long>(type: "bigint", nullable: true),
                    splash_page_id = table.Column<long>(type: "bigint", nullable: true),
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    is_guest = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    is_blocked = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    alias = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    alias_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    location_url = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    location_sent = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    location_hash = table.Column<long>(type: "bigint", nullable: false),
                    title = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    note = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    is_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    position = table.Column<int>(type: "integer", nullable: false),
                    schedule = table.Column<bool>(type: "boolean", nullable: false),
                    start_at = table.Column<long>(type: "bigint", nullable: true),
                    end_at = table.Column<long>(type: "bigint", nullable: true),
                    clicks_limit = table.Column<long>(type: "bigint", nullable: true),
                    expiration_url = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    expiration_sent = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    http_status_code = table.Column<int>(type: "integer", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    sensitive_content = table.Column<bool>(type: "boolean", nullable: false),
                    app_linking_is_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    cloaking_is_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    cloaking_title = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    cloaking_meta_description = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    cloaking_custom_js = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    cloaking_favicon = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    cloaking_opengraph = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    forward_query_parameters_is_enabled = table.Column<bool>(type: "boolean", nullable: false),
                    utm_source = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    utm_medium = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    utm_campaign = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    utm_term = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    utm_content = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    targeting_type = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    targeting = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    statistics_is_public = table.Column<bool>(type: "boolean", nullable: false, defaultValue: false),
                    statistics_public_title = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    statistics_public_shows = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    statistics_public_periods = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    statistics_public_password_hash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    statistics_public_logo = table.Column<long>(type: "bigint", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<long>(type: "bigint", nullable: true),
                    ranked_clicks = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    flags = table.Column<long>(type: "bigint", nullable: true, computedColumnSql: "nullif(CASE WHEN targeting_type IS NULL THEN 0 ELSE 1 END + CASE WHEN password_hash IS NULL THEN 0 ELSE 2 END\n    + CASE WHEN schedule THEN 4 ELSE 0 END + CASE WHEN clicks_limit IS NULL THEN 0 ELSE 8 END\n    + CASE WHEN sensitive_content THEN 16 ELSE 0 END + CASE WHEN cloaking_is_enabled THEN 32 ELSE 0 END, 0)", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_links", x => x.id);
                    table.ForeignKey(
                        name: "FK_links_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "people",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    language = table.Column<string>(type: "text", nullable: false, defaultValue: "en", collation: "C"),
                    is_admin = table.Column<bool>(type: "boolean", nullable: false),
                    is_disabled = table.Column<bool>(type: "boolean", nullable: false),
                    sign_ins = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    last_active_at = table.Column<long>(type: "bigint", nullable: true),
                    email = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    normalized_email = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    password_hash = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    security_stamp = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    two_factor_enabled = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_people", x => x.account_id);
                    table.ForeignKey(
                        name: "FK_people_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pixels",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    pixel = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pixels", x => x.id);
                    table.ForeignKey(
                        name: "FK_pixels_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "presets",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_presets", x => x.id);
                    table.ForeignKey(
                        name: "FK_presets_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "projects",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    color = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    statistics_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_projects", x => x.id);
                    table.ForeignKey(
                        name: "FK_projects_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "qr_codes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    secret = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    link_id = table.Column<long>(type: "bigint", nullable: true),
                    url = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    size = table.Column<int>(type: "integer", nullable: false),
                    margin = table.Column<int>(type: "integer", nullable: false),
                    error_correction = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    foreground = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    background = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    style = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    logo_id = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
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
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    file = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "splash_pages",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    title = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    link_unlock_seconds = table.Column<int>(type: "integer", nullable: false),
                    link_unlock_button = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "tags",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    color = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    links = table.Column<long>(type: "bigint", nullable: false, defaultValue: 0L),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "bulk_failures",
                columns: table => new
                {
                    bulk_id = table.Column<long>(type: "bigint", nullable: false),
                    link_id = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bulk_failures", x => new { x.bulk_id, x.link_id });
                    table.ForeignKey(
                        name: "FK_bulk_failures_bulk_changes_bulk_id",
                        column: x => x.bulk_id,
                        principalTable: "bulk_changes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "bulk_links",
                columns: table => new
                {
                    bulk_id = table.Column<long>(type: "bigint", nullable: false),
                    ids = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bulk_links", x => x.bulk_id);
                    table.ForeignKey(
                        name: "FK_bulk_links_bulk_changes_bulk_id",
                        column: x => x.bulk_id,
                        principalTable: "bulk_changes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "domain_files",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    content = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_domain_files", x => new { x.domain_id, x.name });
                    table.ForeignKey(
                        name: "FK_domain_files_domains_domain_id",
                        column: x => x.domain_id,
                        principalTable: "domains",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "domain_shares",
                columns: table => new
                {
                    domain_id = table.Column<long>(type: "bigint", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    account_id = table.Column<long>(type: "bigint", nullable: true)
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

            migrationBuilder.CreateTable(
                name: "former_destinations",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    replaced_at = table.Column<long>(type: "bigint", nullable: false),
                    location_url = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    targeting = table.Column<string>(type: "text", nullable: true, collation: "C")
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

            migrationBuilder.CreateTable(
                name: "link_tags",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "bigint", nullable: false),
                    tag_id = table.Column<long>(type: "bigint", nullable: false)
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
                name: "link_versions",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    source = table.Column<int>(type: "integer", nullable: false),
                    person_id = table.Column<long>(type: "bigint", nullable: true),
                    key_id = table.Column<long>(type: "bigint", nullable: true),
                    fields = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    before = table.Column<string>(type: "text", nullable: true, collation: "C")
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

            migrationBuilder.CreateTable(
                name: "mails",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    person_id = table.Column<long>(type: "bigint", nullable: true),
                    recipient = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    made_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    next_try_at = table.Column<long>(type: "bigint", nullable: true),
                    failed_at = table.Column<long>(type: "bigint", nullable: true),
                    failure = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mails", x => x.id);
                    table.ForeignKey(
                        name: "FK_mails_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "account_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "members",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    team_id = table.Column<long>(type: "bigint", nullable: false),
                    person_id = table.Column<long>(type: "bigint", nullable: true),
                    email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    normalized_email = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    role = table.Column<int>(type: "integer", nullable: false),
                    joined_at = table.Column<long>(type: "bigint", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_members", x => x.id);
                    table.ForeignKey(
                        name: "FK_members_accounts_team_id",
                        column: x => x.team_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_members_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "account_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "one_time_addresses",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    use = table.Column<int>(type: "integer", nullable: false),
                    person_id = table.Column<long>(type: "bigint", nullable: true),
                    security_stamp = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    invitation_id = table.Column<long>(type: "bigint", nullable: true),
                    makes_account = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_one_time_addresses", x => x.id);
                    table.ForeignKey(
                        name: "FK_one_time_addresses_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "account_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "passkeys",
                columns: table => new
                {
                    credential_id = table.Column<byte[]>(type: "bytea", nullable: false),
                    person_id = table.Column<long>(type: "bigint", nullable: false),
                    public_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sign_count = table.Column<long>(type: "bigint", nullable: false),
                    is_backup_eligible = table.Column<bool>(type: "boolean", nullable: false),
                    is_backed_up = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    last_used_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passkeys", x => x.credential_id);
                    table.ForeignKey(
                        name: "FK_passkeys_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "account_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "person_logins",
                columns: table => new
                {
                    issuer = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    subject = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    person_id = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_person_logins", x => new { x.issuer, x.subject });
                    table.ForeignKey(
                        name: "FK_person_logins_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "account_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "person_tokens",
                columns: table => new
                {
                    person_id = table.Column<long>(type: "bigint", nullable: false),
                    login_provider = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    value = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_person_tokens", x => new { x.person_id, x.login_provider, x.name });
                    table.ForeignKey(
                        name: "FK_person_tokens_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "account_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    person_id = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    security_stamp = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    is_confirmed = table.Column<bool>(type: "boolean", nullable: false, defaultValue: true),
                    last_seen_at = table.Column<long>(type: "bigint", nullable: false),
                    device = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    network = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.id);
                    table.ForeignKey(
                        name: "FK_sessions_people_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "account_id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "link_pixels",
                columns: table => new
                {
                    link_id = table.Column<long>(type: "bigint", nullable: false),
                    pixel_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_link_pixels", x => new { x.link_id, x.pixel_id });
                    table.ForeignKey(
                        name: "FK_link_pixels_links_link_id",
                        column: x => x.link_id,
                        principalTable: "links",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_link_pixels_pixels_pixel_id",
                        column: x => x.pixel_id,
                        principalTable: "pixels",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_account_id",
                table: "api_keys",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_hash",
                table: "api_keys",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_maker_id",
                table: "api_keys",
                column: "maker_id",
                filter: "maker_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_api_keys_person_id",
                table: "api_keys",
                column: "person_id",
                filter: "person_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_account_id_id",
                table: "audit_log",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_actor_id_id",
                table: "audit_log",
                columns: new[] { "actor_id", "id" },
                filter: "actor_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_audit_log_at",
                table: "audit_log",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_bulk_changes_account_id_id",
                table: "bulk_changes",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_domain_shares_account_id",
                table: "domain_shares",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "IX_domain_shares_key",
                table: "domain_shares",
                column: "key");

            migrationBuilder.CreateIndex(
                name: "IX_domains_account_id_host",
                table: "domains",
                columns: new[] { "account_id", "host" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_domains_host",
                table: "domains",
                column: "host",
                unique: true,
                filter: "verified_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_files_account_id_kept_until",
                table: "files",
                columns: new[] { "account_id", "kept_until" },
                filter: "kept_until IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_files_link_id",
                table: "files",
                column: "link_id");

            migrationBuilder.CreateIndex(
                name: "IX_former_destinations_replaced_at",
                table: "former_destinations",
                column: "replaced_at");

            migrationBuilder.CreateIndex(
                name: "IX_jobs_kind_subject",
                table: "jobs",
                columns: new[] { "kind", "subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_kept_answers_created_at",
                table: "kept_answers",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_link_groups_domain_id_account_id",
                table: "link_groups",
                columns: new[] { "domain_id", "account_id" });

            migrationBuilder.CreateIndex(
                name: "IX_link_pixels_pixel_id",
                table: "link_pixels",
                column: "pixel_id");

            migrationBuilder.CreateIndex(
                name: "IX_link_tags_tag_id_link_id",
                table: "link_tags",
                columns: new[] { "tag_id", "link_id" });

            migrationBuilder.CreateIndex(
                name: "IX_links_account_id_deleted_at_id",
                table: "links",
                columns: new[] { "account_id", "deleted_at", "id" },
                filter: "deleted_at IS NOT NULL");

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
                name: "IX_links_deleted_at",
                table: "links",
                column: "deleted_at",
                filter: "deleted_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_links_domain_id_alias_key",
                table: "links",
                columns: new[] { "domain_id", "alias_key" },
                unique: true);

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
                name: "IX_links_project_id_id",
                table: "links",
                columns: new[] { "project_id", "id" },
                filter: "project_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_links_splash_page_id_id",
                table: "links",
                columns: new[] { "splash_page_id", "id" },
                filter: "splash_page_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "links_by_alias",
                table: "links",
                columns: new[] { "account_id", "alias_key", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_clicks",
                table: "links",
                columns: new[] { "account_id", "ranked_clicks", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_creation",
                table: "links",
                columns: new[] { "account_id", "created_at", "id", "project_id", "domain_id", "is_enabled", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_destination",
                table: "links",
                columns: new[] { "account_id", "location_hash", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_domain",
                table: "links",
                columns: new[] { "account_id", "domain_id", "id", "project_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_edit",
                table: "links",
                columns: new[] { "account_id", "updated_at", "id", "project_id", "domain_id", "is_enabled", "created_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_end",
                table: "links",
                columns: new[] { "account_id", "end_at", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags" },
                filter: "end_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "links_by_flags",
                table: "links",
                columns: new[] { "account_id", "flags", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "end_at" },
                filter: "flags IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "links_by_id",
                table: "links",
                columns: new[] { "account_id", "id", "project_id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_project",
                table: "links",
                columns: new[] { "account_id", "project_id", "id", "domain_id", "is_enabled", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "links_by_state",
                table: "links",
                columns: new[] { "account_id", "is_enabled", "id", "project_id", "domain_id", "created_at", "updated_at", "deleted_at", "flags", "end_at" });

            migrationBuilder.CreateIndex(
                name: "IX_mails_next_try_at",
                table: "mails",
                column: "next_try_at");

            migrationBuilder.CreateIndex(
                name: "IX_mails_person_id",
                table: "mails",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_members_person_id",
                table: "members",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_members_team_id_normalized_email",
                table: "members",
                columns: new[] { "team_id", "normalized_email" },
                unique: true,
                filter: "normalized_email IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_members_team_id_person_id",
                table: "members",
                columns: new[] { "team_id", "person_id" },
                unique: true,
                filter: "person_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_one_time_addresses_hash",
                table: "one_time_addresses",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_one_time_addresses_person_id",
                table: "one_time_addresses",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_passkeys_person_id",
                table: "passkeys",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_people_normalized_email",
                table: "people",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_person_logins_person_id_issuer",
                table: "person_logins",
                columns: new[] { "person_id", "issuer" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_pixels_account_id_id",
                table: "pixels",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_presets_account_id_kind_id",
                table: "presets",
                columns: new[] { "account_id", "kind", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_projects_account_id_id",
                table: "projects",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_projects_statistics_key",
                table: "projects",
                column: "statistics_key",
                unique: true,
                filter: "statistics_key IS NOT NULL");

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

            migrationBuilder.CreateIndex(
                name: "IX_reserved_aliases_job_id",
                table: "reserved_aliases",
                column: "job_id");

            migrationBuilder.CreateIndex(
                name: "IX_retired_aliases_until",
                table: "retired_aliases",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_created_at",
                table: "sessions",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_hash",
                table: "sessions",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sessions_person_id",
                table: "sessions",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "IX_splash_pages_account_id_id",
                table: "splash_pages",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_tags_account_id_id",
                table: "tags",
                columns: new[] { "account_id", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_tags_account_id_name_key",
                table: "tags",
                columns: new[] { "account_id", "name_key" },
                unique: true);

            InitialTriggers.Create(migrationBuilder);
        }
    }
}
