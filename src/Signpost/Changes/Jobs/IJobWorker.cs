using Signpost.Storage;

namespace Signpost.Changes.Jobs;

/// <summary>
/// Does jobs of some kinds. It may be stopped anywhere between two transactions and begins anew with the same job, so each
/// step finds by itself what is left; the last one deletes the job's row.
/// </summary>
internal interface IJobWorker
{
    IReadOnlyCollection<JobKind> Kinds { get; }

    Task RunAsync(Job job, CancellationToken cancel);
}
