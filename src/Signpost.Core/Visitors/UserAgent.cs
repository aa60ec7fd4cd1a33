namespace Signpost.Core.Visitors;

/// <summary>What a visitor holds in the hand, or sits before.</summary>
public enum DeviceType : byte
{
    /// <summary>None of the others (a television, a console, a watch, a car) or not to be told.</summary>
    Unknown,
    Desktop,
    Mobile,
    Tablet,
}

/// <summary>What a User-Agent and client hints say, in the words of <see cref="AgentNames"/>; null where they say nothing.</summary>
public sealed record UserAgent(
    string? SystemName,
    string? SystemVersion,
    string? BrowserName,
    string? BrowserVersion,
    DeviceType Device
)
{
    public static readonly UserAgent Unknown = new(null, null, null, null, DeviceType.Unknown);

    /// <summary>The device's name as the API says it.</summary>
    public string? DeviceName => AgentNames.Device(Device);
}
