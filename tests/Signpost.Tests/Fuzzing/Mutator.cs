using System.Buffers.Binary;

namespace Signpost.Tests.Fuzzing;

/// <summary>
/// Makes inputs: by the grammar, of pieces, spliced from two others, and mutated. The same seed and the same kept inputs
/// make the same inputs again.
/// </summary>
internal sealed class Mutator(FuzzTarget target, int seed)
{
    private const int MostKept = 1_000;
    private const int MostMutations = 6;

    private static readonly byte[] Bytes = [0, 1, 2, 0x0A, 0x20, 0x22, 0x2C, 0x7F, 0x80, 0xED, 0xFE, 0xFF];
    private static readonly uint[] Numbers =
    [
        0,
        1,
        4,
        16,
        0x7F,
        0xFF,
        0x100,
        0x7FFF,
        0xFFFF,
        0x10000,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF_FFFE,
        uint.MaxValue,
    ];

    // Characters that parsers of text get wrong: combining, invisible, too long, halves of pairs, not characters.
    private static readonly byte[][] Texts =
    [
        .. FuzzTarget.Bytes(
            "\0",
            "\u0301",
            "\u212A",
            "\u0130",
            "\u200D",
            "\uFEFF",
            "\uFFFD",
            "\uFFFE",
            "\U0001F600",
            "\u1E9E",
            "\u2028",
            "\uFDFA",
            "%",
            "%00",
            "%ff",
            "+",
            "=",
            "&",
            ";",
            ":",
            "/",
            "..",
            "[",
            "]",
            "{",
            "}",
            "\"",
            "\\",
            "-1",
            "1e999",
            "99999999999999999999",
            "null",
            "xn--a",
            "\r\n"
        ),
        [0xED, 0xA0, 0x80],
        [0xED, 0xBF, 0xBF],
        [0xC0, 0x80],
        [0xF4, 0x90, 0x80, 0x80],
    ];

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _inputs = [.. target.Seeds];

    /// <summary>Keeps an input that did something new.</summary>
    public void Keep(byte[] input)
    {
        if (_inputs.Count < MostKept)
            _inputs.Add(input);
        else
            _inputs[_random.Next(target.Seeds.Length, MostKept)] = input;
    }

    public byte[] Next()
    {
        var input = _random.Next(16) switch
        {
            0 => Noise(),
            1 or 2 => OfPieces(),
            3 or 4 or 5 => Splice(Any(_inputs), Any(_inputs)),
            < 11 when target.Grammar is { } grammar => grammar(_random),
            _ => Any(_inputs),
        };
        for (var left = _random.Next(MostMutations + 1); left > 0; left--)
            input = Mutate(input);
        return input.Length <= target.Longest ? input : input[..target.Longest];
    }

    private byte[] Noise()
    {
        var noise = new byte[_random.Next(64)];
        _random.NextBytes(noise);
        return noise;
    }

    private byte[] OfPieces() =>
        [.. Enumerable.Range(0, _random.Next(1, 24)).SelectMany(_ => _random.Next(4) == 0 ? Any(Texts) : Piece())];

    private byte[] Splice(byte[] one, byte[] other) =>
        [.. one[.._random.Next(one.Length + 1)], .. other[_random.Next(other.Length + 1)..]];

    private byte[] Mutate(byte[] input)
    {
        var at = _random.Next(input.Length + 1);
        var end = Math.Min(input.Length, at + 1 + _random.Next(_random.Next(4) == 0 ? input.Length + 1 : 8));
        return _random.Next(9) switch
        {
            0 => [.. input[..at], .. input[end..]],
            1 => [.. input[..at], .. Any(Texts), .. input[at..]],
            2 => [.. input[..at], .. Piece(), .. input[at..]],
            3 => [.. input[..at], .. Piece(), .. input[end..]],
            4 => Repeat(input, at, end),
            5 => input[..at],
            6 => WithNumber(input, at),
            7 => WithByte(input, at, (byte)(at < input.Length ? input[at] ^ (1 << _random.Next(8)) : 0)),
            _ => WithByte(input, at, _random.Next(2) == 0 ? Any(Bytes) : (byte)_random.Next(256)),
        };
    }

    // Now and then many times, so that work that grows too fast shows.
    private byte[] Repeat(byte[] input, int at, int end)
    {
        var times =
            _random.Next(16) == 0 ? _random.Next(1, 1 + target.Longest / Math.Max(1, end - at)) : _random.Next(1, 4);
        return [.. input[..end], .. Enumerable.Repeat(input[at..end], times).SelectMany(part => part), .. input[end..]];
    }

    private static byte[] WithByte(byte[] input, int at, byte value)
    {
        byte[] changed = [.. input];
        if (at < changed.Length)
            changed[at] = value;
        return changed;
    }

    private byte[] WithNumber(byte[] input, int at)
    {
        byte[] changed = [.. input];
        var number = _random.Next(3) == 0 ? (uint)_random.Next() : Any(Numbers);
        var room = changed.AsSpan(at);
        switch (_random.Next(4))
        {
            case 0 when room.Length >= 4:
                BinaryPrimitives.WriteUInt32BigEndian(room, number);
                break;
            case 1 when room.Length >= 4:
                BinaryPrimitives.WriteUInt32LittleEndian(room, number);
                break;
            case 2 when room.Length >= 2:
                BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)number);
                break;
            case 3 when room.Length >= 2:
                BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)number);
                break;
        }

        return changed;
    }

    private byte[] Piece() => target.Pieces is [] ? Any(Texts) : Any(target.Pieces);

    private T Any<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
