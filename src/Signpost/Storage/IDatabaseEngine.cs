using System.Data.Common;

namespace Signpost.Storage;

/// <summary>Everything that <see cref="Database"/> does in the own way of SQLite or of PostgreSQL.</summary>
internal interface IDatabaseEngine : IDisposable
{
    /// <summary>The name of the program: SQLite or PostgreSQL.</summary>
    string Name { get; }

    /// <summary>The time since which the database cannot be reached; null: it can, as far as is known.</summary>
    DateTimeOffset? AwaySince { get; }

    /// <summary>The place of the database, for messages: the path of a file, or a server and the name of the database there.</summary>
    string Place { get; }

    /// <summary>The ids of this program's migrations, oldest first. An id begins with the time of the migration's creation.</summary>
    IReadOnlyList<string> Migrations { get; }

    /// <summary>Whether no server uses the database, as far as the database itself can tell.</summary>
    bool IsAlone { get; }

    /// <summary>The bytes of the database on the disk.</summary>
    long Bytes { get; }

    /// <summary>Opens the one connection that writes.</summary>
    /// <exception cref="DatabaseDamagedException">It is not a database, or a version that this program does not know made it.</exception>
    /// <exception cref="DatabaseAwayException">It cannot be used now; the message says why.</exception>
    DbConnection OpenWriter();

    /// <summary>Makes an error at start to one that says what to do.</summary>
    Exception Explain(DbException error);

    /// <summary>Says why the database takes no writes, and what to do; null: the error means something else.</summary>
    string? RefusalOf(Exception error);

    /// <summary>Tells whether the reason may be over, so that only the next write shows it.</summary>
    bool MayTakeWrites(TimeSpan sinceRefusal);

    /// <summary>Passes when the database can be used, as far as is known.</summary>
    /// <exception cref="DatabaseAwayException">It is away; the message says why.</exception>
    void Require();

    /// <summary>Makes the connection ready for the next write. If it was lost, it is opened again, and what was sent on it has
    /// happened or never will.</summary>
    /// <exception cref="DbException">The database cannot be used now.</exception>
    void KeepOpen(DbConnection writer);

    /// <summary>Opens a read-only connection; the caller disposes it, which gives it back to a pool.</summary>
    /// <exception cref="DbException">The database cannot be used now.</exception>
    DbConnection OpenRead();

    /// <summary>As <see cref="OpenRead"/>, for the server's own work: requests cannot use these connections up, and a statement may take
    /// minutes.</summary>
    /// <exception cref="DbException">The database cannot be used now.</exception>
    DbConnection OpenOwnRead();

    /// <summary>Marks the database as used by this process. A process that has lost the lock finds out by this that another one had
    /// it meanwhile.</summary>
    /// <param name="hasChanged">This process has changed tables.</param>
    void Claim(DbConnection writer, bool hasChanged);

    /// <summary>Makes a context that reads, without tracking; the caller disposes it.</summary>
    SignpostDb NewReader();

    /// <summary>Makes a context over the connection that writes; the caller disposes it.</summary>
    SignpostDb NewWriter(DbConnection writer);

    /// <summary>Call it after each write, before the next one begins.</summary>
    void AfterWrite(DbConnection writer);

    /// <inheritdoc cref="Database.CatchUpAsync"/>
    Task CatchUpAsync(CancellationToken cancel);

    /// <summary>Empties the log of the database, so that nothing deleted is left in it. False: not yet.</summary>
    Task<bool> TryEmptyLogAsync(DbConnection writer);

    /// <summary>Takes the room on the disk that the next write to mapped memory needs. False: there is none.</summary>
    bool TryKeepWritable();
}
