using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Signpost.Storage;

namespace Signpost.Tests.Storage;

/// <summary>
/// Makes one commit of SQLite return an error after it has happened: the hook for the log runs then, and an error of the
/// hook becomes an error of the commit.
/// </summary>
internal static class LostAnswers
{
    private const int InputOutputError = 10;

    // The native side holds no reference.
    private static readonly ConcurrentBag<Hook> Kept = [];

    private delegate int Hook(nint state, nint connection, nint name, int pages);

    public static async Task LoseNextAnswerAsync(this Database database)
    {
        var isLost = 0;
        Hook hook = (_, _, _, _) => Interlocked.Exchange(ref isLost, 1) == 0 ? InputOutputError : 0;
        Kept.Add(hook);
        await database.WriteRawAsync(
            (connection, _) => SetHook(((SqliteConnection)connection).Handle!.DangerousGetHandle(), hook, 0),
            TestContext.Current.CancellationToken
        );
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_wal_hook")]
    private static extern nint SetHook(nint connection, Hook hook, nint state);
}
