using Signpost.Storage;

namespace Signpost.Changes.Jobs;

/// <summary>
/// Does jobs of some kinds. It may be stopped between any two transactions and then starts the same job again, so each step
/// finds the remaining work by itself. The last step deletes the job's row.
/// </summary>
internal interface IJobWorker
{
    IReadOnlyCollection<JobKind> Kinds { get; }

    Task RunAsync(Job job, CancellationToken cancel);
}
