namespace Signpost.Core.Redirecting;

/// <summary>What a decision asks, in this order; the first that settles it ends it.</summary>
public enum Step : byte
{
    /// <summary>Is the link switched on, and has it begun?</summary>
    Availability,

    /// <summary>Is it a request that a link answers at all?</summary>
    Request,

    /// <summary>Is it past its end or its limit?</summary>
    End,

    Password,
    SensitiveContent,

    /// <summary>Which destination?</summary>
    Targeting,

    /// <summary>With which query?</summary>
    Parameters,

    /// <summary>By a redirect, or by a page?</summary>
    Delivery,
}

/// <summary>Is told each step of a decision. A struct, so that who does not listen costs nothing.</summary>
public interface IDecisionTrace
{
    /// <summary>The step settled nothing; the next one is asked.</summary>
    void Pass(Step step);

    /// <summary>The step settled it; hands the decision back.</summary>
    Decision Settle(Step step, in Decision decision);
}

/// <summary>Nobody listens.</summary>
internal readonly struct Untraced : IDecisionTrace
{
    public void Pass(Step step) { }

    public Decision Settle(Step step, in Decision decision) => decision;
}
