namespace Signpost.Core.Targeting;

/// <summary>The fact that a link's rules compare. The numbers are stored (journal, database): never renumber, only add.</summary>
public enum TargetingKind : byte
{
    None = 0,
    ContinentCode = 1,
    CountryCode = 2,
    CityName = 3,
    DeviceType = 4,
    BrowserLanguage = 5,
    Rotation = 6,
    OsName = 7,
    BrowserName = 8,
}

/// <summary>The facts of a visitor that a plan needs beyond those of every link; the others are not computed.</summary>
[Flags]
public enum Facts : byte
{
    None = 0,
    Place = 1,
    Agent = 2,
    Language = 4,
    Lot = 8,
    InApp = 16,
    All = Place | Agent | Language | Lot | InApp,
}

/// <summary>The rule that chose a visitor's destination.</summary>
/// <param name="Rule">Its place in the list, from 0.</param>
public readonly record struct AppliedRule(TargetingKind Kind, byte Rule)
{
    /// <summary>No rule: the link's own destination, or no destination at all.</summary>
    public static AppliedRule None => default;

    /// <summary>As in <c>targeting_country_code[0]</c>; null when there is none.</summary>
    public string? Name => Kind is TargetingKind.None ? null : $"targeting_{Kind.Name}[{Rule}]";
}

/// <summary>The names of <see cref="TargetingKind"/>s in the API.</summary>
public static class TargetingNames
{
    private static readonly string[] Names =
    [
        "none",
        "continent_code",
        "country_code",
        "city_name",
        "device_type",
        "browser_language",
        "rotation",
        "os_name",
        "browser_name",
    ];

    extension(TargetingKind kind)
    {
        public string Name => Names[(int)kind];

        /// <summary>The kind with this name; <see cref="TargetingKind.None"/> for any other.</summary>
        public static TargetingKind Named(string? name) =>
            name is null ? TargetingKind.None : (TargetingKind)Math.Max(0, Array.IndexOf(Names, name));
    }
}
