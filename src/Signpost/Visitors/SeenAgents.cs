using System.Numerics;
using System.Runtime.InteropServices;
using Signpost.Core.Visitors;

namespace Signpost.Visitors;

/// <summary>
/// Remembers the classes of user agents. An agent has four possible places, and a new one replaces one of the four. So memory
/// is bounded (all places times the longest agent and its hints: 18 MiB at worst), nothing is locked or swept, and a flood of
/// invented agents only makes some real ones be read again.
/// </summary>
internal sealed class SeenAgents
{
    private const int Places = 4096;
    private const int Choices = 4;

    private readonly SeenAgent?[] _entries = new SeenAgent?[Places];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private uint _turn;

    public SeenAgent? Find(ReadOnlySpan<char> agent)
    {
        var hash = Hash(agent);
        foreach (var entry in ChoicesOf(hash))
            if (entry is not null && entry.Hash == hash && agent.SequenceEqual(entry.Agent))
                return entry;

        return null;
    }

    public SeenAgent Remember(ReadOnlySpan<char> agent, VisitorClass visitor)
    {
        var hash = Hash(agent);
        var entry = new SeenAgent(hash, agent.ToString(), visitor);
        // Two threads may choose the same place or store the same agent twice: it is only a cache.
        ChoicesOf(hash)[(int)(_turn++ % Choices)] = entry;
        return entry;
    }

    private Span<SeenAgent?> ChoicesOf(ulong hash) =>
        _entries.AsSpan((int)(hash >> 32) & (Places - 1) & ~(Choices - 1), Choices);

    // Agents are long, and the runtime's own hash, which withstands attacks, costs more here than everything else. Somebody who
    // makes agents collide gains nothing but four places full of them.
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
}

/// <summary>The remembered facts of an agent. Several threads may find them at the same time; they find the same.</summary>
internal sealed class SeenAgent(ulong hash, string agent, VisitorClass visitor)
{
    public ulong Hash { get; } = hash;

    public string Agent { get; } = agent;

    public VisitorClass Visitor { get; } = visitor;

    /// <summary>System, browser and device; null until somebody needed them and they were found.</summary>
    public UserAgent? Told { get; set; }

    /// <summary>Completes when <see cref="Told"/> is found; null: nobody has asked the thread that finds it.</summary>
    public Task? Learning { get; set; }

    /// <summary>The last hints that came with this agent, and the facts with them.</summary>
    public HintedAgent? Hinted { get; set; }
}

/// <summary>Hints, the facts of the agent without them, and the facts with them.</summary>
internal sealed record HintedAgent(ClientHints Hints, UserAgent Of, UserAgent Told);
