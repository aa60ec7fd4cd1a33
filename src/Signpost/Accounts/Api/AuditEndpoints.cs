using Signpost.Accounts.Audit;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Storage;

namespace Signpost.Accounts.Api;

/// <summary>The audit log over HTTP: all of it for admins of the server, and the activity of an account for its people.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/audit-log", ListAll)
            .WithTags("Server")
            .Scoped(Scopes.Admin)
            .Describe("listAuditLog", "Read the audit log", "Newest first, in UTC.")
            .WithQuery(Describe.Paging);
        api.MapGet("/logs", List)
            .WithTags("Account")
            .Scoped(Scopes.AccountRead)
            .Describe(
                "listLogs",
                "Read the activity of your account or your team",
                "Newest first. In a team, owners and admins see the activity of everybody, other members their own."
            )
            .WithQuery(UserParameters.Logs);
    }

    private static Task<Listed<AuditResponse>> ListAll(HttpContext http, AuditLog audit, CancellationToken cancel) =>
        PagedLists.AnswerAsync(
            http,
            () => audit.CountAsync(default, cancel),
            (offset, count) => audit.ReadAsync(default, offset, count, cancel),
            static (entry, _) => AuditResponse.Of(entry)
        );

    private static Task<Listed<LogResponse>> List(
        HttpContext http,
        AuditLog audit,
        Memberships memberships,
        CancellationToken cancel
    )
    {
        var caller = http.Caller();
        var (account, filter) = (caller.AccountId, default(AuditFilter));
        return PagedLists.AnswerAsync(
            http,
            CountAsync,
            (offset, count) => audit.ReadAsync(filter, offset, count, cancel),
            (entry, zone) => LogResponse.Of(account == caller.PersonId ? entry.SeenBy(caller.PersonId) : entry, zone),
            filter: query => account = query.Number("team_id", _ => null).Value is { } team and not 0 ? team : account
        );

        async Task<long> CountAsync()
        {
            // A team's key reaches its team only.
            var reader =
                caller.ActsForTeam && account != caller.AccountId
                    ? null
                    : await memberships.InAsync(caller, account, cancel);
            if (reader is null)
                return 0;
            filter = new(account, reader.Role >= Role.Admin ? null : caller.PersonId);
            return await audit.CountAsync(filter, cancel);
        }
    }
}

/// <summary>A line of the activity of an account.</summary>
/// <param name="Type">The name of the event, as in signed_in.</param>
/// <param name="AccountId">The account that the event concerns: your own, or that of a team.</param>
/// <param name="UserId">The person who caused it; null: nobody was signed in, or it came from the server's terminal or from an admin of the server.</param>
/// <param name="Ip">The network of the request, without the part that identifies a machine; null: the server itself or an admin of it.</param>
internal sealed record LogResponse(
    long Id,
    string Type,
    long? AccountId,
    long? UserId,
    string? Detail,
    string? Ip,
    string Datetime
)
{
    public static LogResponse Of(AuditEntry entry, TimeZoneInfo zone) =>
        new(
            entry.Id,
            entry.Event,
            entry.AccountId,
            entry.ActorId,
            entry.Detail,
            entry.Network,
            LocalTime.Format(entry.At, zone)
        );
}
