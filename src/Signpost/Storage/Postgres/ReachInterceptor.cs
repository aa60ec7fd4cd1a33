using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Signpost.Storage.Postgres;

/// <summary>Lets contexts connect as <see cref="Reach"/> says.</summary>
internal sealed class ReachInterceptor(Reach reach, Func<Exception, string> explain) : DbConnectionInterceptor
{
    public override InterceptionResult ConnectionOpening(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result
    )
    {
        reach.Require();
        return result;
    }

    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection,
        ConnectionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        reach.Require();
        return ValueTask.FromResult(result);
    }

    public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) =>
        Lose(eventData.Exception);

    public override Task ConnectionFailedAsync(
        DbConnection connection,
        ConnectionErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Lose(eventData.Exception);
        return Task.CompletedTask;
    }

    // A request that ended while it waited for a connection says nothing about the server.
    private void Lose(Exception error)
    {
        if (error is NpgsqlException && !PostgresErrors.IsBusy(error))
            reach.Lose(explain(error));
    }
}
