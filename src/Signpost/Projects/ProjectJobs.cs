using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.ClickStore;
using Signpost.ClickStore.Rollups;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Projects;

/// <summary>Removes deleted projects from their links.</summary>
internal sealed class ProjectJobs(Slices slices, ClickErasure clicks, ChangeFeed feed) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.DeleteProject];

    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        await slices.RunAsync(slice => LinkRelease.ReleaseProject(slice, job.Subject), cancel);
        feed.PublishProject(new(job.Subject));
        await slices.RunAsync(slice => clicks.EraseGroup(slice, RollupScopes.Project(job.Subject)), cancel);
        await slices.RunAsync(
            slice => KeptResponses.Forget(slice.Connection, slice.Transaction, "/api/projects", job.Subject),
            cancel
        );
        await slices.RunAsync(slice => slice.End(job), cancel);
        clicks.ForgetTraces();
    }
}
