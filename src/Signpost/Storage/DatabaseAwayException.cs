using System.Data.Common;

namespace Signpost.Storage;

/// <summary>The database must not or cannot be used now; the message says why.</summary>
/// <param name="isRefusal">The database answers, but takes no writes of this server.</param>
internal sealed class DatabaseAwayException(string message, bool isRefusal = false) : DbException(message)
{
    public bool IsRefusal => isRefusal;

    /// <summary>Only a new start of this server helps.</summary>
    public bool IsFinal { get; init; }
}
