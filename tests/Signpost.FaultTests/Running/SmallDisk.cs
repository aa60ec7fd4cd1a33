using System.Diagnostics;
using Signpost.Testing;

namespace Signpost.FaultTests.Running;

/// <summary>A separate file system, small enough to fill. It needs the right to mount.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Block = 64 << 10;

    private readonly DirectoryInfo _place;

    private SmallDisk(DirectoryInfo place) => _place = place;

    /// <summary>A directory on it.</summary>
    public string Directory => Path.Combine(_place.FullName, "home");

    private string Filler => Path.Combine(_place.FullName, "filler");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var place = System.IO.Directory.CreateTempSubdirectory("signpost-disk-");
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700", "tmpfs", place.FullName);
        var disk = new SmallDisk(place);
        System.IO.Directory.CreateDirectory(disk.Directory);
        return disk;
    }

    /// <summary>One whose files share blocks with their copies.</summary>
    /// <param name="type">xfs or btrfs.</param>
    public static async Task<SmallDisk> MountSharingAsync(string type)
    {
        const long Size = 400L << 20;
        var place = System.IO.Directory.CreateTempSubdirectory("signpost-disk-");
        var image = place.FullName + ".img";
        using (var file = File.Create(image))
            file.SetLength(Size);
        await RunAsync("mkfs." + type, "-q", image);
        await RunAsync("mount", "-o", "loop", image, place.FullName);
        // The loop device keeps it until the disk is unmounted.
        File.Delete(image);
        var disk = new SmallDisk(place);
        System.IO.Directory.CreateDirectory(disk.Directory);
        return disk;
    }

    /// <summary>Copies a directory so that the copy shares all blocks that can be shared.</summary>
    public static Task ShareAsync(string directory, string copy) =>
        RunAsync("cp", "--archive", "--reflink=auto", directory, copy);

    /// <summary>Waits until all is written.</summary>
    public Task SyncAsync() => RunAsync("sync", "--file-system", _place.FullName);

    /// <summary>Fills the free space.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = Block; size > 0; size /= 2)
            while (IsWritten(filler, new byte[size])) { }
    }

    /// <summary>Frees the space again.</summary>
    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", _place.FullName);
        _place.Delete();
    }

    private static bool IsWritten(FileStream file, byte[] bytes)
    {
        try
        {
            file.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        var reading = process.StandardError.ReadToEndAsync();
        await process.EndAsync(program);
        var errors = await reading.OrFail();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"This test needs the right to mount a small file system (root): {program} said: {errors}"
            );
    }
}
