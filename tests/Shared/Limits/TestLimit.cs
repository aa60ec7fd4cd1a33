using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit.Runner.Common;
using Xunit.Sdk;

[assembly: RegisterRunnerReporter(typeof(Signpost.Testing.TestLimit))]

namespace Signpost.Testing;

/// <summary>
/// Ends the whole run when one test takes longer than <see cref="Longest"/>, and names that test. Does the same when what a
/// class of tests prepares or clears away takes so long. <c>[Fact(Timeout = 600_000)]</c> gives one test more time.
/// </summary>
public sealed class TestLimit : DefaultRunnerReporter
{
    /// <summary>How many seconds one test may take, for the test of this limit.</summary>
    internal const string SecondsVariable = "TEST_LIMIT_SECONDS";

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "240", CultureInfo.InvariantCulture)
    );

    public override bool CanBeEnvironmentallyEnabled => true;

    public override bool IsEnvironmentallyEnabled => true;

    public override string? RunnerSwitch => null;

    public override ValueTask<IRunnerReporterMessageHandler> CreateMessageHandler(
        IRunnerLogger logger,
        IMessageSink? diagnosticMessageSink
    ) => new(new Watch(logger));

    private sealed class Watch : DefaultRunnerReporterMessageHandler
    {
        private readonly ConcurrentDictionary<string, Begun> _tests = [];
        private readonly ConcurrentDictionary<string, string> _classes = [];
        private long _lastMessage = TimeProvider.System.GetTimestamp();
        private bool _isOver;

        public Watch(IRunnerLogger logger)
            : base(logger)
        {
            Execution.TestClassStartingEvent += seen =>
                _classes[seen.Message.TestClassUniqueID!] = seen.Message.TestClassName;
            Execution.TestClassFinishedEvent += seen => _classes.TryRemove(seen.Message.TestClassUniqueID!, out _);
            Execution.TestStartingEvent += seen => _tests[seen.Message.TestUniqueID] = Begun.Now(seen.Message);
            Execution.TestFinishedEvent += seen => _tests.TryRemove(seen.Message.TestUniqueID, out _);
            // A thread of its own: tests that block all threads of the pool do not stop it.
            new Thread(Look) { IsBackground = true, Name = nameof(TestLimit) }.Start();
        }

        public override bool OnMessage(IMessageSinkMessage message)
        {
            Volatile.Write(ref _lastMessage, TimeProvider.System.GetTimestamp());
            return base.OnMessage(message);
        }

        public override ValueTask DisposeAsync()
        {
            _isOver = true;
            return base.DisposeAsync();
        }

        private void Look()
        {
            while (!Volatile.Read(ref _isOver))
            {
                Thread.CurrentThread.Join(TimeSpan.FromMilliseconds(200));
                if (Debugger.IsAttached)
                    continue;
                foreach (var test in _tests.Values)
                    if (TimeProvider.System.GetElapsedTime(test.At) > test.Limit)
                        End($"{test.Name} took longer than {test.Limit.TotalSeconds} s");
                if (_tests.IsEmpty && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _lastMessage)) > Longest)
                    End($"No test has run for {Longest.TotalSeconds} s, in {string.Join(", ", _classes.Values)}");
            }
        }

        private static void End(string what)
        {
            using (var errors = Console.OpenStandardError())
                errors.Write(Encoding.UTF8.GetBytes($"{what}: the run ends here.\n"));
            Process.GetCurrentProcess().Kill();
        }
    }

    private sealed record Begun(string Name, long At, TimeSpan Limit)
    {
        public static Begun Now(ITestStarting test) =>
            new(
                test.TestDisplayName,
                TimeProvider.System.GetTimestamp(),
                // xunit itself fails such a test first, when that is possible.
                test.Timeout > 0
                    ? TimeSpan.FromMilliseconds(test.Timeout) + TimeSpan.FromSeconds(30)
                    : Longest
            );
    }
}
