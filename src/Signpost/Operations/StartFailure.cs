using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Operations;

/// <summary>Says in one line, to whoever typed the command, what the machine or the settings do not allow.</summary>
internal static class StartFailure
{
    /// <summary>The line; null: this is a mistake of ours, and needs its stack trace.</summary>
    public static string? Explain(Exception error) =>
        error switch
        {
            StartException or DatabaseDamagedException or JournalDamagedException => error.Message,
            IOException { InnerException: AddressInUseException or SocketException } =>
                $"Cannot listen: {error.Message} Choose another address with --urls.",
            IOException or UnauthorizedAccessException => error.Message.ReplaceLineEndings(" "),
            DbException => $"The database cannot be used: {error.Message}",
            _ => null,
        };
}
