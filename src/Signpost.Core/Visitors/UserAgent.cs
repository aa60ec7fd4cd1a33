namespace Signpost.Core.Visitors;

/// <summary>What a visitor's program and machine are, under the names of <c>docs/api.md</c>; null: not known.</summary>
public sealed record UserAgent(
    string? SystemName,
    string? SystemVersion,
    string? BrowserName,
    string? BrowserVersion,
    DeviceType Device
)
{
    public static readonly UserAgent Unknown = new(null, null, null, null, DeviceType.Unknown);
}

/// <summary>The kinds of machine that targeting tells apart.</summary>
public enum DeviceType : byte
{
    Unknown,
    Desktop,
    Mobile,
    Tablet,
}
