using Microsoft.Win32.SafeHandles;

namespace Signpost.Hosting;

/// <summary>A file or directory that this process has locked. The lock follows the file when its name changes.</summary>
internal sealed class HeldFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly string? _place;

    private HeldFile(string path, SafeFileHandle file) =>
        (Path, _file, _place) = (path, file, OperatingSystem.IsWindows() ? null : UnixFiles.PathOf(file));

    public string Path { get; }

    /// <summary>Whether the file that this process has opened is still the one with its path.</summary>
    public bool IsInPlace => _place is null ? System.IO.Path.Exists(Path) : UnixFiles.PathOf(_file) == _place;

    /// <summary>Null: another process has locked it.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static HeldFile? TryHold(string path)
    {
        var file = UnixFiles.Open(path);
        if (Directory.Exists(path) ? UnixFiles.TryLockDirectory(file) : UnixFiles.TryLockFile(file))
            return new(path, file);

        file.Dispose();
        return null;
    }

    public void Dispose() => _file.Dispose();
}
