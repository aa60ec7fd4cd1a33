using System.Runtime.CompilerServices;

namespace Signpost.SimulationTests.Machine;

/// <summary>A line of the trace. It is put together only if somebody asked for the trace.</summary>
[InterpolatedStringHandler]
internal ref struct TraceLine
{
    private DefaultInterpolatedStringHandler _text;

    public TraceLine(int literalLength, int formattedCount, World world, out bool isWanted)
    {
        isWanted = world.Tells;
        if (isWanted)
            _text = new(literalLength, formattedCount);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public string Text() => _text.ToStringAndClear();
}
