using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

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
        reach.Lose(explain(eventData.Exception));

    public override Task ConnectionFailedAsync(
        DbConnection connection,
        ConnectionErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        reach.Lose(explain(eventData.Exception));
        return Task.CompletedTask;
    }
}
