using System.Runtime.InteropServices;

namespace Signpost.FaultTests.Running;

/// <summary>Signals that .NET cannot send. Their numbers are Linux's.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(int process, int signal)
    {
        if (SendTo(process, signal) != 0)
            throw new InvalidOperationException(
                $"Signal {signal} did not reach process {process}: {Marshal.GetLastPInvokeErrorMessage()}"
            );
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendTo(int process, int signal);
}
