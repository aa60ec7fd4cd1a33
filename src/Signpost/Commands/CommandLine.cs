using System.CommandLine;
using Signpost.Hosting;

namespace Signpost.Commands;

/// <summary>The commands of the program and their help.</summary>
internal static class CommandLine
{
    private const string About = """
        A link server. Without a command it serves.

        Settings may stand anywhere, as in --SIGNPOST_DATA_DIR=/srv/signpost or --urls http://*:8080.
        """;

    /// <summary>Serves if there are only settings. Otherwise runs a command, or prints help or the version.</summary>
    /// <param name="serve">Starts the server and waits for its end.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="StartException">An argument is unknown or missing, or the command cannot do its work.</exception>
    public static Task<int> RunAsync(string[] args, TextReader input, TextWriter output, Func<Task<int>> serve)
    {
        var (words, settings) = SettingArguments.Split(args);
        return words.Count == 0 ? serve() : RunCommandAsync(words, settings, input, output, serve);
    }

    // A method of its own, so that a start of the server neither loads nor compiles the library.
    private static Task<int> RunCommandAsync(
        IReadOnlyList<string> words,
        string[] settings,
        TextReader input,
        TextWriter output,
        Func<Task<int>> serve
    )
    {
        var root = Commands(() => Read(settings), input, output);
        root.SetAction((_, _) => serve());
        var parsed = root.Parse(words is ["help"] ? ["--help"] : words, new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
            throw new StartException($"{Problem(parsed)} Add --help to see what is possible.");

        return parsed.InvokeAsync(
            new()
            {
                Output = output,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            }
        );
    }

    // Commands block while they wait for PostgreSQL, so nothing of theirs may run on the thread that reads its sockets.
    private static SignpostSettings Read(string[] settings)
    {
        Sockets.HandOver();
        return SignpostSettings.Read(Configuration(settings));
    }

    private static RootCommand Commands(Func<SignpostSettings> settings, TextReader input, TextWriter output) =>
        new(About)
        {
            New(
                "backup",
                "Copies the database to FILE, also while the server runs.",
                "FILE",
                file => Backup.MakeAsync(settings(), file, output)
            ),
            New(
                "restore",
                "Replaces the database by the backup FILE. Stop the server first.",
                "FILE",
                file => Restore.RunAsync(settings(), file, TimeProvider.System, output)
            ),
            New(
                "reset-password",
                "Asks for a new password and gives it to the account EMAIL, also while the server runs.",
                "EMAIL",
                email => AccountCommands.ResetPasswordAsync(settings(), email, input, TimeProvider.System, output)
            ),
            New(
                "create-key",
                "Creates an API key for the account EMAIL and prints it, also while the server runs.",
                "EMAIL",
                email => AccountCommands.CreateKeyAsync(settings(), email, TimeProvider.System, output)
            ),
            New(
                "change-case",
                "Makes aliases of the main domain case-sensitive (on) or not (off), or tells what that would do (status). Stop the server first.",
                "on|off|status",
                wanted => CaseCommand.RunAsync(settings(), wanted, TimeProvider.System, output)
            ),
            MoveDatabase(settings, output),
            RepairJournal(settings, output),
        };

    private static Command New(string name, string description, string argumentName, Func<string, Task> run)
    {
        var argument = new Argument<string>(argumentName);
        // Without this, an unknown option would be taken as the name of a file.
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] option }])
                result.AddError($"Unrecognized option '{option}'.");
        });
        var command = new Command(name, description) { argument };
        command.SetAction((parsed, _) => run(parsed.GetRequiredValue(argument)));
        return command;
    }

    private static Command MoveDatabase(Func<SignpostSettings> settings, TextWriter output)
    {
        var command = new Command(
            "migrate-database",
            "Moves the SQLite database to an empty database on PostgreSQL. Stop the server first. If it is interrupted, it continues."
        );
        var to = new Option<string>("--to")
        {
            Description =
                "The address of the database. Other people on this machine may read it: if it holds a password, set SIGNPOST_DATABASE_URL instead.",
        };
        command.Options.Add(to);
        command.SetAction((parsed, _) => MoveCommand.RunAsync(settings(), parsed.GetValue(to), output));
        return command;
    }

    private static Command RepairJournal(Func<SignpostSettings> settings, TextWriter output)
    {
        var command = new Command("repair-journal", "Makes a damaged click journal readable. Stop the server first.");
        command.SetAction((_, _) => RepairCommand.RunAsync(settings(), output));
        return command;
    }

    // The library's message for a missing argument does not name it.
    private static string Problem(ParseResult parsed) =>
        parsed.CommandResult is { Command: { Arguments: [var argument], Name: var name }, Tokens: [] }
        && parsed.UnmatchedTokens.Count == 0
            ? $"The argument {argument.Name} of {name} is missing."
            : WithoutValue(parsed.Errors[0].Message);

    // The value of a mistyped setting or an address may be a secret, and this line goes to logs.
    private static string WithoutValue(string message)
    {
        foreach (var sign in (string[])["://", "="])
            if (message.IndexOf(sign, StringComparison.Ordinal) is >= 0 and var end)
                message = $"{message[..end]}'.";
        return message;
    }

    // Reads what the server reads, so that a command works on the same installation.
    private static IConfigurationRoot Configuration(string[] settings) =>
        new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build();
}
