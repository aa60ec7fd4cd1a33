using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Tags;

/// <summary>Takes deleted tags off their links.</summary>
internal sealed class TagJobs(Slices slices) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.DeleteTag];

    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        await slices.RunAsync(slice => slice.Delete("link_tags", "tag_id = @tag", ("@tag", job.Subject)), cancel);
        await slices.RunAsync(
            slice => KeptResponses.Forget(slice.Connection, slice.Transaction, "/api/tags", job.Subject),
            cancel
        );
        await slices.RunAsync(slice => slice.End(job), cancel);
    }
}
