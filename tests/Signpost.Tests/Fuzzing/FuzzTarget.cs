using System.Text;

namespace Signpost.Tests.Fuzzing;

/// <summary>The result of one input. A refusal that the parser documents is a result, too; any other exception is a fault.</summary>
/// <param name="IsAccepted">Whether the parser took the input.</param>
/// <param name="Shape">The way it went, in few words. Inputs with new shapes are kept and mutated further.</param>
internal readonly record struct Outcome(bool IsAccepted, string Shape)
{
    public static Outcome Refused(string shape) => new(false, shape);

    public static Outcome Accepted(string shape) => new(true, shape);
}

/// <summary>A parser, and inputs to begin with.</summary>
/// <param name="Name">As in <c>tests/fuzz N NAME</c>.</param>
/// <param name="Seeds">Real examples. Among them is one that is accepted.</param>
/// <param name="Read">Gives an input to the parser.</param>
internal sealed record FuzzTarget(string Name, byte[][] Seeds, Func<byte[], Outcome> Read) : IDisposable
{
    /// <summary>Pieces that have a meaning for the parser.</summary>
    public byte[][] Pieces { get; init; } = [];

    /// <summary>Makes inputs by the grammar of the format; null: mutations and pieces suffice.</summary>
    public Func<Random, byte[]>? Grammar { get; init; }

    /// <summary>Its share of the inputs of all targets.</summary>
    public int Weight { get; init; } = 10;

    /// <summary>The longest input, in bytes.</summary>
    public int Longest { get; init; } = 2_048;

    /// <summary>The bytes that one input may allocate, and more for each of its own bytes.</summary>
    public (int Fixed, int PerByte) MostAllocated { get; init; } = (32 << 10, 256);

    /// <summary>Ends with the target.</summary>
    public IDisposable? Resource { get; init; }

    public static FuzzTarget OfText(string name, string[] seeds, string[] pieces, Func<string, Outcome> read) =>
        new(name, Bytes(seeds), input => read(Text(input))) { Pieces = Bytes(pieces) };

    public static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    /// <summary>
    /// Reads UTF-8. Three bytes that would be half of a surrogate pair become that half, because a text in memory can hold it.
    /// </summary>
    public static string Text(ReadOnlySpan<byte> input)
    {
        var text = new StringBuilder();
        for (int at; (at = input.IndexOf((byte)0xED)) >= 0; )
        {
            text.Append(Encoding.UTF8.GetString(input[..at]));
            var isHalf = input[at..] is [_, >= 0xA0 and < 0xC0, >= 0x80 and < 0xC0, ..];
            var length = Math.Min(3, input.Length - at);
            text.Append(
                isHalf
                    ? $"{(char)(0xD000 | ((input[at + 1] & 0x3F) << 6) | (input[at + 2] & 0x3F))}"
                    : Encoding.UTF8.GetString(input.Slice(at, length))
            );
            input = input[(at + length)..];
        }

        return text.Append(Encoding.UTF8.GetString(input)).ToString();
    }

    public void Dispose() => Resource?.Dispose();
}
