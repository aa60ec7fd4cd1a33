namespace Signpost.Core.Visitors;

/// <summary>The kind of a visitor, by the name that the program sends.</summary>
public enum VisitorClass : byte
{
    Person,

    /// <summary>A robot that draws a preview of the link for a conversation.</summary>
    Preview,

    Robot,
}
