namespace Signpost.SimulationTests.Machine;

/// <summary>All chance of a run comes from here: the same seed gives the same run.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Whether something happens that happens once in so many times.</summary>
    public bool OneIn(int times) => _random.Next(times) == 0;

    /// <summary>Whether something happens that has this probability.</summary>
    public bool Chance(double probability) => probability > 0 && _random.NextDouble() < probability;

    /// <summary>A number from 0 to <paramref name="end"/> - 1.</summary>
    public int Below(int end) => _random.Next(end);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Between(int least, int most) => _random.Next(least, most + 1);

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];
}
