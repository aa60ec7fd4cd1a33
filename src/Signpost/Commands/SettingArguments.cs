using Signpost.Hosting;

namespace Signpost.Commands;

/// <summary>Tells settings on the command line from commands and their arguments.</summary>
internal static class SettingArguments
{
    private static readonly string[] Prefixes = ["SIGNPOST_", "OTEL_", "Logging:", "Kestrel:"];

    private static readonly string[] HostSettings =
    [
        "urls",
        "http_ports",
        "https_ports",
        "environment",
        "contentRoot",
        "applicationName",
        "shutdownTimeoutSeconds",
    ];

    /// <summary>Splits arguments. A setting is --NAME=VALUE, --NAME VALUE, /NAME=VALUE, /NAME VALUE or NAME=VALUE.</summary>
    /// <exception cref="StartException">A setting has no value.</exception>
    public static (List<string> Words, string[] Settings) Split(string[] args)
    {
        List<string> words = [];
        List<string> settings = [];
        for (var i = 0; i < args.Length; i++)
        {
            var dashes = args[i] switch
            {
                ['-', '-', ..] => 2,
                ['/', ..] => 1,
                _ => 0,
            };
            var parts = args[i][dashes..].Split('=', 2);
            // A path may begin like a setting, as in /signpost_backups/today.db.
            if (!IsSetting(parts[0]) || parts[0].Contains('/') || (dashes == 0 && parts.Length == 1))
                words.Add(args[i]);
            else if (parts.Length == 2)
                settings.Add(args[i]);
            else if (i + 1 < args.Length)
                settings.AddRange(args[i], args[++i]);
            else
                throw new StartException($"{args[i]} needs a value. Add --help to see what is possible.");
        }
        return (words, [.. settings]);
    }

    private static bool IsSetting(string name) =>
        HostSettings.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
