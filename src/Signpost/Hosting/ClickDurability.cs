namespace Signpost.Hosting;

/// <summary>The failure that a click must survive before its response leaves.</summary>
internal enum ClickDurability
{
    /// <summary>A killed process: the click is in the operating system's page cache.</summary>
    Process,

    /// <summary>A power cut: the click is on the disk.</summary>
    Disk,
}
