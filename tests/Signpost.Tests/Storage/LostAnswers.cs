using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Signpost.Storage;

namespace Signpost.Tests.Storage;

/// <summary>
/// Makes commits of SQLite return an error after they have happened: the hook for the log runs then, and an error of the
/// hook becomes an error of the commit.
/// </summary>
internal static class LostAnswers
{
    private const int InputOutputError = 10;

    // The native side holds no reference.
    private static readonly ConcurrentBag<Hook> Kept = [];

    private delegate int Hook(nint state, nint connection, nint name, int pages);

    /// <summary>Makes all commits fail so until the result is disposed, those of background work, too.</summary>
    public static async Task<IDisposable> LoseAnswersAsync(this Database database)
    {
        var lost = new Lost();
        Hook hook = (_, _, _, _) => lost.IsOn ? InputOutputError : 0;
        Kept.Add(hook);
        await database.WriteRawAsync(
            (connection, _) => SetHook(((SqliteConnection)connection).Handle!.DangerousGetHandle(), hook, 0),
            TestContext.Current.CancellationToken
        );
        lost.IsOn = true;
        return lost;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_wal_hook")]
    private static extern nint SetHook(nint connection, Hook hook, nint state);

    private sealed class Lost : IDisposable
    {
        private volatile bool _isOn;

        public bool IsOn
        {
            get => _isOn;
            set => _isOn = value;
        }

        public void Dispose() => IsOn = false;
    }
}
