namespace Signpost.Web;

/// <summary>What the start page tells beside its text: kept by whoever knows (the set-up).</summary>
internal sealed class StartNotice
{
    private volatile bool _setupIsOpen;

    /// <summary>True while the first account is still to be made.</summary>
    public bool SetupIsOpen
    {
        get => _setupIsOpen;
        set => _setupIsOpen = value;
    }
}
