using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Signpost.Dashboard.Statistics;

/// <summary>A text in a drawing. Razor files have another meaning for its element.</summary>
public sealed class ChartText : ComponentBase
{
    [Parameter, EditorRequired]
    public required string Class { get; set; }

    [Parameter, EditorRequired]
    public required string X { get; set; }

    [Parameter, EditorRequired]
    public required int Y { get; set; }

    /// <summary><c>start</c>, <c>middle</c> or <c>end</c>: the part of the text that stands at <see cref="X"/>.</summary>
    [Parameter]
    public string Anchor { get; set; } = "start";

    [Parameter, EditorRequired]
    public required string Value { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "x", X);
        builder.AddAttribute(3, "y", Y);
        builder.AddAttribute(4, "text-anchor", Anchor);
        builder.AddContent(5, Value);
        builder.CloseElement();
    }
}
