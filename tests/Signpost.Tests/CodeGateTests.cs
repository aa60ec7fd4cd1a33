using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Signpost.Tests;

/// <summary>
/// Two kinds of code that let strangers in, found in the compiled server: SQL put together from parts, and text that a page
/// writes as markup. Each known place is listed here; a new one fails until somebody has judged it.
/// </summary>
public sealed partial class CodeGateTests
{
    /// <summary>Methods that put SQL together. Their parts are constants of the code, never values of a request.</summary>
    private static readonly string[] KnownSql =
    [
        // Names of tables and columns, and conditions that stand in the code.
        "Signpost.Changes.Jobs.Slice.Delete",
        "Signpost.ClickStore.Chunks.ChunkReader.Prepare",
        "Signpost.ClickStore.ClickErasure.EraseRange",
        "Signpost.ClickStore.ClickErasure.Later",
        "Signpost.ClickStore.Reading.ColumnDays.IsInChange",
        "Signpost.ClickStore.Reading.TaggedLinks.Read",
        "Signpost.ClickStore.ScopeLinks.AccountOf",
        "Signpost.ClickStore.ScopeLinks.Find",
        "Signpost.Links.LinkConditions.AddTags",
        "Signpost.Links.LinkMoves.Move",
        "Signpost.Links.LinkMoves.Reserve",
        "Signpost.Links.LinkReading.Compare",
        "Signpost.Links.LinkReading.Count",
        "Signpost.Links.LinkReading.Ids",
        "Signpost.Links.LinkReading.Page",
        "Signpost.Links.LinkReading.Source",
        "Signpost.Links.LinkReading.TryWalk",
        "Signpost.Links.LinkReading.Whole",
        "Signpost.Links.LinkRelease.ReadLight",
        "Signpost.Redirects.PlanLoader.LinkQuery.Prepare",
        "Signpost.Storage.Migrations.AccountUsage.Count",
        "Signpost.Storage.AliasKeys.ChangeLinks",
        "Signpost.Storage.AliasKeys.ChangeRetired",
        "Signpost.Storage.ReadyRows`1.CommandFor",
        "Signpost.Storage.Sqlite.SqliteBackup.CopyAsync",
        // The SQL is constant; the cursor of the job is put together.
        "Signpost.Domains.CaseChange.ChangeRetired",
        // The SQL is constant; the messages of errors are put together.
        "Signpost.Storage.Sqlite.SqliteBackup.CheckPages",
        // The SQL is constant; the path of the file is put together.
        "Signpost.Storage.Sqlite.SqliteEngine.OpenWriter",
        // A number and the name of a column.
        "Signpost.Clicks.Classifying.LinkDestinations.DeleteAsync",
        // A number.
        "Signpost.ClickStore.Rollups.GroupChange.DaysOf",
        // The names of a column and of a parameter.
        "Signpost.Storage.KeptResponses.ForgetWith",
        "Signpost.Storage.KeptResponses.Forget",
        // The name of a parameter.
        "Signpost.Storage.Sqlite.SqliteDialect.Add",
        // The name of the column that finds a row.
        "Signpost.Links.AliasBook.RetireAsync",
        "Signpost.Links.LinksOfAccount.TransferAsync",
        // The condition of the index, one for each database.
        "Signpost.Storage.LinkTexts.IsFound",
        "Signpost.Storage.LinkTexts.SelectFound",
        // The names of tables and columns, from the model.
        "Signpost.Storage.Moving.DatabaseMove.IsFilled",
        "Signpost.Storage.Moving.Original.Count",
        "Signpost.Storage.Moving.Original.Rows",
        "Signpost.Storage.Moving.PostgresCopy.Finish",
        "Signpost.Storage.Moving.PostgresCopy.Write",
        "Signpost.Storage.Moving.RowSum.Of",
        "Signpost.Storage.Moving.SqliteCopy.Fill",
        "Signpost.Storage.Moving.SqliteCopy.TakeTriggers",
        "Signpost.Storage.Postgres.PostgresDialect.LastId",
        "Signpost.Storage.Sqlite.SqliteDialect.LastId",
        // Letters and their cases.
        "Signpost.Storage.Postgres.Migrations.InitialTriggers.IndexTexts",
        // The SQL is constant; the messages of errors are put together.
        "Signpost.Storage.Postgres.PostgresEngine.CheckClaim",
        "Signpost.Storage.Postgres.PostgresEngine.CheckServer",
        // Two numbers.
        "Signpost.Storage.Postgres.PostgresEngine.WaitForLock",
    ];

    /// <summary>Pages that write text as markup: our own styles, scripts and icons, embedded when the server is built.</summary>
    private static readonly string[] KnownMarkup =
    [
        "Signpost.Api.Documentation.Guide",
        "Signpost.Redirects.Pages.AppPage",
        "Signpost.Redirects.Pages.CloakPage",
        "Signpost.Redirects.Pages.PixelPage",
        "Signpost.Redirects.Pages.SplashPage",
        "Signpost.Web.Components.Icon",
        "Signpost.Web.Components.Layout",
    ];

    [Fact]
    public void Only_known_methods_put_SQL_together()
    {
        using var server = AssemblyDefinition.ReadAssembly(typeof(Program).Assembly.Location);

        AssertLines(KnownSql, SqlBuilders(server.MainModule.GetTypes()));
    }

    [Fact]
    public void Only_known_pages_write_text_as_markup()
    {
        using var server = AssemblyDefinition.ReadAssembly(typeof(Program).Assembly.Location);

        AssertLines(KnownMarkup, MarkupWriters(server.MainModule.GetTypes()));
    }

    [Fact]
    public void Planted_examples_are_found()
    {
        using var tests = AssemblyDefinition.ReadAssembly(typeof(Planted).Assembly.Location);
        var planted = tests.MainModule.GetTypes().Where(type => type.Name == nameof(Planted)).ToArray();

        Assert.Equal(
            ["Concatenated", "Formatted", "Interpolated", "Joined", "Replaced"],
            SqlBuilders(planted).Select(name => name.Split('.')[^1])
        );
        Assert.Equal("Signpost.Tests.CodeGateTests.Planted", Assert.Single(MarkupWriters(planted)));
    }

    private static void AssertLines(string[] known, string[] found)
    {
        string[] unknown = [.. found.Except(known)];
        Assert.True(unknown.Length == 0, $"Not listed here: {string.Join(' ', unknown)}");
        Assert.Empty(known.Except(found));
    }

    private static string[] SqlBuilders(IEnumerable<TypeDefinition> types) =>
        [
            .. from type in types
            from method in type.Methods
            where method.HasBody
            let code = method.Body.Instructions
            where code.Any(one => one.Operand is string text && Sql().IsMatch(text))
            where code.Any(one => one.Operand is MethodReference called && Joins(called))
            select NameOf(method) into name
            group name by name into one
            orderby one.Key
            select one.Key,
        ];

    private static string[] MarkupWriters(IEnumerable<TypeDefinition> types) =>
        [
            .. from type in types
            where
                type.Methods.Any(method =>
                    method.HasBody
                    && method.Body.Instructions.Any(one =>
                        one.Operand is MethodReference { DeclaringType.Name: "MarkupString" }
                    )
                )
            select OwnerOf(type) into name
            group name by name into one
            orderby one.Key
            select one.Key,
        ];

    private static bool Joins(MethodReference called) =>
        (called.DeclaringType.FullName, called.Name) switch
        {
            ("System.String", "Concat" or "Format" or "Join" or "Replace" or "Insert") => true,
            ("System.Runtime.CompilerServices.DefaultInterpolatedStringHandler", _) => true,
            ("System.Text.StringBuilder", "Append" or "AppendFormat" or "AppendLine" or "Insert" or "Replace") => true,
            _ => false,
        };

    // An async method's code is in a class of its own, which is named after it: "<LoadAsync>d__3".
    private static string NameOf(MethodDefinition method) =>
        OwnerOf(method.DeclaringType)
        + "."
        + (
            Source().Match(method.DeclaringType.Name + "/" + method.Name) is { Success: true } source
                ? source.Groups[1].Value
                : method.Name
        );

    private static string OwnerOf(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer && type.Name.StartsWith('<'))
            type = outer;
        return type.FullName.Replace('/', '.');
    }

    [GeneratedRegex(
        @"\b(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\s|(CREATE|DROP|ALTER)\s+(TABLE|INDEX)\s|PRAGMA\s|ATTACH\s|VACUUM\b)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Sql();

    [GeneratedRegex("<(\\w+)>", RegexOptions.CultureInvariant)]
    private static partial Regex Source();

    /// <summary>Mistakes that the gate must find, and harmless code that it must leave alone.</summary>
    private static class Planted
    {
        private const string Table = "links";

        public static string Interpolated(string name) =>
            $"SELECT id FROM links WHERE name = '{name}' AND id > {name.Length}";

        public static string Concatenated(string name) => "DELETE FROM links WHERE name = '" + name + "'";

        public static string Formatted(string name) =>
            string.Format(System.Globalization.CultureInfo.InvariantCulture, "UPDATE links SET name = '{0}'", name);

        public static string Joined(string[] names) => "INSERT INTO links VALUES " + string.Join(',', names);

        public static string Replaced(string name) => "SELECT @name".Replace("@name", name, StringComparison.Ordinal);

        public static string Constant() => $"SELECT id FROM {Table} WHERE name = @name";

        public static string Other(string name) => $"Selected {name}";

        public static Microsoft.AspNetCore.Components.MarkupString Markup(string name) => new(name);
    }
}
