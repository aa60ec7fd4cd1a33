using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Tests.Visitors;
using Signpost.Visitors;

namespace Signpost.Benchmarks;

/// <summary>Telling system, browser and device, over the labelled agents of the tests, one after another.</summary>
public class AgentBenchmarks : IDisposable
{
    private readonly AgentReader _reader = new(TimeProvider.System);
    private readonly AgentParser _parser = AgentReader.MakeParser();
    private string[] _agents = [];
    private IHeaderDictionary[] _new = [];
    private IHeaderDictionary[] _known = [];
    private IHeaderDictionary[] _hinted = [];
    private string[] _worst = [];
    private string[] _once = [];
    private int _next;

    [GlobalSetup]
    public void Load()
    {
        _reader.Load();
        _agents =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "agents.tsv")).Select(line => line.Split('\t')[4]),
        ];
        _known = [.. _agents.Select(agent => new HeaderDictionary { ["User-Agent"] = agent })];
        _hinted =
        [
            .. _agents.Select(agent => new HeaderDictionary
            {
                ["User-Agent"] = agent,
                ["Sec-CH-UA"] = "\"Chromium\";v=\"131\", \"Google Chrome\";v=\"131\"",
                ["Sec-CH-UA-Mobile"] = "?0",
                ["Sec-CH-UA-Platform"] = "\"Windows\"",
            }),
        ];
        // More than the cache holds, so that each is read again.
        _new =
        [
            .. Enumerable
                .Range(0, 50_000)
                .Select(i => new HeaderDictionary { ["User-Agent"] = $"{_agents[i % _agents.Length]} {i}" }),
        ];
        // Also more than the cache holds.
        _worst = [.. Enumerable.Range(0, 20_000).Select(i => HostileAgents.Worst(i))];
        _once = [.. Enumerable.Range(0, 20_000).Select(HostileAgents.Known)];
        foreach (var headers in _known.Concat(_hinted))
            Read(headers);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _reader.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public UserAgent? Parse() => Parse(_agents[Next(_agents.Length)]);

    [Benchmark]
    public UserAgent? ParseWorst() => Parse(_worst[Next(_worst.Length)]);

    [Benchmark]
    public UserAgent? ParseOnceWorst() => Parse(_once[Next(_once.Length)]);

    [Benchmark]
    public VisitorClass ClassifyNeverSeen() => _reader.Meet(_new[Next(_new.Length)].UserAgent).Visitor;

    [Benchmark]
    public VisitorClass ClassifyWorst() => _reader.Meet(_worst[Next(_worst.Length)]).Visitor;

    [Benchmark]
    public UserAgent NeverSeen() => Read(_new[Next(_new.Length)]);

    [Benchmark]
    public UserAgent SeenBefore() => Tell(_known[0]);

    [Benchmark]
    public UserAgent SeenBeforeInTurns() => Tell(_known[Next(_known.Length)]);

    [Benchmark]
    public UserAgent SeenBeforeWithHints() => Tell(_hinted[Next(_hinted.Length)]);

    private UserAgent? Parse(string agent)
    {
        var steps = AgentParser.MostSteps;
        return _parser.Read(agent, ref steps);
    }

    private UserAgent Read(IHeaderDictionary headers)
    {
        var allowance = long.MaxValue;
        _reader.Read(headers.UserAgent, default, ref allowance);
        return Tell(headers);
    }

    private UserAgent Tell(IHeaderDictionary headers) => AgentReader.Tell(_reader.Meet(headers.UserAgent), headers);

    private int Next(int count) => _next = ++_next < count ? _next : 0;
}
