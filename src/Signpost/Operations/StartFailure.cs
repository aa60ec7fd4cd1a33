using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Signpost.Hosting;
using Signpost.Journal;
using Signpost.Storage;

namespace Signpost.Operations;

/// <summary>Explains in one line why the machine or the settings prevent the start.</summary>
internal static class StartFailure
{
    /// <summary>The line; null: the error is a bug and needs its stack trace.</summary>
    public static string? Explain(Exception error) =>
        error switch
        {
            StartException or DatabaseDamagedException or JournalDamagedException => error.Message,
            IOException { InnerException: AddressInUseException or SocketException } or SocketException =>
                $"Cannot listen: {error.Message.TrimEnd('.')}. Choose another address with --urls.",
            IOException or UnauthorizedAccessException => error.Message.ReplaceLineEndings(" "),
            _ when Database.IsAway(error) => Line(error.GetBaseException()),
            DbException => Line(error),
            _ => null,
        };

    private static string Line(Exception error) =>
        $"The database cannot be used: {error.Message.ReplaceLineEndings(" ")}";
}
