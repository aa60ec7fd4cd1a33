using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Signpost.Testing;

namespace Signpost.FaultTests.Running;

/// <summary>Lets system calls of a running process fail until disposed. strace does it.</summary>
internal sealed partial class FailingCalls : IAsyncDisposable
{
    private readonly Process _strace;
    private readonly Spoken _said = new();

    private FailingCalls(Process strace) => _strace = strace;

    /// <summary>The id of the calling thread, as the system knows it.</summary>
    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThisThread();

    /// <summary>Lets calls of all threads of a process fail.</summary>
    /// <param name="inject">As strace's option: calls, the error, and which of each thread's calls.</param>
    /// <param name="paths">Only calls on these files; none: all calls.</param>
    public static Task<FailingCalls> OfProcessAsync(int process, string inject, params IEnumerable<string> paths) =>
        BeginAsync(["-f", "-p", Text(process)], inject, paths);

    /// <summary>As <see cref="OfProcessAsync"/>, for one thread.</summary>
    public static Task<FailingCalls> OfThreadAsync(int thread, string inject, params IEnumerable<string> paths) =>
        BeginAsync(["-p", Text(thread)], inject, paths);

    /// <summary>The number of calls that failed; complete when this is disposed.</summary>
    public int Count => _said.Lines.Count(line => line.Contains("(INJECTED)", StringComparison.Ordinal));

    /// <summary>Every call so far, for the message of a failed test.</summary>
    public string Said() => _said.Text;

    public async ValueTask DisposeAsync()
    {
        const int Interrupt = 2;
        if (!_strace.HasExited)
            Signals.Send(_strace.Id, Interrupt);
        await _strace.EndAsync("strace", Said);
        _strace.Dispose();
    }

    private static async Task<FailingCalls> BeginAsync(string[] of, string inject, IEnumerable<string> paths)
    {
        var calls = inject[..inject.IndexOf(':', StringComparison.Ordinal)];
        string[] arguments =
        [
            .. of,
            .. paths.SelectMany(path => new[] { "-P", path }),
            "-e",
            $"trace={calls}",
            "-e",
            $"inject={inject}",
        ];
        var strace = new Process
        {
            StartInfo = new("strace", arguments) { RedirectStandardError = true, RedirectStandardOutput = true },
        };
        var failing = new FailingCalls(strace);
        strace.ErrorDataReceived += failing._said.Hear;
        strace.Start();
        strace.BeginErrorReadLine();
        var attached = await failing
            ._said.LineAsync(line => line.Contains(" attached", StringComparison.Ordinal))
            .OrFail("strace", failing.Said);
        return attached is not null ? failing : throw new InvalidOperationException($"strace: {failing.Said()}");
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
