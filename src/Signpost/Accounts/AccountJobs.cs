using Signpost.Accounts.Audit;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Accounts;

/// <summary>Deletes the data of an account, or transfers its links to another account. Then it deletes the account.</summary>
internal sealed class AccountJobs(IEnumerable<IAccountResources> resources, Slices slices) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.DeleteAccount];

    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        // Transferred links come last. Otherwise an interruption would leave links of the new owner with a domain and pixels
        // that still belong to the deleted account.
        foreach (var resource in job.HeirId is null ? resources : resources.Reverse())
            await (
                job.HeirId is { } heir
                    ? resource.TransferAsync(job.Subject, heir, cancel)
                    : resource.DeleteAsync(job.Subject, cancel)
            );

        foreach (var table in (string[])["kept_answers", "files", "api_keys"])
            await slices.RunAsync(
                slice => slice.Delete(table, "account_id = @account", ("@account", job.Subject)),
                cancel
            );
        await slices.RunAsync(
            slice => slice.Delete("sessions", "person_id = @account", ("@account", job.Subject)),
            cancel
        );
        // Admins made and edited this account. Members made and edited this team.
        foreach (var path in (string[])["/api/users", "/api/teams"])
            await slices.RunAsync(
                slice => KeptResponses.Forget(slice.Connection, slice.Transaction, path, job.Subject),
                cancel
            );
        await slices.RunAsync(slice => ForgetDetails(slice, job.Subject), cancel);
        await slices.RunAsync(slice => ForgetNetworks(slice, job.Subject), cancel);
        // The person, the second factor, mails and one-time addresses, or the members of a team, are deleted with the account's row.
        await slices.RunAsync(
            slice => slice.Run("DELETE FROM accounts WHERE id = @account", ("@account", job.Subject)) + slice.End(job),
            cancel
        );
    }

    // The lines of teams about a member who is deleted.
    private static int ForgetNetworks(Slice slice, long personId) =>
        slice.Run(
            """
            UPDATE audit_log SET network = NULL WHERE id IN (
                SELECT id FROM audit_log WHERE actor_id = @person AND network IS NOT NULL LIMIT @size)
            """,
            ("@person", personId),
            ("@size", slice.Size)
        );

    // The audit log keeps the deletion and the person who did it.
    private static int ForgetDetails(Slice slice, long accountId) =>
        slice.Run(
            """
            UPDATE audit_log SET network = NULL, detail = NULL WHERE id IN (
                SELECT id FROM audit_log
                WHERE account_id = @account AND event NOT IN (@deleted, @team) AND coalesce(network, detail) IS NOT NULL
                LIMIT @size)
            """,
            ("@account", accountId),
            ("@deleted", AuditEvent.UserDeleted),
            ("@team", AuditEvent.TeamDeleted),
            ("@size", slice.Size)
        );
}
