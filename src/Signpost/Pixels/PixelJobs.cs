using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.Pixels;

/// <summary>Removes deleted pixels from their links.</summary>
internal sealed class PixelJobs(Slices slices) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.DeletePixel];

    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        await slices.RunAsync(slice => LinkRelease.ReleasePixel(slice, job.Subject), cancel);
        await slices.RunAsync(
            slice => KeptResponses.Forget(slice.Connection, slice.Transaction, "/api/pixels", job.Subject),
            cancel
        );
        await slices.RunAsync(
            slice => slice.Run("DELETE FROM pixels WHERE id = @id", ("@id", job.Subject)) + slice.End(job),
            cancel
        );
    }
}
