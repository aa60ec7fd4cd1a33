using System.Diagnostics;
using Signpost.Testing;

namespace Signpost.FaultTests.Running;

/// <summary>The exit code and the output of a process.</summary>
internal sealed record Ended(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public override string ToString() =>
        $"exit code {ExitCode}, output:\n{string.Join('\n', Output)}\nerrors:\n{string.Join('\n', Errors)}";
}

/// <summary>The real program in a process of its own, which never outlives the test.</summary>
internal sealed class SignpostProcess : IAsyncDisposable
{
    private static readonly string[] NotInherited =
    [
        "SIGNPOST_",
        "ASPNETCORE_",
        "OTEL_",
        "DOTNET_ENVIRONMENT",
        "Logging",
    ];

    private readonly Process _process;
    private bool _isDisposed;

    private SignpostProcess(Process process) => _process = process;

    public Spoken Output { get; } = new();

    public Spoken Errors { get; } = new();

    public bool HasExited => _process.HasExited;

    /// <summary>The server's project, as the main command names it.</summary>
    public static string ProjectPath =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "src", "Signpost"));

    /// <summary>The server's program, built beside this project in the same configuration.</summary>
    private static string Program
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory);
            var path = Path.Combine(own.Parent!.Parent!.FullName, "Signpost", own.Name, "Signpost.dll");
            return File.Exists(path) ? path : throw new FileNotFoundException("The server is not built.", path);
        }
    }

    /// <param name="before">A program to start it under, with its arguments.</param>
    public static SignpostProcess Start(
        Installation home,
        string[] args,
        (string Name, string Value)[] settings,
        params string[] before
    ) => StartProgram(home, [.. before, "dotnet", Program, .. args], settings);

    /// <summary>Starts a program that was built otherwise.</summary>
    public static SignpostProcess StartProgram(
        Installation home,
        string[] command,
        (string Name, string Value)[] settings
    )
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = home.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsNotInherited).ToList())
            start.Environment.Remove(name);
        start.Environment["SIGNPOST_DATA_DIR"] = home.DataDirectory;
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var signpost = new SignpostProcess(process);
        process.OutputDataReceived += signpost.Output.Hear;
        process.ErrorDataReceived += signpost.Errors.Hear;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return signpost;
    }

    /// <summary>Runs a command, or a server that is expected not to start, to its end.</summary>
    public static async Task<Ended> RunAsync(
        Installation home,
        string[] args,
        (string Name, string Value)[]? settings = null,
        string? input = null
    )
    {
        await using var process = Start(home, args, settings ?? []);
        if (input is not null)
            await process._process.StandardInput.WriteLineAsync(input);
        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    public int Id => _process.Id;

    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    /// <summary>Waits until the process has ended by itself and all its output has been read.</summary>
    public async Task<Ended> EndAsync()
    {
        await _process.EndAsync("the process", Said);
        return new(_process.ExitCode, Output.Lines, Errors.Lines);
    }

    /// <summary>Waits for a line of the output; fails if the process ends without it.</summary>
    public async Task<string> LineAsync(Func<string, bool> fits) =>
        await Output.LineAsync(fits).OrFail("A line of output", Said)
        ?? throw new InvalidOperationException($"It ended before it said what was awaited. {Said()}");

    public string Said() => $"It said:\n{Output.Text}\n{Errors.Text}";

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;

        _isDisposed = true;
        if (!_process.HasExited)
            _process.Kill();
        await _process.EndAsync("the process", Said);
        _process.Dispose();
    }

    private static bool IsNotInherited(string name) =>
        NotInherited.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
