using System.Numerics;
using System.Runtime.InteropServices;

namespace Signpost.Clicks.Classifying;

/// <summary>
/// Remembers the meaning of bytes, so that clicks with the same bytes share one object. An entry has four possible
/// places, and a new one replaces one of them; beyond a number of bytes all places are emptied. For one thread.
/// </summary>
/// <param name="places">The number of entries, a power of two.</param>
/// <param name="maxBytes">The bytes that all texts together may take.</param>
internal sealed class SharedTexts<T>(int places, long maxBytes)
    where T : class
{
    private const int Choices = 4;

    private readonly Entry[] _entries = new Entry[places];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private long _bytes;
    private uint _turn;

    /// <param name="beside">A number that belongs to the text.</param>
    public bool TryFind(ReadOnlySpan<byte> text, uint beside, out T? meaning)
    {
        var hash = Hash(text, beside);
        foreach (ref readonly var entry in ChoicesOf(hash))
            if (entry.Hash == hash && entry.Text is { } known && entry.Beside == beside && text.SequenceEqual(known))
            {
                meaning = entry.Meaning;
                return true;
            }

        meaning = null;
        return false;
    }

    public void Remember(ReadOnlySpan<byte> text, uint beside, T? meaning)
    {
        if (_bytes + text.Length > maxBytes)
        {
            Array.Clear(_entries);
            _bytes = 0;
        }

        var hash = Hash(text, beside);
        var choices = ChoicesOf(hash);
        var place = (int)(_turn++ % Choices);
        for (var choice = 0; choice < Choices; choice++)
            if (choices[choice].Text is null)
                place = choice;
        _bytes += text.Length - (choices[place].Text?.Length ?? 0);
        choices[place] = new(hash, beside, text.ToArray(), meaning);
    }

    private Span<Entry> ChoicesOf(ulong hash) =>
        _entries.AsSpan((int)(hash >> 32) & (_entries.Length - 1) & ~(Choices - 1), Choices);

    // Somebody who makes texts collide gains nothing but four places full of them.
    private ulong Hash(ReadOnlySpan<byte> text, uint beside)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        var hash = _seed ^ ((ulong)text.Length << 32) ^ beside;
        var blocks = MemoryMarshal.Cast<byte, ulong>(text);
        foreach (var block in blocks)
            hash = (BitOperations.RotateLeft(hash, 27) ^ block) * Multiplier;
        foreach (var rest in text[(blocks.Length * sizeof(ulong))..])
            hash = (BitOperations.RotateLeft(hash, 27) ^ rest) * Multiplier;
        return hash;
    }

    private readonly record struct Entry(ulong Hash, uint Beside, byte[]? Text, T? Meaning);
}
