using System.Net;
using System.Text.Json.Nodes;
using Signpost.Storage;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Teams;

namespace Signpost.Tests.QrCodes;

/// <summary>QR codes and logos whose link or account changes hands or goes.</summary>
public sealed class QrOwnerTests(SharedServer shared) : TeamTests(shared)
{
    [Fact]
    public async Task Codes_move_with_their_link_and_logos_stay_behind()
    {
        var team = await NewTeamAsync();
        var mine = team.Person.Http;
        var (logo, code) = await MakeAsync(mine);

        var moved = await PostAsAsync(mine, $"/api/links/{code["link_id"]}/move", ("team_id", $"{team.Team}"));
        var here = await SendAsync(HttpMethod.Get, $"/api/qr-codes/{code["id"]}", http: mine);
        var there = await SendAsync(HttpMethod.Get, $"/api/qr-codes/{code["id"]}", http: team.Key);
        var picture = await SendAsync(HttpMethod.Get, (string)code["qr_code"]!, http: Server.Anonymous);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (moved.Status, here.Status));
        Assert.Equal((string?)code["embedded_data"], (string?)there.Json["data"]!["embedded_data"]);
        Assert.Null(there.Json["data"]!["logo"]);
        Assert.Equal(HttpStatusCode.OK, picture.Status);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, $"/api/qr-logos/{logo}", mine));
    }

    [Fact]
    public async Task The_codes_and_logos_of_a_deleted_account_go_to_its_heir_or_are_erased()
    {
        var (giver, heir) = (await NewPersonAsync(), await NewPersonAsync());
        var (logo, code) = await MakeAsync(giver.Http);
        var path = $"/api/qr-codes/{code["id"]}";

        await SendAsync(HttpMethod.Delete, $"/api/users/{giver.Id}?links=transfer&to={heir.Id}");
        var inherited = await SendAsync(HttpMethod.Get, path, http: heir.Http);
        var picture = await SendAsync(HttpMethod.Get, (string)code["qr_code"]!, http: Server.Anonymous);
        var used = await UsedAsync(heir.Id);
        await SendAsync(HttpMethod.Delete, $"/api/users/{heir.Id}?links=delete");
        var gone = await SendAsync(HttpMethod.Get, (string)code["qr_code"]!, http: Server.Anonymous);

        Assert.Equal(logo, (long?)inherited.Json["data"]!["logo"]);
        Assert.Contains("<image ", picture.Body, StringComparison.Ordinal);
        Assert.True(used > 0, "The heir's pictures count the logo.");
        Assert.Equal(HttpStatusCode.NotFound, gone.Status);
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM qr_codes WHERE account_id = @id", heir.Id));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM qr_logos WHERE account_id = @id", heir.Id));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM files WHERE account_id = @id", heir.Id));
    }

    [Fact]
    public async Task A_kept_response_does_not_keep_the_address_of_a_deleted_link()
    {
        var person = await NewPersonAsync();
        var fields = Bodies.Form(("name", "Poster"), ("url", "https://example.org/"), ("url_dynamic", "1"));
        var made = await SendAsync(HttpMethod.Post, "/api/qr-codes", fields, person.Http, ("Idempotency-Key", "1"));
        var before = await CountAsync("SELECT count(*) FROM kept_answers WHERE account_id = @id", person.Id);

        await SendAsync(HttpMethod.Delete, $"/api/links/{made.Json["data"]!["link_id"]}", http: person.Http);

        Assert.Equal(1, before);
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM kept_answers WHERE account_id = @id", person.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kept_response_does_not_keep_the_address_of_a_link_that_the_code_left_or_that_moved(bool moves)
    {
        var team = await NewTeamAsync();
        var mine = team.Person.Http;
        var link = await NewLinkAsync(mine);
        var fields = Bodies.Form(("name", "Poster"), ("link_id", $"{link}"));
        var made = await SendAsync(HttpMethod.Post, "/api/qr-codes", fields, mine, ("Idempotency-Key", "1"));
        var path = $"/api/qr-codes/{made.Json["data"]!["id"]}";
        var kept = "SELECT count(*) FROM kept_answers WHERE account_id = @id";
        var before = await CountAsync(kept, team.Person.Id);

        var done = moves
            ? await PostAsAsync(mine, $"/api/links/{link}/move", ("team_id", $"{team.Team}"))
            : await PostAsAsync(mine, path, ("link_id", $"{await NewLinkAsync(mine)}"));
        if (!moves)
            await SendAsync(HttpMethod.Delete, $"/api/links/{link}", http: mine);

        Assert.True(done.Status == HttpStatusCode.OK, done.Body);
        Assert.Equal((1, 0), (before, await CountAsync(kept, team.Person.Id)));
    }

    private async Task<(long Logo, JsonNode Code)> MakeAsync(HttpClient http)
    {
        var logo = await Logos.AddAsync(this, Logos.Chequered(10, 10), http);
        var made = await PostAsAsync(
            http,
            "/api/qr-codes",
            ("name", "Poster"),
            ("url", "https://example.org/"),
            ("url_dynamic", "1"),
            ("logo", $"{logo}")
        );
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        return (logo, made.Json["data"]!);
    }

    private Task<long> UsedAsync(long id) => CountAsync("SELECT picture_bytes FROM accounts WHERE id = @id", id);

    private async Task<long> CountAsync(string sql, long id)
    {
        await using var connection = Server.Database.OpenRead();
        await using var command = connection.Command(null, sql, ("@id", id));
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
