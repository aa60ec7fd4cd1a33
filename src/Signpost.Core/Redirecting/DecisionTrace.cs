namespace Signpost.Core.Redirecting;

/// <summary>The questions of a decision, in this order; the first that settles it is the last.</summary>
public enum Step : byte
{
    /// <summary>Is the link enabled, and has it started?</summary>
    Availability,

    /// <summary>Does a link accept this request?</summary>
    Request,

    /// <summary>Is it past its end or its limit?</summary>
    End,

    Password,
    SensitiveContent,
    SplashPage,

    /// <summary>Which destination?</summary>
    Targeting,

    /// <summary>With which query?</summary>
    Parameters,

    /// <summary>By a redirect, or by a page?</summary>
    Delivery,
}

/// <summary>Hears each step of a decision. It is a struct, so that a decision without a listener costs nothing more.</summary>
public interface IDecisionTrace
{
    /// <summary>The step settled nothing; the next one follows.</summary>
    void Pass(Step step);

    /// <summary>The step settled the decision; returns the decision.</summary>
    Decision Settle(Step step, in Decision decision);
}

/// <summary>Listens to nothing.</summary>
internal readonly struct Untraced : IDecisionTrace
{
    public void Pass(Step step) { }

    public Decision Settle(Step step, in Decision decision) => decision;
}
