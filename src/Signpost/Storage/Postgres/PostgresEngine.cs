using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Signpost.Storage.Postgres;

/// <summary>PostgreSQL: connections, the lock that keeps a second server away, time limits.</summary>
/// <param name="isBeside">A server may use the database meanwhile. False: it must end within ten seconds.</param>
internal sealed class PostgresEngine(PostgresAddress address, bool isBeside = false) : IDatabaseEngine
{
    private const int MostReaders = 40;
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 30;
    private const int ReadSeconds = 10;
    private const int LockMilliseconds = 10_000;
    private const int OldestVersion = 15;
    private static readonly TimeSpan LongestTrust = TimeSpan.FromSeconds(1);
    private const long ServerLock = 0x5369676E706F7374; // "Signpost"

    /// <inheritdoc cref="IDatabaseEngine.Migrations"/>
    private static readonly IReadOnlyList<string> Known = Schema.MigrationsOf<PostgresDb>();

    private readonly NpgsqlDataSource _readers = NewReaders(address);
    private readonly Reach _reach = new(address.Place, TimeProvider.System);
    private long _usedAt;
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
        var writer = new NpgsqlConnection(Settings(address, "signpost").ToString());
        try
        {
            writer.Open();
            Prepare(writer);
            CheckSession(writer);
            Schema.Check(writer, Known, Place);
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

    public void KeepOpen(DbConnection writer)
    {
        var connection = (NpgsqlConnection)writer;
        if (connection.State is ConnectionState.Open && IsAlive(connection))
            return;
        _reach.Require();
        connection.Close();
        try
        {
            connection.Open();
            Prepare(connection);
            _reach.Find();
        }
        catch
        {
            _reach.Lose();
            connection.Close();
            throw;
        }
    }

    public Exception Explain(DbException error) =>
        error is NpgsqlException ? new DatabaseAwayException(PostgresErrors.Explain(error, address)) : error;

    public DbConnection OpenRead()
    {
        _reach.Require();
        try
        {
            var connection = _readers.OpenConnection();
            _reach.Find();
            return connection;
        }
        catch (NpgsqlException)
        {
            _reach.Lose();
            throw;
        }
    }

    public SignpostDb NewReader() =>
        new PostgresDb(
            _readOptions ??= new DbContextOptionsBuilder<SignpostDb>()
                .UseNpgsql(_readers)
                .AddInterceptors(new ReachInterceptor(_reach))
                .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
                .Options
        );

    public SignpostDb NewWriter(DbConnection writer) =>
        new PostgresDb(_writeOptions ??= new DbContextOptionsBuilder<SignpostDb>().UseNpgsql(writer).Options);

    // The log belongs to the server: it is in its replicas and archives, too.
    public Task<bool> TryEmptyLogAsync(DbConnection writer) => Task.FromResult(true);

    public bool TryKeepWritable() => true;

    public void Dispose() => _readers.Dispose();

    private void Prepare(NpgsqlConnection writer)
    {
        CheckServer(writer);
        Execute(writer, Session);
        TakeLock(writer);
    }

    // The lock ends with the connection. So whoever holds it is the only one that writes.
    private void TakeLock(NpgsqlConnection writer)
    {
        try
        {
            Execute(
                writer,
                $"SET lock_timeout = {(isBeside ? 1 : LockMilliseconds)}; SELECT pg_advisory_lock({ServerLock}); SET lock_timeout = 0"
            );
            IsAlone = true;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable && isBeside)
        {
            Execute(writer, "SET lock_timeout = 0");
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            throw new DatabaseAwayException(
                $"Another Signpost server uses {Place}. Stop that one, or set another SIGNPOST_DATABASE_URL."
            );
        }
    }

    // A connection that was not used for a moment may have been lost meanwhile, for example because the server started again.
    private bool IsAlive(NpgsqlConnection connection)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (TimeProvider.System.GetElapsedTime(_usedAt, now) < LongestTrust)
            return true;
        try
        {
            Execute(connection, "SELECT 1");
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
            throw new DatabaseAwayException(PostgresErrors.IsReplica(address));
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
    private const string Session = "SET jit = off; SET plan_cache_mode = force_custom_plan";

    private static NpgsqlDataSource NewReaders(PostgresAddress address)
    {
        var settings = Settings(address, "signpost reader");
        settings.Pooling = true;
        settings.CommandTimeout = ReadSeconds;
        settings.MaxPoolSize = MostReaders;
        // Nothing that we set lasts only for one use of a connection.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 3;
        var builder = new NpgsqlDataSourceBuilder(settings.ToString());
        const string ReadOnly = $"{Session}; SET default_transaction_read_only = on";
        builder.UsePhysicalConnectionInitializer(
            connection => Execute(connection, ReadOnly),
            async connection =>
            {
                await using var command = connection.Command(null, ReadOnly);
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
            CancellationTimeout = 2_000,
            KeepAlive = 10,
            TcpKeepAlive = true,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
}
