using System.Buffers;
using System.Numerics;
using System.Text;

namespace Signpost.Storage;

/// <summary>Writes the grams of the texts of one link (<see cref="LinkTexts"/>), each once, as words.</summary>
/// <remarks>It runs inside the statement that stores the link, while all other writes wait. So its buffers come from a pool.</remarks>
internal sealed class LinkGrams : IDisposable
{
    private const int RuneBits = 21;

    /// <summary>The most characters of the three grams that begin at one sign: a blank and the name of the text before each, and signs of two characters.</summary>
    private const int MostOfSign = 3 * 2 + 2 * (1 + 2 + 3);

    private char[] _words;
    private int _length;

    /// <param name="first">The first word.</param>
    public LinkGrams(string first)
    {
        _words = ArrayPool<char>.Shared.Rent(2_048);
        first.CopyTo(_words);
        _length = first.Length;
    }

    /// <summary>Adds the grams of a folded text, or those of two spellings of one text.</summary>
    /// <param name="text">The name of the text.</param>
    public void Add(char text, string folded, string other = "")
    {
        var length = folded.Length + other.Length;
        if (length == 0)
            return;
        // A place of the table is free while it is 0. Half of the places are always free.
        var known = ArrayPool<ulong>.Shared.Rent(TableSize(length));
        var signs = ArrayPool<int>.Shared.Rent(length);
        try
        {
            var table = known.AsSpan(0, TableSize(length));
            table.Clear();
            Reserve(length * MostOfSign);
            Add(text, Read(folded, signs), table);
            Add(text, Read(other, signs), table);
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(known);
            ArrayPool<int>.Shared.Return(signs);
        }
    }

    public override string ToString() => new(_words, 0, _length);

    public void Dispose() => ArrayPool<char>.Shared.Return(_words);

    private static int TableSize(int length) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)(2 * LinkTexts.LongestGram * length));

    private void Add(char text, ReadOnlySpan<int> signs, Span<ulong> known)
    {
        for (var start = 0; start < signs.Length; start++)
        {
            // Three signs fit into one number. The one before them tells grams of different lengths apart.
            var gram = 1UL;
            var most = Math.Min(start + LinkTexts.LongestGram, signs.Length);
            for (var end = start; end < most; end++)
            {
                gram = (gram << RuneBits) | (uint)signs[end];
                if (IsNew(gram, known))
                    Write(text, signs[start..(end + 1)]);
            }
        }
    }

    private static bool IsNew(ulong gram, Span<ulong> known)
    {
        var mask = known.Length - 1;
        for (var place = (int)((gram * 0x9E37_79B9_7F4A_7C15) >> 32) & mask; ; place = (place + 1) & mask)
            if (known[place] == gram)
                return false;
            else if (known[place] == 0)
            {
                known[place] = gram;
                return true;
            }
    }

    private void Write(char text, ReadOnlySpan<int> signs)
    {
        _words[_length++] = ' ';
        _words[_length++] = text;
        foreach (var sign in signs)
            _length += new Rune(sign).EncodeToUtf16(_words.AsSpan(_length));
    }

    private static ReadOnlySpan<int> Read(string folded, int[] signs)
    {
        var count = 0;
        foreach (var sign in folded.EnumerateRunes())
            signs[count++] = LinkTexts.Word(sign).Value;
        return signs.AsSpan(0, count);
    }

    private void Reserve(int more)
    {
        if (_words.Length - _length >= more)
            return;
        var larger = ArrayPool<char>.Shared.Rent(_length + more);
        _words.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_words);
        _words = larger;
    }
}
