using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Signpost.Core.Visitors;
using Signpost.Core.Visitors.Agents;
using Signpost.Visitors;

namespace Signpost.Benchmarks;

/// <summary>Telling system, browser and device, over the labelled agents of the tests, one after another.</summary>
public class AgentBenchmarks
{
    private readonly AgentReader _reader = new(TimeProvider.System);
    private readonly AgentParser _parser = AgentReader.MakeParser(TimeProvider.System);
    private string[] _agents = [];
    private HeaderDictionary[] _new = [];
    private HeaderDictionary[] _known = [];
    private HeaderDictionary[] _hinted = [];
    private int _next;

    [GlobalSetup]
    public void Load()
    {
        _reader.Load();
        _agents =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "devices.tsv"))
                .Select(line => line.Split('\t')[3]),
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
        // More than are remembered, so that each is read anew.
        _new =
        [
            .. Enumerable
                .Range(0, 50_000)
                .Select(i => new HeaderDictionary { ["User-Agent"] = $"{_agents[i % _agents.Length]} {i}" }),
        ];
        foreach (var headers in _known.Concat(_hinted))
            _reader.Read(headers);
    }

    [Benchmark]
    public UserAgent? Parse() => _parser.Read(_agents[Next(_agents.Length)]);

    [Benchmark]
    public UserAgent NeverSeen() => _reader.Read(_new[Next(_new.Length)]);

    [Benchmark]
    public UserAgent SeenBefore() => _reader.Read(_known[0]);

    [Benchmark]
    public UserAgent SeenBeforeInTurns() => _reader.Read(_known[Next(_known.Length)]);

    [Benchmark]
    public UserAgent SeenBeforeWithHints() => _reader.Read(_hinted[Next(_hinted.Length)]);

    private int Next(int count) => _next = ++_next < count ? _next : 0;
}
