namespace Signpost.Core.Visitors;

/// <summary>Who is asking, by the name that the program gives itself.</summary>
public enum VisitorClass : byte
{
    Person,

    /// <summary>A robot that draws a preview of the link for a conversation.</summary>
    Preview,

    Robot,
}
