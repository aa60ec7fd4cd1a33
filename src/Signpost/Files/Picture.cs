using System.Buffers;
using System.ComponentModel;
using System.Text;
using Microsoft.Extensions.Caching.Hybrid;

namespace Signpost.Files;

/// <summary>An uploaded picture, as it is served. Requests at about the same time share one; nobody changes its bytes.</summary>
[ImmutableObject(true)]
internal sealed record Picture(string ContentType, byte[] Content);

/// <summary>Tells the cache the size of a picture: its type and its bytes as they are.</summary>
internal sealed class PictureSize : IHybridCacheSerializer<Picture?>
{
    private const byte End = (byte)'\n';

    public void Serialize(Picture? value, IBufferWriter<byte> target)
    {
        // Null: the picture was just deleted.
        if (value is null)
            return;

        Encoding.ASCII.GetBytes(value.ContentType.AsSpan(), target);
        target.Write([End]);
        target.Write(value.Content);
    }

    public Picture? Deserialize(ReadOnlySequence<byte> source)
    {
        if (source.PositionOf(End) is not { } end)
            return null;

        var type = Encoding.ASCII.GetString(source.Slice(0, end));
        return new(type, source.Slice(source.GetPosition(1, end)).ToArray());
    }
}
