using Signpost.Hosting;
using Signpost.Journal;

namespace Signpost.Commands;

/// <summary>What the program does besides serving: one word, then its arguments.</summary>
internal static class CommandLine
{
    private const string Usage = """
        Usage: signpost                           serve
               signpost backup FILE               copy the database to FILE, also while the server runs
               signpost restore FILE              put a backup in place of the database (server stopped)
               signpost reset-password EMAIL      set an account's password (server stopped)
               signpost create-key EMAIL          give an account a new API key and print it (server stopped)
               signpost repair-journal            make a damaged click journal readable (server stopped)
        Settings may follow each, as in --SIGNPOST_DATA_DIR=/srv/signpost.
        """;

    /// <summary>Tells a command from settings, which begin with a dash or hold an equals sign.</summary>
    public static bool IsCommand(string[] args) =>
        args is [{ } first, ..]
        && !first.StartsWith('-')
        && !first.StartsWith('/')
        && !first.Contains('=', StringComparison.Ordinal);

    // As the server reads them, or a command would work on another installation than the server in the same place.
    private static IConfigurationRoot Configuration(string[] options) =>
        new ConfigurationBuilder()
            .SetBasePath(Directory.GetCurrentDirectory())
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(options)
            .Build();

    /// <summary>Runs one command; the exit code is 0, or 1 with one line on the error output.</summary>
    public static async Task<int> RunAsync(string[] args, TextReader input, TextWriter output)
    {
        string[] words = [.. args.TakeWhile(arg => !arg.StartsWith("--", StringComparison.Ordinal))];
        var settings = SignpostSettings.Read(Configuration(args[words.Length..]));
        switch (words)
        {
            case ["backup", var file]:
                await Backup.MakeAsync(settings, file, output);
                return 0;
            case ["restore", var file]:
                Backup.Restore(settings, file, TimeProvider.System, output);
                return 0;
            case ["reset-password", var email]:
                await AccountCommands.ResetPasswordAsync(settings, email, input, TimeProvider.System, output);
                return 0;
            case ["create-key", var email]:
                await AccountCommands.CreateKeyAsync(settings, email, TimeProvider.System, output);
                return 0;
            case ["repair-journal"]:
                using (var directory = DataDirectory.Open(settings.DataDirectory))
                    JournalRepair.Run(directory.JournalPath, output);
                return 0;
            case ["help"]:
                output.WriteLine(Usage);
                return 0;
            default:
                throw new StartException(
                    $"There is no command '{string.Join(' ', args)}'.{Environment.NewLine}{Usage}"
                );
        }
    }
}
