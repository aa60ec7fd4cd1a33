namespace Signpost.Core.Visitors;

/// <summary>The names of <see cref="DeviceType"/>s, as the API has them.</summary>
public static class DeviceNames
{
    extension(DeviceType device)
    {
        /// <summary>Null for <see cref="DeviceType.Unknown"/>.</summary>
        public string? Name =>
            device switch
            {
                DeviceType.Desktop => "desktop",
                DeviceType.Mobile => "mobile",
                DeviceType.Tablet => "tablet",
                _ => null,
            };
    }
}
