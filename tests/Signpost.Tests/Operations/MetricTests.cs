using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Mono.Cecil;
using Signpost.Hosting;
using Signpost.Operations;
using Signpost.Statistics.Live;
using Signpost.Storage.Sqlite;
using Signpost.Testing;

namespace Signpost.Tests.Operations;

/// <summary>The process publishes the metrics that docs/operations.md lists, and its reasons are those of the document.</summary>
public sealed partial class MetricTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly string Document = File.ReadAllText(
        Path.Combine(ArchitectureTests.Root, "docs/operations.md")
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_document_lists_the_metrics_that_the_process_publishes()
    {
        var listed = MetricRow().Matches(Section("Metrics")).Select(match => match.Groups[1].Value);

        Assert.Equal(Measure().Keys.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_alerts_name_metrics_that_exist()
    {
        var named = MetricName().Matches(Section("Alerts")).Select(match => match.Value).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Measure().Keys.Select(name => name.Split('{')[0])));
    }

    [Fact]
    public void The_document_lists_the_reasons_of_readyz_that_the_code_has()
    {
        var listed = Reason().Matches(Section("Reasons of `/readyz`")).Select(match => match.Groups[1].Value);

        Assert.Equal(ReasonsInCode().Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_refusal_is_counted_where_it_happens()
    {
        const string Place = "signpost.refused{place=\"live_streams\"}";
        List<HttpResponseMessage> streams = [];
        try
        {
            for (var open = 0; open < LiveStreams.MostPerKey; open++)
                streams.Add(await FollowAsync());
            await Patience.UntilAsync(() =>
                Task.FromResult(Measure()["signpost.live.listeners"] is LiveStreams.MostPerKey)
            );

            streams.Add(await FollowAsync());

            Assert.Equal(HttpStatusCode.TooManyRequests, streams[^1].StatusCode);
            Assert.Equal(1, Measure()[Place]);
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private async Task<HttpResponseMessage> FollowAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/statistics/live");
        return await shared.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    /// <summary>The value of each metric of this server.</summary>
    private Dictionary<string, double> Measure()
    {
        Dictionary<string, double> found = [];
        var settings = shared.Server.Services.GetRequiredService<SignpostSettings>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, settings))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        return found;

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name + (tags is [var tag] ? $"{{{tag.Key}=\"{tag.Value}\"}}" : "");
            found.Add(name, value);
        }
    }

    /// <summary>The texts of /readyz and of the directory's trouble, up to what differs each time.</summary>
    private static string[] ReasonsInCode()
    {
        using var server = AssemblyDefinition.ReadAssembly(typeof(Program).Assembly.Location);
        var types = server.MainModule.GetTypes().ToArray();
        return
        [
            .. Texts(typeof(Health), "Read")
                .Concat(Texts(typeof(SqliteEngine), "RefusalOf"))
                .Where(text => text.StartsWith("The ", StringComparison.Ordinal)),
            .. Texts(typeof(DataDirectory), "get_Trouble"),
        ];

        IEnumerable<string> Texts(Type type, string method) =>
            types
                .Single(one => one.FullName == type.FullName)
                .Methods.Single(one => one.Name == method)
                .Body.Instructions.Select(one => one.Operand)
                .OfType<string>()
                .Select(text => text.Trim());
    }

    private static string Section(string title)
    {
        var found = Regex.Match(
            Document,
            $"^##+ {Regex.Escape(title)}\n(.*?)(?=^##|\\z)",
            RegexOptions.Multiline | RegexOptions.Singleline
        );
        Assert.True(found.Success, $"docs/operations.md has no section {title}.");
        return found.Groups[1].Value;
    }

    [GeneratedRegex("^\\| `(signpost[^`]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex MetricRow();

    [GeneratedRegex("signpost\\.[a-z_.]+[a-z]")]
    private static partial Regex MetricName();

    [GeneratedRegex("^\\| `(?:… )?([^`]+?)(?: …)?` \\|", RegexOptions.Multiline)]
    private static partial Regex Reason();
}
