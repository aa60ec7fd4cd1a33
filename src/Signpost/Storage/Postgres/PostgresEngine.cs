using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Signpost.Storage.Postgres;

/// <summary>PostgreSQL: connections, the lock that keeps a second server away, time limits.</summary>
/// <param name="isBeside">A server may use the database meanwhile. False: it must end within ten seconds.</param>
internal sealed class PostgresEngine(PostgresAddress address, bool isBeside = false) : IDatabaseEngine
{
    private const int MostReaders = 30;
    private const int MostOwnReaders = 12;
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 30;
    private const int ReadSeconds = 10;
    private const int OwnReadSeconds = 600;
    private const int AnswerSeconds = 4;
    private const int LockMilliseconds = 10_000;
    private const int CancelMilliseconds = 2_000;
    private const int EndMilliseconds = 5_000;
    private const int OldestVersion = 15;
    private static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(1);
    private const long ServerLock = 0x5369676E706F7374; // "Signpost"

    /// <inheritdoc cref="IDatabaseEngine.Migrations"/>
    private static readonly IReadOnlyList<string> Known = Schema.MigrationsOf<PostgresDb>();

    private readonly NpgsqlDataSource _readers = NewReaders(address, "signpost reader", MostReaders, ReadSeconds);

    // Requests cannot use these up.
    private readonly NpgsqlDataSource _ownReaders = NewReaders(
        address,
        "signpost upkeep",
        MostOwnReaders,
        OwnReadSeconds
    );
    private readonly Reach _reach = new(TimeProvider.System);
    private Watch? _watch;
    private ServerSession? _session;
    private long _usedAt;
    private DatabaseAwayException? _refusal;
    private long _refusedAt;
    private Guid? _claim;
    private DbContextOptions<SignpostDb>? _readOptions;
    private DbContextOptions<SignpostDb>? _writeOptions;

    public string Name => "PostgreSQL";

    public string Place => address.Place;

    public DateTimeOffset? AwaySince => _reach.AwaySince;

    public IReadOnlyList<string> Migrations => Known;

    public bool IsAlone { get; private set; }

    public long Bytes
    {
        get
        {
            using var connection = OpenRead();
            using var command = connection.Command(null, "SELECT pg_database_size(current_database())");
            return (long)command.ExecuteScalar()!;
        }
    }

    public DbConnection OpenWriter()
    {
        var settings = Settings(address, "signpost");
        // Otherwise a client that leaves would end the connection, and with it the lock.
        settings.CancellationTimeout = CancelMilliseconds;
        var writer = new NpgsqlConnection(settings.ToString());
        try
        {
            writer.Open();
            // A pooler would keep a lock for whoever is given its connection next.
            CheckSession(writer);
            Prepare(writer);
            Schema.Check(writer, Known, Place);
            _watch = new(ForWatch(address), _reach, Reason, Clear);
            return writer;
        }
        catch (Exception error)
        {
            writer.Dispose();
            if (error is DbException explained)
                throw Explain(explained);
            throw;
        }
    }

    public void Require() => _reach.Require();

    public void KeepOpen(DbConnection writer)
    {
        _reach.Require();
        var connection = (NpgsqlConnection)writer;
        if (connection.State is ConnectionState.Open && IsAlive(connection))
            return;
        if (
            _refusal is { } refusal
            && (refusal.IsFinal || TimeProvider.System.GetElapsedTime(_refusedAt) < RefusalPause)
        )
            throw new DatabaseAwayException(refusal.Message, isRefusal: true) { IsFinal = refusal.IsFinal };
        connection.Close();
        try
        {
            connection.Open();
            Prepare(connection);
            _refusal = null;
        }
        catch (Exception error)
        {
            if (error is DatabaseAwayException { IsRefusal: true } refused)
                (_refusal, _refusedAt) = (refused, TimeProvider.System.GetTimestamp());
            else
                _reach.Lose(Reason(error));
            connection.Close();
            throw;
        }
    }

    public string? RefusalOf(Exception error) => PostgresErrors.RefusalOf(error, address);

    // Nobody else can know, and clicks that wait are written all the time.
    public bool MayTakeWrites(TimeSpan sinceRefusal) => sinceRefusal > LongestRefusal;

    public Exception Explain(DbException error) =>
        error is NpgsqlException ? new DatabaseAwayException(PostgresErrors.Explain(error, address)) : error;

    public DbConnection OpenRead() => Open(_readers);

    public DbConnection OpenOwnRead() => Open(_ownReaders);

    private NpgsqlConnection Open(NpgsqlDataSource readers)
    {
        _reach.Require();
        try
        {
            return readers.OpenConnection();
        }
        catch (NpgsqlException error) when (!PostgresErrors.IsBusy(error))
        {
            _reach.Lose(Reason(error));
            throw;
        }
    }

    // With the source in its options, Entity Framework would make its model once more for each database.
    public SignpostDb NewReader()
    {
        PostgresDb db = new(
            _readOptions ??= new DbContextOptionsBuilder<SignpostDb>()
                .UseNpgsql()
                .AddInterceptors(new ReachInterceptor(_reach, Reason))
                .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
                .Options
        );
        db.Database.SetDbConnection(_readers.CreateConnection(), contextOwnsConnection: true);
        return db;
    }

    public SignpostDb NewWriter(DbConnection writer) =>
        new PostgresDb(_writeOptions ??= new DbContextOptionsBuilder<SignpostDb>().UseNpgsql(writer).Options);

    // PostgreSQL moves its log by itself.
    public void AfterWrite(DbConnection writer) { }

    public Task CatchUpAsync(CancellationToken cancel) => Task.CompletedTask;

    // The log belongs to the server: it is in its replicas and archives, too.
    public Task<bool> TryEmptyLogAsync(DbConnection writer) => Task.FromResult(true);

    public bool TryKeepWritable() => true;

    public void Dispose()
    {
        _watch?.Dispose();
        _readers.Dispose();
        _ownReaders.Dispose();
    }

    private void Clear()
    {
        _readers.Clear();
        _ownReaders.Clear();
    }

    private string Reason(Exception error) =>
        error is DatabaseAwayException ? error.Message : PostgresErrors.Explain(error, address);

    private void Prepare(NpgsqlConnection writer)
    {
        CheckServer(writer);
        Execute(writer, $"{Session}; {NoticeLoss}");
        EndFormer(writer);
        TakeLock(writer);
        CheckClaim(writer);
        _session = ReadSession(writer);
    }

    // After a cut the server may believe for long that the former connection is there: it would keep the lock, and perhaps commit.
    private void EndFormer(NpgsqlConnection writer)
    {
        if (_session is not { } former)
            return;
        using var command = writer.Command(
            null,
            "SELECT pg_terminate_backend(pid, @wait) FROM pg_stat_activity WHERE pid = @pid AND CAST(extract(epoch FROM backend_start) AS text) = @started",
            ("@wait", (long)EndMilliseconds),
            ("@pid", former.Id),
            ("@started", former.Started)
        );
        command.ExecuteNonQuery();
    }

    private static ServerSession ReadSession(NpgsqlConnection writer)
    {
        using var command = writer.Command(
            null,
            "SELECT pid, CAST(extract(epoch FROM backend_start) AS text) FROM pg_stat_activity WHERE pid = pg_backend_pid()"
        );
        using var row = command.ExecuteReader();
        row.Read();
        return new(row.GetInt32(0), row.GetString(1));
    }

    // The lock ends with the connection. So whoever holds it is the only one that writes. Only a start waits for it: later, all writes
    // would wait, too.
    private void TakeLock(NpgsqlConnection writer)
    {
        IsAlone = isBeside || _session is not null ? TryLock(writer) : WaitForLock(writer);
        if (!IsAlone && !isBeside)
            throw new DatabaseAwayException(
                $"Another Signpost server uses {Place}. Stop that one, or set another SIGNPOST_DATABASE_URL.",
                isRefusal: true
            );
    }

    private static bool TryLock(NpgsqlConnection writer)
    {
        using var command = writer.Command(null, "SELECT pg_try_advisory_lock(@lock)", ("@lock", ServerLock));
        return (bool)command.ExecuteScalar()!;
    }

    private static bool WaitForLock(NpgsqlConnection writer)
    {
        try
        {
            Execute(
                writer,
                $"SET lock_timeout = {LockMilliseconds}; SELECT pg_advisory_lock({ServerLock}); SET lock_timeout = 0"
            );
            return true;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    public void Claim(DbConnection writer, bool hasChanged)
    {
        if (isBeside && !hasChanged)
            return;
        Execute(
            (NpgsqlConnection)writer,
            "CREATE TABLE IF NOT EXISTS database_holder (id integer PRIMARY KEY, mark uuid NOT NULL)"
        );
        using var command = writer.Command(
            null,
            "INSERT INTO database_holder (id, mark) VALUES (1, gen_random_uuid()) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark RETURNING mark"
        );
        _claim = (Guid)command.ExecuteScalar()!;
    }

    // While the lock was lost, another process may have changed what this one has in memory.
    private void CheckClaim(NpgsqlConnection writer)
    {
        if (_claim is not { } own)
            return;
        using var command = writer.Command(null, "SELECT mark FROM database_holder");
        if (command.ExecuteScalar() is Guid mark && mark == own)
            return;
        throw new DatabaseAwayException(
            $"Another Signpost process has used {Place} while the connection was lost, so this server ends. Start it again.",
            isRefusal: true
        )
        {
            IsFinal = true,
        };
    }

    // A connection that was not used for a moment may have been lost meanwhile, for example because the server started again.
    private bool IsAlive(NpgsqlConnection connection)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (TimeProvider.System.GetElapsedTime(_usedAt, now) < LongestTrust)
            return true;
        try
        {
            using var command = connection.Command(null, "SELECT 1");
            command.CommandTimeout = AnswerSeconds;
            command.ExecuteNonQuery();
            _usedAt = now;
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // Behind a pooler that gives each transaction a connection of the server, the lock would belong to nobody. There, a second connection
    // is given the server's connection of the first one, or takes it away.
    private void CheckSession(NpgsqlConnection writer)
    {
        var own = ServerConnection(writer, null);
        using var second = new NpgsqlConnection(Settings(address, "signpost").ToString());
        second.Open();
        using var transaction = second.BeginTransaction();
        if (ServerConnection(second, transaction) == own || ServerConnection(writer, null) != own)
            throw new DatabaseAwayException(
                $"{Place} is a pooler that gives each transaction another connection. Name the server itself in SIGNPOST_DATABASE_URL, or let the pooler keep sessions (pool_mode = session)."
            );
    }

    private static int ServerConnection(NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        using var command = connection.Command(transaction, "SELECT pg_backend_pid()");
        return (int)command.ExecuteScalar()!;
    }

    private void CheckServer(NpgsqlConnection writer)
    {
        if (writer.PostgreSqlVersion.Major < OldestVersion)
            throw new DatabaseAwayException(
                $"{Place} is PostgreSQL {writer.PostgreSqlVersion.Major}. Signpost needs {OldestVersion} or later."
            );
        using var command = writer.Command(
            null,
            "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on', current_setting('server_encoding')"
        );
        using var row = command.ExecuteReader();
        row.Read();
        if (row.GetBoolean(0))
            throw new DatabaseAwayException(PostgresErrors.IsReplica(address), isRefusal: true);
        if (row.GetString(1) is not "UTF8" and var encoding)
            throw new DatabaseAwayException(
                $"{Place} has the encoding {encoding}. Create the database with the encoding UTF8 (docs/postgresql.md)."
            );
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = connection.Command(null, sql);
        command.ExecuteNonQuery();
    }

    // Plans are made for the values of each run, because tables of accounts differ much in size.
    // Limits of the role or of the database would end long work, or a quiet session and with it the lock.
    private const string Session =
        "SET jit = off; SET plan_cache_mode = force_custom_plan; SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0";

    // The server ends a session whose client is gone, and with it the lock.
    private const string NoticeLoss =
        "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2; SET tcp_user_timeout = 10000";

    private static NpgsqlDataSource NewReaders(PostgresAddress address, string name, int most, int seconds)
    {
        var settings = Settings(address, name);
        settings.Pooling = true;
        // The server ends a slow statement first. If it does not, it is away.
        settings.CommandTimeout = seconds + AnswerSeconds;
        settings.MaxPoolSize = most;
        // Nothing that we set lasts only for one use of a connection.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 3;
        var builder = new NpgsqlDataSourceBuilder(settings.ToString());
        var readOnly = $"{Session}; SET default_transaction_read_only = on; SET statement_timeout = {seconds * 1000}";
        builder.UsePhysicalConnectionInitializer(
            connection => Execute(connection, readOnly),
            async connection =>
            {
                await using var command = connection.Command(null, readOnly);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
        );
        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Settings(PostgresAddress address, string name) =>
        new()
        {
            Host = address.Host,
            Port = address.Port,
            Database = address.Database,
            Username = address.User,
            Password = address.Password,
            SslMode = address.Security,
            ApplicationName = name,
            Pooling = false,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            // A server that does not answer would not answer to that, either.
            CancellationTimeout = -1,
            KeepAlive = 10,
            TcpKeepAlive = true,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };

    private static NpgsqlConnectionStringBuilder ForWatch(PostgresAddress address)
    {
        var settings = Settings(address, "signpost watch");
        settings.Timeout = settings.CommandTimeout = AnswerSeconds;
        settings.KeepAlive = 0;
        return settings;
    }

    /// <summary>A session of the server. Its number may be given again later.</summary>
    private sealed record ServerSession(int Id, string Started);
}
