using System.Buffers;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Signpost.Visitors;

/// <summary>
/// A file as memory, read only. It is never unmapped by hand, because another thread may read it: the
/// garbage collector closes the handles when nothing holds the memory any more.
/// </summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _length;

    private MappedFile(FileStream stream)
    {
        _length = checked((int)stream.Length);
        _file = MemoryMappedFile.CreateFromFile(
            stream,
            mapName: null,
            capacity: 0,
            MemoryMappedFileAccess.Read,
            HandleInheritability.None,
            leaveOpen: false
        );
        _view = _file.CreateViewAccessor(0, _length, MemoryMappedFileAccess.Read);
        Handle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    private SafeMemoryMappedViewHandle Handle => _view.SafeMemoryMappedViewHandle;

    public static ReadOnlyMemory<byte> Open(string path) => new MappedFile(File.OpenRead(path)).Memory;

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, default, this);

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        Handle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
