namespace Signpost.Hosting;

/// <summary>What a click must have survived before its response leaves.</summary>
internal enum ClickDurability
{
    /// <summary>A killed process: it is in the operating system's page cache.</summary>
    Process,

    /// <summary>A power cut: it is on the disk.</summary>
    Disk,
}
