namespace Signpost.Tests.Storage;

/// <summary>Which tests <c>./test</c> runs on both databases.</summary>
public sealed class PostgresRunTests
{
    /// <summary>
    /// The database changes little or nothing of these: pages and headers, pictures, visitors, processes, other servers. Those of the storage are about
    /// one database only.
    /// </summary>
    private static readonly string[] LeftOut =
    [
        "Signpost.Tests",
        "Signpost.Tests.BadInputs",
        "Signpost.Tests.Clients",
        "Signpost.Tests.Dashboard",
        "Signpost.Tests.Dashboard.Actions",
        "Signpost.Tests.Explain",
        "Signpost.Tests.Files",
        "Signpost.Tests.Fuzzing",
        "Signpost.Tests.Hosting",
        "Signpost.Tests.Journal",
        "Signpost.Tests.Mail",
        "Signpost.Tests.Operations",
        "Signpost.Tests.Outbound",
        "Signpost.Tests.Passkeys",
        "Signpost.Tests.Presets",
        "Signpost.Tests.Providers",
        "Signpost.Tests.QrCodes",
        "Signpost.Tests.Redirects.Interstitials",
        "Signpost.Tests.Visitors",
        "Signpost.Tests.Web",
        "Signpost.Tests.Storage",
    ];

    [Fact]
    public async Task Each_subject_runs_on_both_databases_or_is_left_out()
    {
        const string Option = "-namespace ";
        var lines = await File.ReadAllLinesAsync(
            Path.Combine(ArchitectureTests.Root, "tests/Signpost.Tests/postgres.args"),
            TestContext.Current.CancellationToken
        );
        var run = lines
            .Where(line => line.StartsWith(Option, StringComparison.Ordinal))
            .Select(line => line[Option.Length..])
            .ToList();
        var subjects = typeof(PostgresRunTests)
            .Assembly.GetTypes()
            .Where(HasTests)
            .Select(type => type.Namespace!)
            .Distinct();

        Assert.NotEmpty(run);
        Assert.Equal(run.Concat(LeftOut).Order(StringComparer.Ordinal), subjects.Order(StringComparer.Ordinal));
    }

    private static bool HasTests(Type type) =>
        type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true));
}
