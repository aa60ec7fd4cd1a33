namespace Signpost.Web;

/// <summary>The state that the start page shows beside its text; the set-up changes it.</summary>
internal sealed class StartNotice
{
    private volatile bool _setupIsOpen;

    /// <summary>True until the first account is created.</summary>
    public bool SetupIsOpen
    {
        get => _setupIsOpen;
        set => _setupIsOpen = value;
    }
}
