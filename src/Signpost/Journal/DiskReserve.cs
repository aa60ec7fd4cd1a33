using System.Security.Cryptography;

namespace Signpost.Journal;

/// <summary>
/// Room on the disk that is given up when the disk is full, for the database: so clicks can be stored, and the journal becomes
/// empty by itself. While it is given up, the journal takes no more room.
/// </summary>
/// <param name="directory">The data directory. The room is the file <c>reserve</c> in it.</param>
/// <param name="disk">Null: the disk of this machine.</param>
internal sealed class DiskReserve(string directory, IDisk? disk = null)
{
    /// <summary>In bytes. A few commits need it until the first segment of the journal can be deleted.</summary>
    public const int Size = 8 << 20;

    private const int Piece = 1 << 20;

    private readonly IDisk _disk = disk ?? SystemDisk.Instance;
    private readonly string _path = Path.Combine(directory, "reserve");
    private readonly string _unfinished = Path.Combine(directory, "reserve.new");
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
            // A killed process may have left it, and it takes room.
            _disk.Delete(_unfinished);
            if (_disk.LengthOf(_path) != Size)
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
            if (_disk.LengthOf(_path) is null)
                return false;

            _disk.Delete(_path);
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
                if (_isHeld && _disk.IsShared(_path))
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
        try
        {
            using (var file = _disk.Create(_unfinished))
                if (!file.TryReserve(Size))
                    Fill(file);
            _disk.Move(_unfinished, _path);
        }
        catch
        {
            _disk.Delete(_unfinished);
            throw;
        }
    }

    // Random, because some file systems keep no block for zeros.
    private static void Fill(IDiskFile file)
    {
        var piece = RandomNumberGenerator.GetBytes(Piece);
        for (var at = 0; at < Size; at += Piece)
            file.Write(piece, at);
    }
}
