namespace Signpost.FaultTests.Running;

/// <summary>Waits for what must come, and fails with words when it does not. The limits are generous: nothing is timed.</summary>
internal static class Patience
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <param name="detail">What to add to the failure's message, asked only then.</param>
    public static async Task<T> OrFail<T>(this Task<T> task, string what, Func<string>? detail = null)
    {
        try
        {
            return await task.WaitAsync(Longest, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{what} did not happen in {Longest}. {detail?.Invoke()}");
        }
    }

    /// <summary>Asks again and again, for what gives no sign of its own.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, Func<string>? detail = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Longest)
                throw new TimeoutException($"{what} did not happen in {Longest}. {detail?.Invoke()}");
            await Task.Delay(Look, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
