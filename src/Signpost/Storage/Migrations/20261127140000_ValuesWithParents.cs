using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Signpost.Storage.Migrations
{
    /// <inheritdoc />
    public partial class ValuesWithParents : Migration
    {
        // Earlier rollups do not say in which country a city is. They are made again, as far back as clicks are kept. A rollup of
        // several days has clicks that are no longer kept.
        protected override void Up(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql(
                "INSERT INTO stale_rollups (id) SELECT id FROM rollups WHERE days = 1 ON CONFLICT DO NOTHING"
            );

        protected override void Down(MigrationBuilder migrationBuilder) { }
    }
}
