using System.Runtime.InteropServices;

namespace Signpost.Hosting;

/// <summary>
/// How many files this process may hold open (<c>ulimit -n</c>); .NET has already raised it as far as it may. A
/// connection is one, and so is all else: when none is left, even the runtime gives up ("Out of memory.").
/// </summary>
internal static partial class OpenFiles
{
    private const int UsualConnections = 20_000;

    /// <summary>What assemblies, database and journal need, with room to spare.</summary>
    private const int Others = 1_024;

    /// <summary>How many connections leave enough for everything else.</summary>
    public static int MostConnections => Limit() is { } limit ? ConnectionsWithin(limit) : UsualConnections;

    public static int ConnectionsWithin(ulong limit) =>
        limit >= UsualConnections + Others
            ? UsualConnections
            : (int)Math.Max(limit / 4, limit - Math.Min(limit, Others));

    private static ulong? Limit()
    {
        const int OpenFilesOnLinux = 7; // RLIMIT_NOFILE
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return null;

        // struct rlimit: the limit in force, and how far it may be raised.
        Span<ulong> limits = stackalloc ulong[2];
        return GetRLimit(OpenFilesOnLinux, limits) == 0 ? limits[0] : null;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetRLimit(int resource, Span<ulong> limits);
}
