using Signpost.Changes.Jobs;
using Signpost.Links;
using Signpost.Storage;

namespace Signpost.SplashPages;

/// <summary>Removes deleted splash pages from their links.</summary>
internal sealed class SplashPageJobs(Slices slices) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.DeleteSplashPage];

    public async Task RunAsync(Job job, CancellationToken cancel)
    {
        await slices.RunAsync(slice => LinkRelease.ReleaseSplashPage(slice, job.Subject), cancel);
        await slices.RunAsync(
            slice => KeptResponses.Forget(slice.Connection, slice.Transaction, "/api/splash-pages", job.Subject),
            cancel
        );
        await slices.RunAsync(
            slice => slice.Run("DELETE FROM splash_pages WHERE id = @id", ("@id", job.Subject)) + slice.End(job),
            cancel
        );
    }
}
