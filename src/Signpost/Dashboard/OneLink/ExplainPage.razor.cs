using static Signpost.Dashboard.Explaining.ExplainedDecision;
using static Signpost.Dashboard.Explaining.VisitorFields;
using static Signpost.Dashboard.OneLink.OneLinkLayout;

namespace Signpost.Dashboard.OneLink;

/// <summary>Where the link sends a visitor, and why.</summary>
public partial class ExplainPage
{
    /// <summary>Everything that the page shows.</summary>
    /// <param name="Given">The explanation; null: the visitor has errors.</param>
    public sealed record Content(LinkHead Head, ChosenVisitor Visitor, Explained? Given);
}
