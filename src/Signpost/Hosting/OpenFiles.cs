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

    /// <summary>As <see cref="Others"/>, without any to spare: about 320, measured with all assemblies loaded, and 64 for database and journal.</summary>
    private const int FewestOthers = 384;

    private const int FewestConnections = 16;

    /// <summary>The number of connections that leaves enough files for everything else.</summary>
    public static int MostConnections => Limit() is { } limit ? ConnectionsWithin(limit) : UsualConnections;

    public static int ConnectionsWithin(ulong limit) =>
        limit >= UsualConnections + Others
            ? UsualConnections
            : (int)Math.Max(Math.Min(limit / 4, limit - FewestOthers), limit - Math.Min(limit, Others));

    /// <summary>Passes when this process may open enough files.</summary>
    /// <exception cref="StartException">It may not: it would end in the middle of its work.</exception>
    public static void Check()
    {
        if (Limit() is < FewestOthers + FewestConnections and var limit)
            throw new StartException(
                $"This process may open only {limit} files (ulimit -n). It needs {FewestOthers + FewestConnections} or more; "
                    + "each connection needs one."
            );
    }

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
