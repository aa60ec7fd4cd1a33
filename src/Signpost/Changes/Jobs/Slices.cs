using System.Data.Common;
using Signpost.Storage;

namespace Signpost.Changes.Jobs;

/// <summary>
/// Cuts work into short transactions, so that other writers get their turn in between. It adapts the number of rows in each.
/// </summary>
internal sealed class Slices(Database database, ChangeFeed feed, TimeProvider clock) : IDisposable
{
    /// <summary>Only one slice at a time waits to write, so other writers wait for one slice at most, however many jobs there are.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private const int AtFirst = 64;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(12);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(30);

    /// <summary>The most rows that a slice is asked to touch.</summary>
    internal int Most { get; set; } = 2_048;

    /// <summary>Called after the commit of each slice with its number of rows. Tests count with it, or stop there.</summary>
    internal Action<int> AfterSlice { get; set; } = static _ => { };

    /// <summary>Repeats the work, each time in a transaction of its own, until it returns 0.</summary>
    /// <param name="work">Returns how many rows it touched: about <see cref="Slice.Size"/>; 0: nothing is left.</param>
    public Task RunAsync(Func<Slice, int> work, CancellationToken cancel) =>
        RunAsync(work, rows => AfterSlice(rows), cancel);

    /// <summary>The same for work that belongs to no job: <see cref="AfterSlice"/> is not called.</summary>
    public Task RunAsideAsync(Func<Slice, int> work, CancellationToken cancel) => RunAsync(work, _ => { }, cancel);

    private async Task RunAsync(Func<Slice, int> work, Action<int> after, CancellationToken cancel)
    {
        for (var size = Math.Min(AtFirst, Most); ; )
        {
            cancel.ThrowIfCancellationRequested();
            var (rows, took) = await InTurnAsync(work, size, cancel);
            if (rows == 0)
                return;

            after(rows);
            if (took > Slow)
                size = Math.Max(size / 2, 1);
            else if (took < Quick && rows >= size)
                size = Math.Min(size * 2, Most);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(int Rows, TimeSpan Took)> InTurnAsync(Func<Slice, int> work, int size, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await OneAsync(work, size, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(int Rows, TimeSpan Took)> OneAsync(Func<Slice, int> work, int size, CancellationToken cancel)
    {
        await database.CatchUpAsync(cancel);
        List<LinkChanged> changed = [];
        var start = clock.GetTimestamp();
        var rows = await database.WriteRawAsync(
            (connection, transaction) =>
            {
                start = clock.GetTimestamp();
                database.AfterCommit(() => feed.PublishAll(changed));
                return work(new Slice(connection, transaction, size, changed));
            },
            cancel
        );
        return (rows, clock.GetElapsedTime(start));
    }
}

/// <summary>One of the short transactions.</summary>
/// <param name="size">The approximate number of rows that it may touch.</param>
/// <param name="changed">The links that it changes.</param>
internal sealed class Slice(DbConnection connection, DbTransaction transaction, int size, List<LinkChanged> changed)
{
    private const int PageBytes = 4_096;

    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    public int Size => size;

    /// <summary>Publishes after the commit that a link has changed.</summary>
    public void Tell(LinkChanged change) => changed.Add(change);

    /// <summary>The number of rows for which a large value counts: one for each of its pages.</summary>
    public static int Weight(long bytes) => (int)(bytes / PageBytes);

    /// <summary>The bytes that have the weight of some rows.</summary>
    public static long BytesOf(int rows) => (long)rows * PageBytes;

    /// <summary>A command with its values, as in <see cref="Commands"/>.</summary>
    public DbCommand Command(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        connection.Command(transaction, sql, values);

    /// <summary>Runs a command; returns how many rows it changed.</summary>
    public int Run(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        connection.Run(transaction, sql, values);

    /// <summary>Deletes some rows; returns how many.</summary>
    public int Delete(string table, string where, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var row = Dialect.Of(connection).RowId;
        return Run(
            $"DELETE FROM {table} WHERE {row} IN (SELECT {row} FROM {table} WHERE {where} LIMIT @size)",
            [.. values, ("@size", size)]
        );
    }

    /// <summary>Deletes the job's row, in its last slice.</summary>
    public int End(Job job) => Run("DELETE FROM jobs WHERE id = @id", ("@id", job.Id));
}
