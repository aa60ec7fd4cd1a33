using System.Runtime.InteropServices;

namespace Signpost.Hosting;

/// <summary>
/// The number of files that this process may hold open (<c>ulimit -n</c>); .NET has already raised it to its maximum. Each
/// connection is one of them. When none is left, even the runtime stops ("Out of memory.").
/// </summary>
internal static partial class OpenFiles
{
    private const int UsualConnections = 20_000;

    /// <summary>Files for assemblies, database and journal, with some to spare.</summary>
    private const int Others = 1_024;

    /// <summary>The number of connections that leaves enough files for everything else.</summary>
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

        // struct rlimit: the current limit and its maximum.
        Span<ulong> limits = stackalloc ulong[2];
        return GetRLimit(OpenFilesOnLinux, limits) == 0 ? limits[0] : null;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetRLimit(int resource, Span<ulong> limits);
}
