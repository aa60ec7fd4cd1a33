using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Signpost.Core.Visitors.Agents;
using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Clicks.Classifying;

/// <summary>
/// Turns address, browser and domain into a number that stands for the visitor for one UTC day. Without that day's salt nobody
/// can go back from it or find the same visitor on another day. A salt is kept in the database, so that a restart
/// changes no numbers, until the day is over and all its clicks are stored, and never longer than until the end of the next
/// day. Clicks that are stored later have no visitor.
/// </summary>
internal sealed partial class VisitorSalts(
    Database database,
    SignpostSettings settings,
    TimeProvider clock,
    ExpiryClock expiry,
    ILogger<VisitorSalts> logger
) : IDisposable
{
    /// <summary>Their names among the secrets begin with this.</summary>
    public const string Prefix = "visitors/";

    private const string End = Prefix + "~";
    private const string Others = "name >= @prefix AND name < @end AND name NOT IN (@names)";
    private const int Bytes = 32;
    private const int VisitorBits = 48;
    private const int LongestInput = 9 + 16 + AgentParser.LongestAgent;

    /// <summary>A request may be journaled a little after it came.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(1);

    /// <summary>Each is keyed with the salt of its day, which is nowhere else in memory.</summary>
    private readonly Dictionary<int, IncrementalHash> _hashes = [];

    /// <summary>The days of the only salts in the database; null: others may be there.</summary>
    private string[]? _stored;

    private int? _awaited;

    /// <summary>The database's log holds a salt that was deleted.</summary>
    private bool _isLogged;

    /// <summary>Whether <see cref="Hash"/> can distinguish visitors of that day, or never will.</summary>
    public bool IsReady(int day)
    {
        if (!IsKept(day) || _hashes.ContainsKey(day))
            return true;
        _awaited = day;
        return false;
    }

    /// <summary>The number of a visitor, of 48 bits and never 0; 0: unknown, or not kept.</summary>
    public ulong Hash(int day, ReadOnlySpan<byte> address, ReadOnlySpan<byte> agent, long domainId)
    {
        if (address.Length is not (4 or 16) || !IsKept(day) || !_hashes.TryGetValue(day, out var keyed))
            return 0;

        Span<byte> input = stackalloc byte[LongestInput];
        BinaryPrimitives.WriteInt64LittleEndian(input, domainId);
        input[8] = (byte)address.Length;
        address.CopyTo(input[9..]);
        agent = agent[..Math.Min(agent.Length, AgentParser.LongestAgent)];
        agent.CopyTo(input[(9 + address.Length)..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        keyed.AppendData(input[..(9 + address.Length + agent.Length)]);
        keyed.GetHashAndReset(hash);
        var visitor = BinaryPrimitives.ReadUInt64LittleEndian(hash) & ((1ul << VisitorBits) - 1);
        return visitor == 0 ? 1 : visitor;
    }

    /// <summary>Whether <see cref="IsReady"/> missed a salt that was not yet loaded.</summary>
    public bool IsAwaited => _awaited is not null;

    /// <summary>Loads that salt, or draws a new one.</summary>
    public async Task LoadAwaitedAsync(CancellationToken cancel)
    {
        if (_awaited is not { } day)
            return;

        var salt = Find(day) ?? await DrawAsync(day, cancel);
        _hashes[day] = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, salt);
        CryptographicOperations.ZeroMemory(salt);
        _awaited = null;
    }

    /// <summary>Deletes the salts of finished days, when all clicks of the journal are stored.</summary>
    public async Task ForgetAsync(CancellationToken cancel)
    {
        var kept = settings.KeepsVisitorHashes ? DaysSince(Lateness) : [];
        Forget(kept);
        if (_isLogged && await database.TryEmptyLogAsync(cancel))
            _isLogged = false;
        string[] names = [.. kept.Select(NameOf)];
        if (_stored is not null && names.SequenceEqual(_stored))
            return;

        if (AnyBut(names))
        {
            _isLogged = true;
            var days = await DeleteAsync(names, cancel);
            LogForgotten(days);
            _isLogged = !await database.TryEmptyLogAsync(cancel);
        }

        _stored = names;
    }

    /// <summary>Deletes salts that are too old even while nothing can be stored.</summary>
    public void Expire() => Forget(DaysSince(TimeSpan.FromDays(1)));

    public void Dispose()
    {
        foreach (var keyed in _hashes.Values)
            keyed.Dispose();
        _hashes.Clear();
    }

    /// <summary>
    /// The days from some time ago to tomorrow: by the system's clock, and by the time that has passed. So a clock that jumps away and back
    /// finds the salt of the day again.
    /// </summary>
    private SortedSet<int> DaysSince(TimeSpan ago)
    {
        SortedSet<int> days = [];
        foreach (var now in (DateTimeOffset[])[clock.GetUtcNow(), expiry.Passed])
            for (var day = DayOf(now - ago); day <= DayOf(now) + 1; day++)
                days.Add(day);
        return days;
    }

    private void Forget(SortedSet<int> kept)
    {
        foreach (var (day, keyed) in _hashes)
            if (!kept.Contains(day))
            {
                // This also wipes its memory.
                keyed.Dispose();
                _hashes.Remove(day);
            }
    }

    private bool AnyBut(string[] names)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            $"SELECT 1 FROM secrets WHERE {Others} LIMIT 1",
            ("@prefix", Prefix),
            ("@end", End),
            ("@names", names)
        );
        return command.ExecuteScalar() is not null;
    }

    // After a clock was set right there may be clicks of tomorrow. For later days no salt is drawn.
    private bool IsKept(int day) =>
        settings.KeepsVisitorHashes && (IsNear(day, clock.GetUtcNow()) || IsNear(day, expiry.Passed));

    private static bool IsNear(int day, DateTimeOffset now) => Math.Abs((long)day - DayOf(now)) <= 1;

    private byte[]? Find(int day)
    {
        using var connection = database.OpenOwnRead();
        using var command = connection.Command(
            null,
            "SELECT value FROM secrets WHERE name = @name",
            ("@name", NameOf(day))
        );
        return command.ExecuteScalar() as byte[];
    }

    private async Task<byte[]> DrawAsync(int day, CancellationToken cancel)
    {
        // Also if the commit succeeded but its result was lost: the salt is then in the database.
        _stored = null;
        await database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    "INSERT INTO secrets (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING",
                    ("@name", NameOf(day)),
                    ("@value", RandomNumberGenerator.GetBytes(Bytes))
                ),
            cancel
        );
        return Find(day) ?? throw new InvalidOperationException("The day's salt could not be stored.");
    }

    private Task<int> DeleteAsync(string[] names, CancellationToken cancel) =>
        database.WriteRawAsync(
            (connection, transaction) =>
                connection.Run(
                    transaction,
                    $"DELETE FROM secrets WHERE {Others}",
                    ("@prefix", Prefix),
                    ("@end", End),
                    ("@names", names)
                ),
            cancel
        );

    private static string NameOf(int day) =>
        Prefix + DateTimeOffset.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int DayOf(DateTimeOffset at) => (int)Math.DivRem(at.ToUnixTimeSeconds(), 86_400).Quotient;

    [LoggerMessage(Level = LogLevel.Information, Message = "The salts of {Count} days were deleted")]
    private partial void LogForgotten(int count);
}
