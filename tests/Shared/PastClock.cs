namespace Signpost.Testing;

/// <summary>Shows the time of another day; timers take real time.</summary>
internal sealed class PastClock : TimeProvider
{
    public TimeSpan Shift { get; set; } = TimeSpan.FromDays(-30);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
}
