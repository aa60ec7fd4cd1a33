using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signpost.Testing;

/// <summary>
/// The one way to wait in tests. A wait that takes longer than <see cref="Longest"/> fails, and says what was awaited.
/// The limit is generous, because nothing is timed here; it is shorter than <see cref="TestLimit"/>.
/// </summary>
internal static class Patience
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Awaits it, and fails when that takes too long.</summary>
    /// <param name="task">Ends when what is awaited has happened.</param>
    /// <param name="what">The awaited thing, for the message of the failure.</param>
    /// <param name="detail">Makes a text that is added to that message; called only then.</param>
    /// <exception cref="TimeoutException">It did not happen in <see cref="Longest"/>.</exception>
    public static async Task<T> OrFail<T>(
        this Task<T> task,
        [CallerArgumentExpression(nameof(task))] string what = "",
        Func<string>? detail = null
    )
    {
        await ((Task)task).OrFail(what, detail);
        return await task;
    }

    /// <inheritdoc cref="OrFail{T}"/>
    /// <param name="longest">Another limit, for work that takes minutes.</param>
    public static async Task OrFail(
        this Task task,
        [CallerArgumentExpression(nameof(task))] string what = "",
        Func<string>? detail = null,
        TimeSpan? longest = null
    )
    {
        try
        {
            await task.WaitAsync(longest ?? Longest, TimeProvider.System, Cancel);
        }
        // A timeout that the task itself ends with is passed on as it is.
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Late(what, detail, longest ?? Longest);
        }
    }

    /// <summary>Asks again and again, for what gives no sign of its own.</summary>
    /// <param name="holds">Whether it has happened.</param>
    /// <param name="what">The awaited thing, for the message of the failure.</param>
    /// <param name="detail">Makes a text that is added to that message; called only then.</param>
    /// <param name="pause">Between two questions; null: 20 ms.</param>
    /// <exception cref="TimeoutException">It did not happen in <see cref="Longest"/>.</exception>
    public static async Task UntilAsync(
        Func<Task<bool>> holds,
        [CallerArgumentExpression(nameof(holds))] string what = "",
        Func<string>? detail = null,
        TimeSpan? pause = null
    )
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds().OrFail(what, detail))
        {
            if (TimeProvider.System.GetElapsedTime(start) > Longest)
                throw Late(what, detail, Longest);
            await PassAsync(pause ?? Look);
        }
    }

    /// <summary>Lets real time pass, for what shall happen at any moment and not after something.</summary>
    public static Task PassAsync(TimeSpan time) =>
#pragma warning disable RS0030
        Task.Delay(time, TimeProvider.System, Cancel);
#pragma warning restore RS0030

    /// <summary>Waits until a process has ended and all its output was read. Kills it when that takes too long.</summary>
    /// <param name="longest">Another limit than <see cref="Longest"/>, for work that takes minutes.</param>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public static async Task EndAsync(
        this Process process,
        string what,
        Func<string>? detail = null,
        TimeSpan? longest = null
    )
    {
        try
        {
#pragma warning disable RS0030
            await process.WaitForExitAsync(CancellationToken.None).OrFail($"The end of {what}", detail, longest);
#pragma warning restore RS0030
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static TimeoutException Late(string what, Func<string>? detail, TimeSpan longest) =>
        new($"{what} did not happen in {longest.TotalSeconds} s. {detail?.Invoke()}");
}
