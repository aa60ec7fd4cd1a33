using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace Signpost.Hosting;

/// <summary>
/// The processor time of a thread, in nanoseconds. Source: /proc/thread-self/schedstat, see "sched-stats" in the documentation of Linux.
/// </summary>
/// <param name="Ran">The time it had a processor.</param>
/// <param name="Waited">The time it was ready to run, and others had the processors.</param>
internal readonly record struct ProcessorTime(long Ran, long Waited)
{
    private static readonly bool IsKnown = File.Exists("/proc/thread-self/schedstat");

    /// <summary>The current thread's so far; zero where the system does not tell.</summary>
    public static ProcessorTime OfCurrentThread()
    {
        if (!IsKnown)
            return default;
        try
        {
            using var file = File.OpenHandle("/proc/thread-self/schedstat");
            return Read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    public static ProcessorTime operator -(ProcessorTime later, ProcessorTime earlier) =>
        new(later.Ran - earlier.Ran, later.Waited - earlier.Waited);

    // "RAN WAITED SLICES\n"
    private static ProcessorTime Read(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[96];
        var text = bytes[..RandomAccess.Read(file, bytes, 0)];
        return
            Utf8Parser.TryParse(text, out long ran, out var length)
            && length < text.Length
            && Utf8Parser.TryParse(text[(length + 1)..], out long waited, out _)
            ? new(ran, waited)
            : default;
    }
}
