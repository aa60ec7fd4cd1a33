using System.Data;
using System.Data.Common;
using Npgsql;

namespace Signpost.Storage.Postgres;

/// <summary>
/// Asks the server once a second whether it answers, on a connection of its own, and tells <see cref="Reach"/>. So a server that is frozen or
/// cut off is known to be away before many requests wait for it, and found by one attempt when it is back.
/// </summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly NpgsqlConnection _connection;
    private readonly Reach _reach;
    private readonly Func<Exception, string> _explain;
    private readonly Action _lost;
    private readonly ManualResetEventSlim _end = new();

    /// <param name="settings">An answer may take as long as they say for a command and for a connection.</param>
    /// <param name="explain">Says in one sentence why an attempt failed.</param>
    /// <param name="lost">Called when the server is lost, and before it is found: closes connections that may be dead.</param>
    public Watch(NpgsqlConnectionStringBuilder settings, Reach reach, Func<Exception, string> explain, Action lost)
    {
        (_connection, _reach, _explain, _lost) = (new(settings.ToString()), reach, explain, lost);
        // Its own thread, because all others may be waiting for the server.
        new Thread(Run) { IsBackground = true, Name = "PostgreSQL watch" }.Start();
    }

    /// <summary>Lets it end; a running attempt may take some seconds more.</summary>
    public void Dispose() => _end.Set();

    private void Run()
    {
        while (!_end.Wait(Pause))
            try
            {
                Look();
            }
            catch (Exception error) when (error is DbException or InvalidOperationException)
            {
                // The server is being stopped, or a lost connection could not be closed. The next look is in a second.
            }

        _connection.Dispose();
    }

    private void Look()
    {
        try
        {
            if (!TryAsk())
            {
                _connection.Close();
                _connection.Open();
                Ask();
            }

            if (_reach.AwaySince is null)
                return;
            _lost();
            _reach.Find();
        }
        catch (Exception error)
        {
            var wasThere = _reach.AwaySince is null;
            _reach.Lose(_explain(error));
            _connection.Close();
            if (wasThere)
                _lost();
        }
    }

    // A lost connection does not mean that the server is lost. A server that does not answer in time is.
    private bool TryAsk()
    {
        if (_connection.State is not ConnectionState.Open)
            return false;
        try
        {
            Ask();
            return true;
        }
        catch (NpgsqlException error) when (error.InnerException is not TimeoutException)
        {
            return false;
        }
    }

    private void Ask()
    {
        using var command = _connection.Command(null, "SELECT 1");
        command.ExecuteNonQuery();
    }
}
