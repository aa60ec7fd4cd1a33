using System.Globalization;
using System.Net;
using Signpost.Core.Visitors;

namespace Signpost.Visitors;

/// <summary>
/// The current geo data: the operator's files, or else the countries that ship with the program. A changed file is
/// read again within seconds; if the new file is damaged, the former data stays.
/// </summary>
internal sealed partial class GeoDatabase : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly GeoFile[] _files;
    private readonly ILogger<GeoDatabase> _logger;
    private readonly ITimer? _timer;
    private long _unusable;

    public GeoDatabase(GeoFile[] files, TimeProvider clock, ILogger<GeoDatabase> logger)
    {
        (_files, _logger) = (files, logger);
        if (files.Length == 0)
            _ = ShippedCountries.Reader;
        else
            // One shot each time: reading a large file takes longer than the interval.
            _timer = clock.CreateTimer(_ => Refresh(), null, Pause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The line that the operator reads at the start: kind and date of each file.</summary>
    public string Summary => string.Join(", ", Readers.Select(Describe));

    /// <summary>The maker's name for the kind of each file, and the instant when it was built.</summary>
    public IReadOnlyList<(string Type, DateTimeOffset BuiltAt)> Files =>
        [.. Readers.Select(reader => (reader.Metadata.DatabaseType, reader.Metadata.BuiltAt))];

    /// <summary>The number of changed files since the start that could not be used.</summary>
    public long Unusable => Interlocked.Read(ref _unusable);

    private IEnumerable<MmdbReader> Readers =>
        _files is [] ? [ShippedCountries.Reader] : _files.Select(file => file.Reader);

    /// <summary>The place of an address, from the first file that knows it.</summary>
    public Place Find(IPAddress address)
    {
        if (_files.Length == 0)
            return ShippedCountries.Find(address);

        foreach (var file in _files)
        {
            var reader = file.Reader;
            var place = reader.Find(address);
            if (place == default)
                continue;
            if (place.CountryCode is not null || reader.HasCountries)
                return place;

            // A file that has nothing but cities: the country comes from the shipped data.
            var country = ShippedCountries.Find(address);
            return new(place.ContinentCode ?? country.ContinentCode, country.CountryCode, place.CityName);
        }
        return default;
    }

    public void Dispose() => _timer?.Dispose();

    private void Refresh()
    {
        foreach (var file in _files)
        {
            if (!file.TryRefresh(out var trouble))
                continue;
            var data = Describe(file.Reader);
            if (trouble is null)
                LogRefreshed(file.Path, data);
            else
            {
                Interlocked.Increment(ref _unusable);
                LogUnusable(file.Path, trouble);
            }
        }
        _timer?.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    private static string Describe(MmdbReader reader) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{reader.Metadata.DatabaseType} of {reader.Metadata.BuiltAt:yyyy-MM-dd}"
        );

    [LoggerMessage(Level = LogLevel.Information, Message = "The geo database {Path} was read again: {Data}")]
    private partial void LogRefreshed(string path, string data);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The geo database {Path} has changed and cannot be used, so the former data stays in use: {Reason}"
    )]
    private partial void LogUnusable(string path, string reason);
}
