using Signpost.Storage;

namespace Signpost.Tests.Storage;

public sealed class CommandsTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly Database _database;

    public CommandsTests() => _database = new Database(Path.Combine(_directory, "signpost.db"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_of_numbers_is_one_value()
    {
        await WriteAsync("CREATE TABLE t (number INTEGER, text TEXT)");
        await WriteAsync("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (9007199254740993, 'c')");

        Assert.Equal(
            ["a", "c"],
            Ask("SELECT text FROM t WHERE number IN (@some)", new long[] { 1, 9007199254740993, 7 })
        );
        Assert.Equal(["b"], Ask("SELECT text FROM t WHERE number IN (@some)", new HashSet<long> { 2 }));
        Assert.Empty(Ask("SELECT text FROM t WHERE number IN (@some)", new List<long>()));
    }

    [Fact]
    public async Task A_list_of_strings_is_one_value_whatever_stands_in_them()
    {
        string[] texts = ["plain", "it's", "\"quoted\"", "ünï/😀", "a),('b"];
        await WriteAsync("CREATE TABLE t (text TEXT)");
        foreach (var text in texts)
            await WriteAsync("INSERT INTO t VALUES (@text)", ("@text", text));

        Assert.Equal(texts, Ask("SELECT text FROM t WHERE text IN (@some) ORDER BY rowid", texts.ToList()));
        Assert.Empty(Ask("SELECT text FROM t WHERE text IN (@some)", new List<string> { "b" }));
    }

    [Fact]
    public async Task A_list_may_be_used_twice_beside_other_values()
    {
        await WriteAsync("CREATE TABLE t (number INTEGER, text TEXT)");
        await WriteAsync("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')");

        var changed = await WriteAsync(
            "UPDATE t SET text = @text WHERE number IN (@some) AND number IN (SELECT number FROM t WHERE number IN (@some))",
            ("@text", null),
            ("@some", new long[] { 1, 3 })
        );

        Assert.Equal(2, changed);
        Assert.Equal(
            ["b"],
            Ask("SELECT text FROM t WHERE text IS NOT NULL AND number IN (@some)", new long[] { 1, 2 })
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private Task<int> WriteAsync(string sql, params (string, object?)[] values) =>
        _database.WriteRawAsync((connection, transaction) => connection.Run(transaction, sql, values), Cancel);

    private List<string> Ask(string sql, object some)
    {
        using var connection = _database.OpenRead();
        using var command = connection.Command(null, sql, ("@some", some));
        using var rows = command.ExecuteReader();
        List<string> found = [];
        while (rows.Read())
            found.Add(rows.GetString(0));
        return found;
    }
}
