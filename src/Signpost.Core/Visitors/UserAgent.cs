namespace Signpost.Core.Visitors;

/// <summary>The kind of a visitor's device.</summary>
public enum DeviceType : byte
{
    /// <summary>None of the others (a television, a console, a watch, a car), or unknown.</summary>
    Unknown,
    Desktop,
    Mobile,
    Tablet,
}

/// <summary>The facts from User-Agent and client hints, with the names of <see cref="AgentNames"/>; null if unknown.</summary>
public sealed record UserAgent(
    string? SystemName,
    string? SystemVersion,
    string? BrowserName,
    string? BrowserVersion,
    DeviceType Device
)
{
    public static readonly UserAgent Unknown = new(null, null, null, null, DeviceType.Unknown);

    /// <summary>The device's name in the API.</summary>
    public string? DeviceName => AgentNames.Device(Device);
}
