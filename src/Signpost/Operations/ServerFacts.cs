using System.Runtime.InteropServices;
using Signpost.Hosting;
using Signpost.Storage;
using Signpost.Visitors;

namespace Signpost.Operations;

/// <summary>The versions and sizes of this server, for its page.</summary>
/// <param name="Data">The version of the tables.</param>
/// <param name="Geo">The maker's name for the kind of each file with geo data, and the instant when it was built.</param>
/// <param name="DatabaseBytes">The database with its log.</param>
/// <param name="LastBackup">The end of the last backup by the command; null: it never ran for this data directory.</param>
/// <param name="Failures">The number of failures since the start at each place, as in <c>mails</c>.</param>
internal sealed record ServerFacts(
    string Program,
    string Runtime,
    string EngineName,
    string Engine,
    string Data,
    IReadOnlyList<(string Type, DateTimeOffset BuiltAt)> Geo,
    long DatabaseBytes,
    DateTimeOffset? LastBackup,
    IReadOnlyList<(string Place, long Count)> Failures,
    Readiness Health
);

/// <inheritdoc cref="ServerFacts"/>
internal sealed class ServerFactsReader(
    Database database,
    DataDirectory directory,
    GeoDatabase geo,
    Pressure pressure,
    Health health
)
{
    public ServerFacts Read() =>
        new(
            typeof(ServerFacts).Assembly.GetName().Version!.ToString(3),
            RuntimeInformation.FrameworkDescription,
            database.EngineName,
            database.EngineVersion,
            database.Migrations[^1],
            geo.Files,
            database.Bytes,
            directory.LastBackup,
            [.. pressure.Failed().Select(one => ($"{one.Tags[0].Value}", one.Value)).Where(one => one.Value > 0)],
            health.Read()
        );
}
