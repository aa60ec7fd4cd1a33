namespace Signpost.Core.Visitors;

/// <summary>Who is behind a request, as far as its User-Agent tells.</summary>
public enum VisitorClass : byte
{
    /// <summary>A person with a browser, or somebody of whom we know nothing that says otherwise.</summary>
    Person,

    /// <summary>A robot that draws the little card under a shared link.</summary>
    Preview,

    /// <summary>Any other robot: crawlers, monitors, scanners, HTTP libraries.</summary>
    Robot,
}
