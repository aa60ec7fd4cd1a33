namespace Signpost.Core.Statistics;

/// <summary>The texts of the entries of groups.</summary>
internal interface IEntryTexts
{
    /// <summary>Reads the bytes of a text; false: no text.</summary>
    bool TryRead(ClickGroup group, int code, int text, out ReadOnlySpan<byte> utf8);
}
