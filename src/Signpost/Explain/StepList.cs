using Signpost.Core.Redirecting;

namespace Signpost.Explain;

/// <summary>Listens to a decision and records its last step.</summary>
internal struct StepList : IDecisionTrace
{
    /// <summary>The step that decided; all steps before it were passed.</summary>
    public Step Settled { get; private set; }

    public readonly void Pass(Step step) { }

    public Decision Settle(Step step, in Decision decision)
    {
        Settled = step;
        return decision;
    }
}
