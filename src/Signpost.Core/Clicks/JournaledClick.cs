using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Signpost.Core.Clicks;

/// <summary>The optional parts of a journaled click. The numbers are stored, in rising order: only add at the end.</summary>
public enum ClickField : byte
{
    /// <summary>4 or 16 bytes.</summary>
    Address = 1,

    /// <summary>Two letters for the continent, two for the country, each may be blanks; then the city.</summary>
    Place = 2,

    /// <summary>Only in former versions, which had no <see cref="ClickMarks.SentOn"/>.</summary>
    Destination = 3,
    UtmSource = 4,
    UtmMedium = 5,
    UtmCampaign = 6,
    Agent = 7,
    Brands = 8,
    Mobile = 9,
    Platform = 10,
    FullVersions = 11,
    Languages = 12,
    Referrer = 13,
    Alias = 14,

    /// <summary>The model of the device, from its hint.</summary>
    Model = 15,

    /// <summary>The id of the custom domain by whose host the request came, if that is not the link's own domain; 8 bytes.</summary>
    Host = 16,
    UtmTerm = 17,
    UtmContent = 18,
}

/// <summary>A click in the journal. Its texts are UTF-8 and may be broken, because visitors write them.</summary>
public readonly ref struct JournaledClick
{
    internal const ClickField LastField = ClickField.UtmContent;

    private readonly ReadOnlySpan<byte> _payload;
    private readonly Places _places;

    internal JournaledClick(Click click, long domainId, ClickMarks marks, ReadOnlySpan<byte> payload, Places places)
    {
        (Click, DomainId, Marks) = (click, domainId, marks);
        _payload = payload;
        _places = places;
    }

    public Click Click { get; private init; }

    /// <summary>0: the main domain, or unknown.</summary>
    public long DomainId { get; }

    /// <summary>The domain by whose host the request came, if it is another one; 0: it is not.</summary>
    public long HostId =>
        this[ClickField.Host] is { Length: sizeof(long) } id ? BinaryPrimitives.ReadInt64LittleEndian(id) : 0;

    public ClickMarks Marks { get; }

    /// <summary>A field's bytes; empty when it is absent.</summary>
    public ReadOnlySpan<byte> this[ClickField field]
    {
        get
        {
            var end = _places[2 * (int)field + 1];
            return end == 0 ? default : _payload[_places[2 * (int)field]..end];
        }
    }

    /// <summary>The same click, for a link that was unknown when it was journaled.</summary>
    public JournaledClick Of(long linkId) => this with { Click = Click with { LinkId = linkId } };

    /// <summary>All bytes of neighbouring fields. Equal bytes mean equal fields; empty if all are absent.</summary>
    public ReadOnlySpan<byte> Between(ClickField first, ClickField last)
    {
        var (start, end) = (0, 0);
        for (var field = (int)first; field <= (int)last; field++)
        {
            if (_places[2 * field + 1] is 0)
                continue;
            if (end == 0)
                start = _places[2 * field] - ClickCodec.FieldHead;
            end = _places[2 * field + 1];
        }

        return _payload[start..end];
    }

    /// <summary>The begin and end of each field in the payload; an end of 0: it is absent.</summary>
    [InlineArray(2 * ((int)LastField + 1))]
    internal struct Places
    {
        private ushort _first;
    }
}
