namespace Signpost.Redirects;

/// <summary>The key of a plan: the domain (0 is the main one) and the alias's stored key.</summary>
internal readonly record struct PlanKey(long DomainId, string Alias);

/// <summary>The same as <see cref="PlanKey"/>, directly from the request's path.</summary>
internal readonly ref struct PlanKeySpan(long domainId, ReadOnlySpan<char> alias)
{
    public long DomainId { get; } = domainId;
    public ReadOnlySpan<char> Alias { get; } = alias;
}

/// <summary>Compares both forms, so that a look-up makes no string.</summary>
internal sealed class PlanKeyComparer : IEqualityComparer<PlanKey>, IAlternateEqualityComparer<PlanKeySpan, PlanKey>
{
    public static PlanKeyComparer Instance { get; } = new();

    public bool Equals(PlanKey x, PlanKey y) => x.DomainId == y.DomainId && x.Alias == y.Alias;

    public int GetHashCode(PlanKey obj) => Hash(obj.DomainId, obj.Alias);

    public bool Equals(PlanKeySpan alternate, PlanKey other) =>
        alternate.DomainId == other.DomainId && alternate.Alias.SequenceEqual(other.Alias);

    public int GetHashCode(PlanKeySpan alternate) => Hash(alternate.DomainId, alternate.Alias);

    public PlanKey Create(PlanKeySpan alternate) => new(alternate.DomainId, alternate.Alias.ToString());

    // string.GetHashCode has a random key, so nobody outside can choose aliases that collide.
    private static int Hash(long domainId, ReadOnlySpan<char> alias) =>
        string.GetHashCode(alias) ^ domainId.GetHashCode();
}
