using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.ClickStore.Rollups;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>Deletes a domain's links and counts, or moves its links to the main domain and then deletes the domain.</summary>
internal sealed class DomainJobs(
    Slices slices,
    LinkMoves moves,
    LinkDraft draft,
    ClickErasure clicks,
    ChangeFeed feed,
    TimeProvider clock
) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.DeleteDomain, JobKind.MoveDomain, JobKind.GiveUpMove];

    public Task RunAsync(Job job, CancellationToken cancel) =>
        job.Kind switch
        {
            JobKind.DeleteDomain => DeleteAsync(job, cancel),
            // Afterwards the job runs again, and either moves the links or gives up.
            JobKind.MoveDomain when job.Cursor != LinkMoves.Reserved => ReserveAsync(job, cancel),
            JobKind.MoveDomain => MoveAsync(job, cancel),
            _ => GiveUpAsync(job, cancel),
        };

    /// <summary>Whether the main domain cannot have a link's alias, even if no other link there has it.</summary>
    public static Func<string, string, bool> IsBarred(LinkDraft draft) =>
        (key, target) => LinkDraft.IsReserved(0, key) || draft.LeadsTo(target, 0, key, askedHost: null);

    // The domain's rollups are deleted first, so that links need not be taken out of them one by one.
    private async Task DeleteAsync(Job job, CancellationToken cancel)
    {
        await EraseGroupAsync(job.Subject, cancel);
        await slices.RunAsync(slice => LinkRelease.DeleteOnDomain(slice, job.Subject), cancel);
        await clicks.EraseAllAsync(cancel);
        await ForgetAsync(job.Subject, cancel);
        await slices.RunAsync(slice => slice.End(job), cancel);
    }

    private Task ReserveAsync(Job job, CancellationToken cancel)
    {
        var isBarred = IsBarred(draft);
        return slices.RunAsync(slice => moves.Reserve(slice, job, isBarred, TellGuests, Now()), cancel);

        void TellGuests(Slice slice) => GuestNotices.TellDeleted(slice.Transaction, job.Subject, Now());
    }

    private async Task MoveAsync(Job job, CancellationToken cancel)
    {
        await EraseGroupAsync(job.Subject, cancel);
        await slices.RunAsync(slice => moves.MoveToMain(slice, job.Subject, Now()), cancel);
        await slices.RunAsync(slice => LinkMoves.GiveUp(slice, job), cancel);
        await ForgetAsync(job.Subject, cancel);
        string? host = null;
        try
        {
            await slices.RunAsync(
                slice =>
                {
                    host ??= DeleteRow(slice, job.Subject);
                    return slice.End(job);
                },
                cancel
            );
        }
        finally
        {
            if (host is not null)
                feed.PublishDomain(new(host));
        }
    }

    private static string? DeleteRow(Slice slice, long domainId)
    {
        using var command = slice.Command("DELETE FROM domains WHERE id = @id RETURNING host", ("@id", domainId));
        return command.ExecuteScalar() as string;
    }

    private async Task GiveUpAsync(Job job, CancellationToken cancel)
    {
        await slices.RunAsync(slice => LinkMoves.GiveUp(slice, job), cancel);
        await slices.RunAsync(slice => slice.End(job), cancel);
    }

    // Rollups are deleted again, because a day may have been closed meanwhile.
    private async Task ForgetAsync(long domainId, CancellationToken cancel)
    {
        await slices.RunAsync(
            slice => slice.Delete("retired_aliases", "domain_id = @domain", ("@domain", domainId)),
            cancel
        );
        await slices.RunAsync(slice => ClickErasure.EraseOrphans(slice, domainId), cancel);
        await slices.RunAsync(
            slice => KeptResponses.Forget(slice.Connection, slice.Transaction, "/api/domains", domainId),
            cancel
        );
        await EraseGroupAsync(domainId, cancel);
        clicks.ForgetTraces();
    }

    private Task EraseGroupAsync(long domainId, CancellationToken cancel) =>
        slices.RunAsync(slice => clicks.EraseGroup(slice, RollupScopes.Domain(domainId)), cancel);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
