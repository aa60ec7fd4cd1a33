using System.Net;
using System.Text.Json.Nodes;
using Signpost.Testing;
using Signpost.Tests.Api;
using Signpost.Tests.Links;
using Signpost.Tests.Teams;

namespace Signpost.Tests.Presets;

/// <summary>Views, UTM templates and QR presets: named JSON values of an account.</summary>
public sealed class PresetTests(SharedServer shared) : TeamTests(shared)
{
    private const string Value = """{"b":[1.50,"ä \"<",null],"a":{"c":true}}""";

    private static readonly string[] Kinds = ["views", "utm-templates", "qr-presets"];

    [Fact]
    public async Task One_of_each_kind_is_made_read_changed_listed_and_deleted()
    {
        var schemas = (await GetAsync("/openapi/v1.json")).Json["components"]!["schemas"]!;
        foreach (var kind in Kinds)
        foreach (var type in Bodies.Types.Select(row => row.Data))
        {
            using var http = await StrangerAsync();
            var body = type is "json"
                ? Bodies.Json($$"""{"name":"Spring","value": {{Value.Replace(",", " , ")}} }""")
                : Bodies.Of(type, ("name", "Spring"), ("value", Value.Replace(",", ",\n\t")));
            var made = await SendAsync(HttpMethod.Post, $"/api/{kind}", body, http);
            Assert.True(made.Status == HttpStatusCode.Created, $"{kind}, {type}: {made.Body}");
            var path = $"/api/{kind}/{made.Json["data"]!["id"]}";
            var renamed = await SendAsync(HttpMethod.Patch, path, Bodies.Of(type, ("name", "Autumn")), http);
            var changed = await SendAsync(HttpMethod.Put, path, Bodies.Json("""{"value":[]}"""), http);
            var sentBack = await SendAsync(HttpMethod.Post, path, Bodies.Json(DataOf(changed)), http);
            var list = await SendAsync(HttpMethod.Get, $"/api/{kind}?search=AUT", http: http);
            var others = await Task.WhenAll(
                Kinds.Select(other => SendAsync(HttpMethod.Get, path.Replace(kind, other), http: http))
            );
            var deleted = await SendAsync(HttpMethod.Delete, path, http: http);
            var gone = await SendAsync(HttpMethod.Get, path, http: http);

            Assert.Contains($"\"value\":{Value}", made.Body, StringComparison.Ordinal);
            Assert.Contains($"\"name\":\"Autumn\",\"value\":{Value}", renamed.Body, StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode.OK, "[]"), (sentBack.Status, sentBack.Json["data"]!["value"]!.ToJsonString()));
            Assert.Null(sentBack.Json["data"]!["warnings"]);
            Assert.Contains("\"name\":\"Autumn\",\"value\":[]", changed.Body, StringComparison.Ordinal);
            Assert.Equal(DataOf(sentBack), Assert.Single(list.Json["data"]!.AsArray())!.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, Assert.Single(others, one => one.Status != HttpStatusCode.NotFound).Status);
            Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.Status, gone.Status));
            var words = kind[..^1].Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]);
            Assert.Equal(
                FieldsOf(made.Json["data"]!).Append("warnings"),
                FieldsOf(schemas[$"{string.Concat(words)}Response"]!["properties"]!)
            );
        }
    }

    [Fact]
    public async Task A_value_that_is_no_small_JSON_object_or_array_is_refused()
    {
        using var http = await StrangerAsync();
        var longest = $"[\"{new string('x', (8 << 10) - 4)}\"]";
        (string Value, bool IsRight)[] values =
        [
            (longest, true),
            (longest.Replace("[", "[ "), true),
            (longest.Replace("[", "[1,"), false),
            ("[[[[[[[[[[[[]]]]]]]]]]]]", true),
            ("[[[[[[[[[[[[[]]]]]]]]]]]]]", false),
            ("{\"a\":1,\"a\":2}", false),
            ("{\"a\":\"\\ud800\"}", false),
            ("{\"a\":1", false),
            ("7", false),
            ("\"text\"", false),
            ("null", false),
            ("", false),
            ("utm_source=x", false),
        ];
        foreach (var (value, isRight) in values)
        {
            var reply = await PostAsAsync(http, "/api/views", ("name", "V"), ("value", value));

            Assert.True(
                isRight == reply.Status is HttpStatusCode.Created,
                $"{value[..Math.Min(40, value.Length)]}: {reply.Body}"
            );
            if (!isRight)
                Assert.Equal((HttpStatusCode.BadRequest, "value"), (reply.Status, Assert.Single(reply.WrongFields)));
        }

        var number = await SendAsync(HttpMethod.Post, "/api/views", Bodies.Json("""{"name":"V","value":7}"""), http);
        var nothing = await SendAsync(HttpMethod.Post, "/api/views", Bodies.Json("{}"), http);
        Assert.Equal(["value"], number.WrongFields);
        Assert.Equal(["name", "value"], nothing.WrongFields.Order());
    }

    [Fact]
    public async Task An_account_has_200_of_each_kind_which_go_with_it()
    {
        var (person, heir) = (await NewPersonAsync(), await NewPersonAsync());
        await PostAsAsync(person.Http, "/api/views", ("name", "First"), ("value", "{}"));
        await Server.Database.WriteRawAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = """
                    WITH RECURSIVE numbers(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 200)
                    INSERT INTO presets (account_id, kind, name, value, created_at, updated_at)
                    SELECT account_id, kind, name || n, value, created_at, updated_at FROM presets, numbers WHERE account_id = @id
                    """;
                var id = command.CreateParameter();
                (id.ParameterName, id.Value) = ("@id", person.Id);
                command.Parameters.Add(id);
                return command.ExecuteNonQuery();
            },
            Cancel
        );

        var full = await PostAsAsync(person.Http, "/api/views", ("name", "More"), ("value", "{}"));
        var other = await PostAsAsync(
            person.Http,
            "/api/qr-presets",
            ("name", "Dots"),
            ("value", "{\"style\":\"dots\"}")
        );
        var export = await SendAsync(HttpMethod.Get, "/api/user/export", http: person.Http);
        await SendAsync(HttpMethod.Delete, $"/api/users/{person.Id}?links=transfer&to={heir.Id}");
        var inherited = await SendAsync(HttpMethod.Get, "/api/views", http: heir.Http);
        await SendAsync(HttpMethod.Delete, $"/api/users/{heir.Id}?links=delete");

        Assert.Equal((HttpStatusCode.BadRequest, "name"), (full.Status, Assert.Single(full.WrongFields)));
        Assert.Contains("at most 200 views", full.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, other.Status);
        Assert.Equal(200, export.Json["data"]!["views"]!.AsArray().Count);
        Assert.Equal("Dots", (string?)Assert.Single(export.Json["data"]!["qr_presets"]!.AsArray())!["name"]);
        Assert.Equal(200, (int)inherited.Json["meta"]!["total"]!);
        await using var db = Server.Database.Read();
        Assert.Empty(db.Presets.Where(preset => preset.AccountId == person.Id || preset.AccountId == heir.Id));
    }

    [Fact]
    public async Task A_kept_response_does_not_keep_a_deleted_preset()
    {
        var person = await NewPersonAsync();
        var body = Bodies.Form(("name", "Spring"), ("value", "{}"));
        var made = await SendAsync(HttpMethod.Post, "/api/utm-templates", body, person.Http, ("Idempotency-Key", "1"));
        await using var db = Server.Database.Read();
        var before = db.KeptResponses.Count(kept => kept.AccountId == person.Id);

        await SendAsync(HttpMethod.Delete, $"/api/utm-templates/{IdOf(made)}", http: person.Http);

        Assert.Equal((1, 0), (before, db.KeptResponses.Count(kept => kept.AccountId == person.Id)));
    }

    [Fact]
    public async Task Payments_data_and_signatures_are_empty_lists_for_any_key()
    {
        var person = await NewPersonAsync();
        using var narrow = await ClientOfAsync(person.Id, ("scopes", "stats:read"));
        foreach (var name in (string[])["payments", "data", "signatures"])
        {
            var list = await SendAsync(HttpMethod.Get, $"/api/{name}/?results_per_page=10&x=1", http: narrow);
            var wrong = await SendAsync(HttpMethod.Get, $"/api/{name}?page=0", http: narrow);

            Assert.Equal(HttpStatusCode.OK, list.Status);
            Assert.Empty(list.Json["data"]!.AsArray());
            Assert.Equal((10, 0, 0), (Meta(list, "results_per_page"), Meta(list, "total"), Meta(list, "total_pages")));
            Assert.NotNull(list.Json["meta"]!["warnings"]);
            Assert.Equal(
                $"{Server.Url}/api/{name}?results_per_page=10&x=1&page=1",
                (string?)list.Json["links"]!["self"]
            );
            Assert.Equal(["page"], wrong.WrongFields);
        }
    }

    private static int Meta(Reply list, string name) => (int)list.Json["meta"]![name]!;

    private static string DataOf(Reply reply) => reply.Json["data"]!.ToJsonString();

    private static IEnumerable<string> FieldsOf(JsonNode node) => node.AsObject().Select(field => field.Key);
}
