using System.Security.Cryptography;

namespace Signpost.Journal;

/// <summary>
/// Room on the disk that is given up when the disk is full, for the database: so clicks can be stored, and the journal becomes
/// empty by itself. While it is given up, the journal takes no more room.
/// </summary>
/// <param name="directory">The data directory. The room is the file <c>reserve</c> in it.</param>
internal sealed class DiskReserve(string directory)
{
    /// <summary>In bytes. A few commits need it until the first segment of the journal can be deleted.</summary>
    public const int Size = 8 << 20;

    private const int Piece = 1 << 20;

    private readonly string _path = Path.Combine(directory, "reserve");
    private readonly Lock _lock = new();
    private bool _isHeld;
    private bool _isNeeded;

    /// <summary>Whether the room is given up, because the disk is full.</summary>
    public bool IsGivenUp => Volatile.Read(ref _isNeeded);

    /// <summary>Reserves the room, unless that is done already.</summary>
    /// <exception cref="IOException">There is not so much room, or the database still needs it.</exception>
    public void Hold()
    {
        lock (_lock)
        {
            if (_isHeld)
                return;
            if (_isNeeded)
                throw new IOException("No space left on device: the database needs the reserve");
            if (new FileInfo(_path) is not { Exists: true, Length: Size })
                Create();
            _isHeld = true;
        }
    }

    /// <summary>Gives the room to the database until <see cref="MayReturn"/>; false: there is none to give.</summary>
    public bool GiveUp()
    {
        lock (_lock)
        {
            _isNeeded = true;
            _isHeld = false;
            if (!File.Exists(_path))
                return false;

            File.Delete(_path);
            return true;
        }
    }

    /// <summary>The database needs the room no more: the next <see cref="Hold"/> may take it again.</summary>
    public void MayReturn()
    {
        lock (_lock)
            _isNeeded = false;
    }

    /// <summary>
    /// Reserves other room if a copy or a snapshot shares the blocks: giving them up would free nothing. Without more room they stay.
    /// </summary>
    public void Unshare()
    {
        lock (_lock)
        {
            try
            {
                if (_isHeld && LinuxFiles.IsShared(_path))
                    Create();
            }
            catch (IOException)
            {
                // Tried again in a second.
            }
        }
    }

    private void Create()
    {
        var unfinished = _path + ".new";
        try
        {
            using (var file = File.OpenHandle(unfinished, FileMode.Create, FileAccess.ReadWrite))
                if (!LinuxFiles.Works || !LinuxFiles.TryAllocate(file, Size))
                    Fill(file);
            File.Move(unfinished, _path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    // Random, because some file systems keep no block for zeros.
    private static void Fill(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var piece = RandomNumberGenerator.GetBytes(Piece);
        for (var at = 0; at < Size; at += Piece)
            RandomAccess.Write(file, piece, at);
    }
}
