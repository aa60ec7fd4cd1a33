using System.Numerics;
using System.Runtime.InteropServices;
using Signpost.Core.Visitors;

namespace Signpost.Visitors;

/// <summary>
/// Remembers what user agents were found to be. An agent has four places it may stand in, and a newcomer takes over one
/// of its four: so memory is bounded (all places times <see cref="LongestAgent"/>, 8 MiB at worst), nothing is ever locked
/// or swept, and a flood of invented agents only makes some real ones be looked at again.
/// </summary>
internal sealed class SeenAgents
{
    public const int LongestAgent = 1024;

    private const int Places = 4096;
    private const int Choices = 4;

    private readonly Entry?[] _entries = new Entry?[Places];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private uint _turn;

    public bool TryFind(ReadOnlySpan<char> agent, out VisitorClass visitor)
    {
        var hash = Hash(agent);
        foreach (var entry in ChoicesOf(hash))
        {
            if (entry is not null && entry.Hash == hash && agent.SequenceEqual(entry.Agent))
            {
                visitor = entry.Visitor;
                return true;
            }
        }

        visitor = default;
        return false;
    }

    public void Remember(ReadOnlySpan<char> agent, VisitorClass visitor)
    {
        var hash = Hash(agent);
        // Two threads may pick the same place or note the same agent twice: it is only a cache.
        ChoicesOf(hash)[(int)(_turn++ % Choices)] = new Entry(hash, agent.ToString(), visitor);
    }

    private Span<Entry?> ChoicesOf(ulong hash) =>
        _entries.AsSpan((int)(hash >> 32) & (Places - 1) & ~(Choices - 1), Choices);

    // Agents are long, and the runtime's own hash, which withstands attacks, costs more here than all the rest. Whoever
    // made agents collide would gain nothing but four places full of them.
    private ulong Hash(ReadOnlySpan<char> agent)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        var one = _seed;
        var two = _seed ^ (ulong)agent.Length;

        // Two lanes, because each multiplication waits for the one before it.
        var blocks = MemoryMarshal.Cast<char, ulong>(agent);
        for (var at = 0; at + 1 < blocks.Length; at += 2)
        {
            one = (BitOperations.RotateLeft(one, 27) ^ blocks[at]) * Multiplier;
            two = (BitOperations.RotateLeft(two, 27) ^ blocks[at + 1]) * Multiplier;
        }

        var hash = BitOperations.RotateLeft(one, 31) ^ two;
        foreach (var character in agent[((blocks.Length & ~1) * 4)..])
            hash = (BitOperations.RotateLeft(hash, 27) ^ character) * Multiplier;

        return hash;
    }

    // A class, not a struct: it is put in its place as a whole.
    private sealed record Entry(ulong Hash, string Agent, VisitorClass Visitor);
}
