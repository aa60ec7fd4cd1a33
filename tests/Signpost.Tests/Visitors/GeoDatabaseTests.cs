using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Signpost.Core.Visitors;
using Signpost.Hosting;
using Signpost.Testing;
using Signpost.Visitors;

namespace Signpost.Tests.Visitors;

/// <summary>Geo files of the operator's own, and what happens when they change while the server runs.</summary>
public sealed class GeoDatabaseTests : IDisposable
{
    private readonly DirectoryInfo _compactor = Directory.CreateTempSubdirectory("signpost-geo-");
    private readonly ManualClock _clock = new();
    private readonly LogLines _log = new();
    private DateTime _written = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private string FilePath => Path.Combine(_compactor.FullName, "geo.mmdb");

    public void Dispose()
    {
        _log.Dispose();
        _compactor.Delete(recursive: true);
    }

    [Fact]
    public void A_file_of_ones_own_decides_alone()
    {
        Save(FilePath, Country("FR"));
        using var places = Open(FilePath);

        Assert.Equal(new("EU", "FR", null), Find(places, "1.2.3.4"));
        Assert.Equal(default, Find(places, "8.8.8.8"));
    }

    [Fact]
    public void Of_two_files_each_answers_for_its_addresses()
    {
        var ipv6 = Path.Combine(_compactor.FullName, "six.mmdb");
        Save(FilePath, new MmdbWriter(4, 28).Add("1.0.0.0/8", GeoRecord.Flat("AU", "Sydney")).Write());
        Save(ipv6, new MmdbWriter(6, 28).Add("2a00::/12", GeoRecord.Flat("SE", "Malmö")).Write());
        using var places = Open(FilePath, ipv6);
        using var turned = Open(ipv6, FilePath);

        foreach (var both in (GeoDatabase[])[places, turned])
        {
            Assert.Equal(new("OC", "AU", "Sydney"), Find(both, "1.2.3.4"));
            Assert.Equal(new("OC", "AU", "Sydney"), Find(both, "::ffff:1.2.3.4"));
            Assert.Equal(new("EU", "SE", "Malmö"), Find(both, "2a01::1"));
        }
    }

    [Fact]
    public void A_file_of_cities_alone_leaves_the_country_to_the_shipped_data()
    {
        Save(
            FilePath,
            new MmdbWriter().Add("8.8.8.0/24", new Dictionary<string, object> { ["city"] = "Mountain View" }).Write()
        );
        using var places = Open(FilePath);

        Assert.Equal(new("NA", "US", "Mountain View"), Find(places, "8.8.8.8"));
    }

    [Fact]
    public void A_file_put_in_its_place_is_read_without_a_restart()
    {
        Save(FilePath, Country("FR"));
        using var places = Open(FilePath);
        var beside = FilePath + ".new";
        Save(beside, Country("DE"));

        File.Move(beside, FilePath, overwrite: true);
        Wait();

        Assert.Equal("DE", Find(places, "1.2.3.4").CountryCode);
        Assert.Contains("was read again", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_written_over_is_read_once_it_is_still()
    {
        Save(FilePath, Country("FR"));
        using var places = Open(FilePath);
        var whole = Country("DE");

        for (var length = 0; length < whole.Length; length += 50)
        {
            Save(FilePath, whole[..length]);
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("FR", Find(places, "1.2.3.4").CountryCode);
        }
        Assert.Empty(_log.Lines);
        Save(FilePath, whole);
        Wait();

        Assert.Equal("DE", Find(places, "1.2.3.4").CountryCode);
    }

    [Fact]
    public void A_damaged_file_leaves_the_former_in_force_and_is_told_once()
    {
        Save(FilePath, Country("FR"));
        using var places = Open(FilePath);

        Save(FilePath, [.. Country("DE").Skip(1)]);
        Wait();
        Wait();

        Assert.Equal("FR", Find(places, "1.2.3.4").CountryCode);
        Assert.Contains(FilePath, Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Contains("stays in use", _log.Lines[0], StringComparison.Ordinal);
        Save(FilePath, Country("DE"));
        Wait();
        Assert.Equal("DE", Find(places, "1.2.3.4").CountryCode);
    }

    [Fact]
    public void A_file_taken_away_leaves_what_was_read()
    {
        Save(FilePath, Country("FR"));
        using var places = Open(FilePath);

        File.Delete(FilePath);
        Wait();

        Assert.Equal("FR", Find(places, "1.2.3.4").CountryCode);
        Assert.Contains("no such file", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Save(FilePath, Country("DE"));
        Wait();
        Assert.Equal("DE", Find(places, "1.2.3.4").CountryCode);
    }

    [Fact]
    public void A_link_to_a_file_is_followed_when_it_is_turned()
    {
        var (one, two) = (FilePath + ".1", FilePath + ".2");
        Save(one, Country("FR"));
        Save(two, Country("DE"));
        File.CreateSymbolicLink(FilePath, one);
        using var places = Open(FilePath);

        File.Delete(FilePath);
        File.CreateSymbolicLink(FilePath, two);
        Wait();

        Assert.Equal("DE", Find(places, "1.2.3.4").CountryCode);
    }

    [Fact]
    public async Task Look_ups_go_on_while_files_come_and_go()
    {
        const int Exchanges = 15;
        Save(FilePath, Country("FR"));
        using var places = Open(FilePath);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var lookUps = 0;
        var visitors = Enumerable
            .Range(0, 2)
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                    {
                        while (!end.IsCancellationRequested)
                        {
                            Assert.True(Find(places, "1.2.3.4").CountryCode is "FR" or "DE");
                            Interlocked.Increment(ref lookUps);
                        }
                    },
                    end.Token,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();

        await Patience.UntilAsync(() => Task.FromResult(Volatile.Read(ref lookUps) > 0), "A look-up");
        for (var i = 0; i < Exchanges; i++)
        {
            Save(FilePath, Country(i % 2 == 0 ? "DE" : "FR"));
            Wait();
            GC.Collect();
        }
        await end.CancelAsync();

        await Task.WhenAll(visitors).OrFail();
        Assert.Equal(Exchanges, _log.Lines.Count);
    }

    [Fact]
    public void A_file_that_cannot_be_used_stops_the_start()
    {
        Save(FilePath, "nothing of the kind"u8.ToArray());

        var error = Assert.Throws<StartException>(() => Open(FilePath));

        Assert.Contains($"SIGNPOST_GEO_DATABASE={FilePath}", error.Message, StringComparison.Ordinal);
        Assert.Contains("not an MMDB file", error.Message, StringComparison.Ordinal);
        Assert.Contains("Allowed: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_banner_tells_the_date_of_the_data()
    {
        Save(FilePath, Country("FR"));
        await using var server = await TestServer.StartAsync(("SIGNPOST_GEO_DATABASE", FilePath));
        await using var plain = await TestServer.StartAsync();

        Assert.Equal("Test of 2026-05-28", server.Services.GetRequiredService<GeoDatabase>().Summary);
        Assert.Matches(
            @"^country ipvAll of \d{4}-\d\d-\d\d$",
            plain.Services.GetRequiredService<GeoDatabase>().Summary
        );
    }

    // Seen, still, read.
    private void Wait() => _clock.Advance(TimeSpan.FromSeconds(3));

    private GeoDatabase Open(params string[] paths) =>
        new([.. paths.Select(GeoFile.Open)], _clock, _log.CreateLogger<GeoDatabase>());

    private static byte[] Country(string code) => new MmdbWriter(4).Add("1.0.0.0/8", GeoRecord.Flat(code)).Write();

    private static Place Find(GeoDatabase places, string address) => places.Find(IPAddress.Parse(address));

    // Two writes within the file system's idea of an instant would look the same; real ones are further apart.
    private void Save(string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        File.SetLastWriteTimeUtc(path, _written += TimeSpan.FromSeconds(1));
    }

    /// <summary>Keeps what is logged.</summary>
    private sealed class LogLines : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider) { }

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));
    }
}
