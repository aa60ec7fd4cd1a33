using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.Links;

/// <summary>
/// Adds links that were there before the index of texts to it, the newest first. Until then, searches read the links themselves.
/// </summary>
internal sealed class LinkIndexing(Slices slices) : IJobWorker
{
    public IReadOnlyCollection<JobKind> Kinds { get; } = [JobKind.IndexLinks];

    public Task RunAsync(Job job, CancellationToken cancel) => slices.RunAsync(slice => Add(slice, job), cancel);

    // Triggers add later links, and keep those above the job's subject.
    private static int Add(Slice slice, Job job)
    {
        using var next = slice.Command(
            """
            SELECT min(id) FROM (
                SELECT id FROM links WHERE id <= (SELECT subject FROM jobs WHERE id = @job) ORDER BY id DESC LIMIT @size) AS some
            """,
            ("@job", job.Id),
            ("@size", slice.Size)
        );
        if (next.ExecuteScalar() is not long first)
        {
            slice.End(job);
            return 0;
        }

        var added = slice.Run(
            LinkTexts.Add + " WHERE id >= @first AND id <= (SELECT subject FROM jobs WHERE id = @job)",
            ("@first", first),
            ("@job", job.Id)
        );
        slice.Run("UPDATE jobs SET subject = @before WHERE id = @job", ("@before", first - 1), ("@job", job.Id));
        return Math.Max(added, 1);
    }
}
